"""What keeps robots from the public forms, without a third party or a puzzle.

A network address alone has a limit that no town hall reaches, which has one for
everybody.
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

WINDOW = timedelta(hours=1)
# Mails that one address may be sent by forms, and people who may ask the very same.
PER_ADDRESS = 10
PER_TEXT = 20
# Forms that are sent from one network address.
PER_NETWORK = 120
# Shorter questions are alike by chance.
TELLING = 30

_signer = TimestampSigner(salt="form")


def stamp() -> str:
    """A word that says, to `check_pace` alone, when a form was shown."""
    return _signer.sign("shown")


def check_pace(stamped: str) -> None:
    """Raise ValidationError if a form comes back faster than anybody can write.

    A form without the word passes: it may be an old one, in a browser's memory.
    """
    try:
        _signer.unsign(stamped, max_age=settings.FORM_SECONDS)
    except BadSignature:
        # Older than that, or not ours.
        return
    raise ValidationError(
        _("That was very quick. If you are a person, send it once more, please."),
        code="quick",
    )


def check_number(address: str, text: str = "") -> None:
    """Raise ValidationError if forms name `address`, or say `text`, too often."""
    if _count("address", address.lower()) > PER_ADDRESS:
        raise ValidationError(
            _("We have written to this address many times. Try again in an hour."),
            code="often",
        )
    check_text(text)


def check_text(text: str) -> None:
    """Raise ValidationError if forms say `text` too often."""
    if len(text) >= TELLING and _count("text", " ".join(text.split())) > PER_TEXT:
        raise ValidationError(
            _("Many people have written this very text. Write it in your words."),
            code="often",
        )


def check_network(address: str) -> None:
    """Raise ValidationError if more forms come from the network `address` than from a
    whole town hall."""
    if _count("network", address) > PER_NETWORK:
        raise ValidationError(
            _(
                "Very many forms come from your network. Wait an hour, or write to us "
                "by mail."
            ),
            code="often",
        )


def _count(what: str, value: str) -> int:
    # Only a digest: the cache is no place for personal data.
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{value}".encode()).hexdigest()
    key = f"forms-{what}-{digest}"
    cache.add(key, 0, WINDOW.total_seconds())
    try:
        return cache.incr(key)
    except ValueError:  # It ran out between the two.
        return 1
