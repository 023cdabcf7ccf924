"""Who has looked at the list of those who come, or taken it out of here."""

from datetime import timedelta

from django.utils import timezone
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs

from community.models import User
from events.models import Session

OPENED = "events.list_people"
TAKEN_OUT = "events.export_people"
ACTIONS = (OPENED, TAKEN_OUT)

# Going back and forth is one visit.
VISIT = timedelta(hours=1)


def opened(session: Session, *, by: User) -> None:
    """Write into the history of `session` that `by` opened its list of people, at
    most once in each hour."""
    visits = logs.get_logs_for_instance(session).filter(action=OPENED, user=by)
    if not visits.filter(timestamp__gt=timezone.now() - VISIT).exists():
        log(session, OPENED, user=by)


def taken_out(session: Session, *, by: User, how: str, people: int) -> None:
    """Write that `by` exported or printed (`how`) the list of so many people."""
    log(session, TAKEN_OUT, user=by, data={"how": how, "people": people})
