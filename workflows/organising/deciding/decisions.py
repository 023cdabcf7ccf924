"""What is decided about a registration in its case. The verbs of `events` do it; the
flow calls these with the case locked, and moves on when they return.

Raises ValidationError, and nothing is done, where the registration needs nobody any
more: somebody has decided on the session's screen, or the person has.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from community.messages import outbox, suppressions
from community.models import Message, User
from events import registrations
from events.models import Registration
from workflows.engine import cases
from workflows.engine.models import Case, Entry

from . import outcomes

MAY = "events.change_registration"


def approve(case: Case, by: User) -> None:
    """Let it in: a place if one is free, or else the waiting list."""
    registration = _of(case, by)
    _settle(case, outcomes.APPROVED, registrations.approve(registration, by=by))


def decline(case: Case, reason: str, by: User) -> None:
    """Do not let it in; the mail says why."""
    registration = _of(case, by)
    done = registrations.decline(registration, by=by, reason=reason)
    _settle(case, outcomes.DECLINED, done)


def let_in(case: Case, note: str, by: User) -> None:
    """Give it a place though its body has as many as each may have."""
    registration = _of(case, by)
    waits = registration.state == Registration.State.WAITING
    reason = note or case.number
    done = waits and registrations.grant(registration, by=by, reason=reason)
    _settle(case, outcomes.LET_IN, done)


def leave_waiting(case: Case, by: User) -> None:
    """Leave it where it is: the list moves on as always."""
    registration = _of(case, by)
    waits = registration.state == Registration.State.WAITING
    _settle(case, outcomes.LEFT_WAITING, waits)


def turn_away(case: Case, reason: str, by: User) -> None:
    """Take it off the waiting list; the mail says why."""
    registration = _of(case, by)
    done = registrations.turn_away(registration, by=by, reason=reason)
    _settle(case, outcomes.TURNED_AWAY, done)


def correct_address(case: Case, email: str, by: User) -> None:
    """Write to another address from now on, and tell there how things stand."""
    registration = _of(case, by)
    try:
        done = registrations.correct_address(registration, email, by=by)
    except registrations.HasPlace as taken:
        words = _("This address is registered for the session too: merge the two.")
        raise ValidationError({"email": words}) from taken
    _put_aside(registration, by)
    _settle(case, outcomes.CORRECTED, done)


def write_again(case: Case, reason: str, by: User) -> None:
    """Write to the address again, for a `reason` that its history keeps, and tell
    there how things stand."""
    registration = _of(case, by)
    mark = suppressions.suppression_of(registration.email)
    done = (
        registration.is_active
        and mark is not None
        and mark.pk == case.decision.mark
        and suppressions.lift(mark, by=by, reason=reason)
    )
    if done:
        registrations.tell_standing(registration)
        _put_aside(registration, by)
    _settle(case, outcomes.WRITTEN_AGAIN, done)


def reached(case: Case, by: User) -> None:
    """The person knows, by telephone or otherwise; no mail goes there."""
    registration = _of(case, by)
    _put_aside(registration, by)
    _settle(case, outcomes.REACHED, registration.is_active)


def cancel(case: Case, by: User) -> None:
    """Give the place to the next. No mail goes where none arrives."""
    registration = _of(case, by)
    reason = Registration.Reason.STAFF
    done = registrations.cancel(registration, reason, by=by, notify=False)
    _put_aside(registration, by)
    _settle(case, outcomes.CANCELLED, done)


def add_note(case: Case, text: str, by: User) -> None:
    """Write down what only the staff read; nothing if there is nothing to say."""
    if text:
        cases.write(case, Entry.Way.NOTE, text, by)


def _of(case: Case, by: User) -> Registration:
    """The registration, for who may decide about people."""
    if not by.has_perm(MAY):
        raise PermissionDenied
    rows = Registration.objects.select_related("session__series", "body")
    return rows.get(decisions__case=case)


def _settle(case: Case, outcome: str, done: bool) -> None:
    if not done:
        raise ValidationError(
            _(
                "This has been settled meanwhile, on the session’s screen or by the "
                "person: nothing was done. What you wrote is still here."
            )
        )
    cases.finish(case, outcome)


def _put_aside(registration: Registration, by: User) -> None:
    """Nobody need see to the mails that did not arrive: somebody does just now."""
    failed = Message.objects.filter(
        order_key=registration.thread, state=Message.State.FAILED
    )
    outbox.put_all_aside(failed, by=by)
