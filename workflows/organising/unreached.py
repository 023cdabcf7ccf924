"""The unit of a session is told when mail to its people does not arrive."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.messages import outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.models import Message, Suppression
from events.models import Registration, RegistrationQuerySet, Session

from .access import without_mail

# Those of one morning are told together.
GATHER = timedelta(minutes=30)


def tell_units(suppression: Suppression, **_signal: Any) -> None:
    """Queue a mail to the unit of each session to come that the reader of the address
    is registered for. A unit without an address finds it on its first screen."""
    mine = Registration.objects.of_address(suppression.email).to_come(timezone.now())
    outbox.queue(
        Message(
            kind=KIND.name,
            about=row.session_id,
            recipient=row.session.series.unit.email,
            language=settings.LANGUAGE_CODE,
            next_try=timezone.now() + GATHER,
            dedupe_key=f"{KIND.name}:{row.session_id}",
        )
        for row in mine.select_related("session__series__unit")
        if row.session.series.unit.email
    )


def _unreached(row: Message) -> RegistrationQuerySet:
    mine = Registration.objects.filter(session=row.about)
    return without_mail(mine.to_come(timezone.now()))


def _write(row: Message) -> EmailMultiAlternatives:
    people = reverse("sessions:people", args=[row.about])
    context = {
        "session": Session.objects.get(pk=row.about),
        "people": _unreached(row).count(),
        # Whose it is, is read after signing in.
        "links": {"people": f"{settings.SITE_URL}{people}?mail=none"},
    }
    return compose(
        KIND.name, recipient=row.recipient, language=row.language, context=context
    )


def _settled(row: Message) -> str:
    return "" if _unreached(row).exists() else "Mail arrives, or they do not come."


KIND = Kind("people_unreached", _("People whom mail does not reach"), _write, _settled)
