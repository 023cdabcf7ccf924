"""The domains of bodies' mail addresses, and what they say of whose an address is."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.models import BodyDomain, LocalBody, User

ADDED = "community.domain_added"
REMOVED = "community.domain_removed"

DOMAIN = re.compile(r"([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")

# Where anybody gets an address: it says nothing of whom one works for.
_PROVIDERS = """
aol.com eresmas.com fastmail.com gmail.cat gmail.com gmx.com gmx.es gmx.net
googlemail.com hey.com hotmail.cat hotmail.com hotmail.es hotmail.fr icloud.com
inbox.com jazztel.es laposte.net live.com live.es mac.com mail.com mail.ru me.com
menta.net mixmail.com movistar.es msn.com ono.com orange.es outlook.com outlook.es
pm.me posteo.net proton.me protonmail.ch protonmail.com riseup.net telefonica.net
terra.com terra.es tinet.cat tuta.com tutanota.com vodafone.es wanadoo.es
web.de ya.com yahoo.com yahoo.es yandex.com zoho.com zohomail.eu
"""
PUBLIC_PROVIDERS = frozenset(_PROVIDERS.split())


def as_domain(text: str) -> str:
    """`text` as a domain is kept: small letters, as registries write it (RFC 3490).
    An address may stand for its domain. Raises ValidationError."""
    name = text.strip().casefold().rpartition("@")[2].strip(".")
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if len(name) > 253 or not DOMAIN.fullmatch(name):
        raise ValidationError(_("Write a domain, such as ajuntament.cat."))
    if name in PUBLIC_PROVIDERS:
        words = _("Anybody can have an address of %(domain)s: it is no body's own.")
        raise ValidationError(words, params={"domain": name})
    return name


def body_of(address: str) -> LocalBody | None:
    """The one body whose people have addresses of the domain of `address`; None if it
    is nobody's, or several bodies share it. A domain says nothing of those under it."""
    try:
        name = as_domain(address)
    except ValidationError:
        return None
    found = BodyDomain.objects.filter(domain=name).select_related("body")[:2]
    return found[0].body if len(found) == 1 else None


def add(body: LocalBody, text: str, by: User) -> bool:
    """Write down that the people of `body` have addresses of a domain. Returns False
    if it was known. Raises ValidationError."""
    with transaction.atomic():
        row, new = BodyDomain.objects.get_or_create(body=body, domain=as_domain(text))
        if new:
            log(body, ADDED, user=by, data={"domain": row.domain})
    return new


def remove(row: BodyDomain, by: User) -> None:
    """Forget it. Whoever acts for the body by it goes on."""
    with transaction.atomic():
        log(row.body, REMOVED, user=by, data={"domain": row.domain})
        row.delete()
