"""How the cases of registrations end. Stored with each case."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from events.models import Registration, Session
from workflows.organising.models import Decision

Cause = Decision.Cause
Reason = Registration.Reason

# Decided in the case.
APPROVED, DECLINED = "approved", "declined"
LET_IN, LEFT_WAITING, TURNED_AWAY = "let_in", "left_waiting", "turned_away"
CORRECTED, WRITTEN_AGAIN = "corrected", "written_again"
REACHED, CANCELLED = "reached", "cancelled"
# By themselves.
ELSEWHERE, GIVEN_UP, OVER = "elsewhere", "given_up", "over"
HAS_PLACE, IN_TURN, ARRIVES = "has_place", "in_turn", "arrives"

WORDS = {
    APPROVED: _("approved"),
    DECLINED: _("not approved"),
    LET_IN: _("let in over the places of its body"),
    LEFT_WAITING: _("left on the waiting list"),
    TURNED_AWAY: _("taken off the waiting list"),
    CORRECTED: _("address corrected"),
    WRITTEN_AGAIN: _("written to again"),
    REACHED: _("told otherwise"),
    CANCELLED: _("registration cancelled"),
    ELSEWHERE: _("decided on the session’s screen"),
    GIVEN_UP: _("the person gave it up"),
    OVER: _("too late: the session has begun, or is off"),
    HAS_PLACE: _("it has got a place"),
    IN_TURN: _("it waits its turn as all do"),
    ARRIVES: _("mail arrives, or is not wanted"),
}
# What a registration says of why it was cancelled, if the person did it.
BY_PERSON = (Reason.PERSON, Reason.NOT_ME, Reason.REFUSED, Reason.EXPIRED)


def by_itself(cause: str, registration: Registration, now: datetime) -> str:
    """How a case ends whose `cause` is gone from `registration`."""
    if not registration.is_active:
        return GIVEN_UP if registration.reason in BY_PERSON else ELSEWHERE
    if cause == Cause.LIMIT and registration.state in Registration.HOLDING:
        return HAS_PLACE
    if _is_over(cause, registration, now):
        return OVER
    return {
        Cause.APPROVAL: ELSEWHERE,
        Cause.LIMIT: IN_TURN,
        Cause.ADDRESS: ARRIVES,
    }[Cause(cause)]


def _is_over(cause: str, registration: Registration, now: datetime) -> bool:
    session = registration.session
    if cause == Cause.LIMIT:
        return session.state != Session.State.ANNOUNCED or session.starts <= now
    rows = Registration.objects.filter(pk=registration.pk)
    return not rows.to_come(now).exists()
