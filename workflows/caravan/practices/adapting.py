"""Other bodies adapt a good practice: who acts for one says so, and a small one may ask
for help with it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from community.acting import mails, memberships
from community.messages import kinds, outbox
from community.messages.kinds import Kind
from community.models import LocalBody, Message, User
from workflows.caravan import parties
from workflows.caravan.models import Adaptation, GoodPractice
from workflows.caravan.settings import CaravanSettings

# Inhabitants: up to so many, the team helps.
SMALL = 5_000

# Stored with every mail.
HELP = "adaptation_help"


def may_ask_for_help(body: LocalBody) -> bool:
    """Whether `body` is small enough; one whose population nobody knows is not."""
    return body.population is not None and body.population <= SMALL


@transaction.atomic
def say(
    practice: GoodPractice,
    body: LocalBody,
    *,
    by: User,
    state: str,
    text: str = "",
    wants_help: bool = False,
) -> Adaptation:
    """`body` adapts `practice`, or wants to, or no more: what was said before is said
    anew. The team is told when it asks for help. Raises PermissionDenied and
    ValidationError."""
    with memberships.locked(body):
        if not parties.may_write(memberships.for_body(by, body)):
            raise PermissionDenied
        if not GoodPractice.objects.public().filter(pk=practice.pk).exists():
            raise ValidationError(_("This good practice is not published any more."))
        if practice.body_id == body.pk:
            raise ValidationError(_("It is a good practice of this body already."))
        if wants_help and not may_ask_for_help(body):
            raise ValidationError(_("Only small bodies can ask for help."))
        before = Adaptation.objects.filter(practice=practice, body=body).first()
        said = {"by": by, "text": text, "state": state, "wants_help": wants_help}
        row, _is_new = Adaptation.objects.update_or_create(
            practice=practice, body=body, defaults=said
        )
        if wants_help and not (before and before.wants_help):
            _tell_team(row)
    return row


def _tell_team(row: Adaptation) -> None:
    """A team without an address finds it in its list."""
    unit = CaravanSettings.load().unit
    if unit is None or not unit.email:
        return
    outbox.queue(
        [
            Message(
                kind=HELP,
                about=row.pk,
                recipient=unit.email,
                language=settings.LANGUAGE_CODE,
            )
        ]
    )


def _write(row: Message) -> EmailMultiAlternatives:
    asked = _asked(row)
    with override(row.language):
        names = {"body": asked.body.name, "title": asked.practice.title}
        words = _("%(body)s wants to adapt “%(title)s” and asks for help.") % names
        letter = mails.Letter(
            subject=_("%(body)s asks for help to adapt a good practice") % names,
            heading=_("A small body asks for help"),
            text=words,
            button=_("See who adapts what"),
            link=mails.absolute(reverse("adaptations:index")),
        )
        return mails.write(row, letter)


def _asked(row: Message) -> Adaptation:
    return Adaptation.objects.select_related("body", "practice").get(pk=row.about)


def _pointless(row: Message) -> str:
    asks = Adaptation.objects.filter(pk=row.about, wants_help=True)
    return "" if asks.exists() else "It asks for help no more."


def register_kind() -> None:
    """At start-up."""
    label = gettext_lazy("Help to adapt a good practice asked for")
    kinds.register(Kind(HELP, label, _write, _pointless))
