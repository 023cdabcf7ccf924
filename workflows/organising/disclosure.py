"""Who has looked at what people wrote, or taken it out of here."""

from datetime import datetime, timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.models import Message, User
from community.privacy.register import YEAR, Entry
from community.privacy.retention import ACCOUNTABILITY
from events.models import Registration, Session
from workflows.engine import disclosure as of_cases

OPENED = "events.list_people"
TAKEN_OUT = "events.export_people"
PERSON_OPENED = "events.open_person"
MAIL_READ = "events.read_mail"
MAILS_LISTED = "events.list_mails"
ACTIONS = (
    OPENED,
    TAKEN_OUT,
    PERSON_OPENED,
    MAIL_READ,
    MAILS_LISTED,
    *of_cases.ACTIONS,
)

# Going back and forth is one visit.
VISIT = timedelta(hours=1)

KEPT = 2 * YEAR


def opened(session: Session, *, by: User) -> None:
    """Write into the history of `session` that `by` opened its list of people, at
    most once in each hour."""
    _visited(session, OPENED, by=by, data={"session": session.pk})


def taken_out(session: Session, *, by: User, how: str, people: int) -> None:
    """Write that `by` exported or printed (`how`) the list of so many people."""
    data = {"session": session.pk, "how": how, "people": people}
    log(session, TAKEN_OUT, user=by, data=data)


def person_opened(registration: Registration, *, by: User) -> None:
    """Write that `by` looked at what one person wrote, at most once in each hour."""
    _visited(registration, PERSON_OPENED, by=by, data=_of(registration))


def mail_read(mail: Message, registration: Registration | None, *, by: User) -> None:
    """Write that `by` read a mail as its reader sees it, at most once in each hour.
    `registration` is what it is about, if it is about one."""
    data = _of(registration) if registration else {}
    _visited(mail, MAIL_READ, by=by, data=data)


def mails_listed(*, by: User) -> None:
    """Write that `by` went through the list of mails, which has everybody's address,
    at most once in each hour."""
    _visited(by, MAILS_LISTED, by=by, data={})


def entries() -> QuerySet[ModelLogEntry]:
    """Everything that was written so, the latest first."""
    return ModelLogEntry.objects.filter(action__in=ACTIONS)


def _of(registration: Registration) -> dict[str, int]:
    return {"session": registration.session_id, "registration": registration.pk}


def _visited(record: Model, action: str, *, by: User, data: dict[str, int]) -> None:
    visits = logs.get_logs_for_instance(record).filter(action=action, user=by)
    if not visits.filter(timestamp__gt=timezone.now() - VISIT).exists():
        log(record, action, user=by, data=data)


def _old(now: datetime) -> QuerySet[ModelLogEntry]:
    return entries().filter(timestamp__lt=now - KEPT)


RETENTION = Entry(
    name="disclosures",
    models=("wagtailcore.ModelLogEntry",),
    what=_("Who of the staff read lists of people, or took them out"),
    purpose=_("To be able to tell people who saw what they wrote"),
    basis=ACCOUNTABILITY,
    term=KEPT,
    since=_("after it was read"),
    kept=_("Nothing"),
    rows=entries,
    due=_old,
)
