"""The appointments of the office with a body, while what was granted is carried out.

Invited are who of the body gets the mails about the request (`reading.readers`) and who
looks after it. Where these become others, the worker has their calendars follow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User
from events import answers, appointments, guests
from events.models import Answer, Appointment
from events.wording import span
from workflows.engine import cases, inbox
from workflows.engine.access import may_work
from workflows.engine.models import Case

from . import reading
from .appointment_mails import MAILS
from .models import RequestAppointment

ARRANGED = "requesting.appointment_arranged"
MOVED = "requesting.appointment_moved"
CANCELLED = "requesting.appointment_cancelled"


def may_arrange(case: Case) -> bool:
    """Whether there can be appointments: it is being carried out."""
    return case.is_active and case.request.is_granted


def arrange(
    case: Case, *, by: User, key: UUID | None = None, **what: Any
) -> Appointment:
    """Have both sides invited to an appointment; `what` it is, as `events.appointments`
    has it. The same `key` once more gives the one that there is. Raises
    PermissionDenied and ValidationError."""
    with _opened(case, by) as found:
        there = Appointment.objects.filter(uuid=key).first() if key else None
        if there:
            return there
        made = appointments.arrange(**what, key=key, by=by)
        row = RequestAppointment.objects.create(
            request=found.request, appointment=made, by=by
        )
        _invite(found, row)
        _say(found, ARRANGED, made, by)
    return made


def move(
    case: Case,
    appointment: Appointment,
    *,
    starts: datetime,
    ends: datetime,
    place: Any,
    by: User,
) -> bool:
    """Hold it at another time or place, and tell both sides. Returns False if nothing
    changed. Raises as `arrange`."""
    with _opened(case, by) as found:
        when = {"starts": starts, "ends": ends, "place": place}
        if not appointments.move(appointment, **when, by=by):
            return False
        _invite(found, appointment.of_request)
        MAILS.tell(guests.told_of(appointment), wait=True)
        _say(found, MOVED, appointment, by)
    return True


def cancel(case: Case, appointment: Appointment, reason: str, by: User) -> bool:
    """Cancel it, and tell both sides why. Returns False if it was so already. Raises as
    `arrange`; nor is what has begun cancelled."""
    with _opened(case, by) as found:
        if appointment.starts <= timezone.now():
            raise ValidationError(_("This appointment has begun already."))
        if not appointments.cancel(appointment, reason=reason, by=by):
            return False
        MAILS.tell(guests.told_of(appointment))
        cases.touch(found)
        log(found, CANCELLED, user=by, data={"reason": f"{appointment}: {reason}"})
    return True


def settle(case: Case, answer: Answer, *, believe: bool, by: User) -> bool:
    """Say whether a doubtful `answer` is the guest's, for whom it came from another
    address. Nobody gets a mail. Returns False if it was settled already. Raises as
    `arrange`."""
    with _opened(case, by) as found:
        if not answers.settle(answer, by=by, believe=believe):
            return False
        action = "events.take_answer" if believe else "events.leave_answer"
        said = f"{answer.guest.user}: {answer.get_rsvp_display()} ({answer.sender})"
        log(found, action, user=by, data={"reason": said})
    return True


def cancel_ahead(case: Case) -> None:
    """A case has ended: nobody meets for it any more."""
    for row in _ahead().filter(request__case=case):
        appointments.cancel(row.appointment)
        MAILS.tell(guests.told_of(row.appointment))


def follow_due(limit: int) -> int:
    """Have those invited who now act for the body or look after the case, and nobody
    else, for at most `limit` appointments; returns of how many this was news."""
    found = _ahead().filter(request__case__state__in=Case.ACTIVE)
    news = 0
    for row in found.select_related("request__case__body")[:limit]:
        with transaction.atomic():
            news += _invite(row.request.case, row)
    return news


def _ahead():
    planned = RequestAppointment.objects.filter(
        appointment__state=Appointment.State.PLANNED,
        appointment__starts__gt=timezone.now(),
    )
    return planned.select_related("appointment", "by")


def _invite(case: Case, row: RequestAppointment) -> bool:
    news = guests.expect(row.appointment, _people(case, row))
    MAILS.tell(news)
    return bool(news)


def _people(case: Case, row: RequestAppointment) -> Iterator[User]:
    """Both sides: the body's, and whoever has the step."""
    yield from reading.readers(case)
    steps = inbox.office_steps().filter(process=case.process_id).exclude(owner=None)
    step = steps.select_related("owner").first()
    ours = step.owner if step else row.by
    if ours and may_work(ours, case):
        yield ours


@contextmanager
def _opened(case: Case, by: User) -> Iterator[Case]:
    """The case as it is now, locked, being carried out, for `by` who works on it."""
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if not may_work(by, found):
            raise PermissionDenied
        if not may_arrange(found):
            raise ValidationError(_("It is not being carried out."))
        yield found


def _say(case: Case, action: str, appointment: Appointment, by: User) -> None:
    cases.touch(case)
    when = span(appointment.starts, appointment.ends)
    log(case, action, user=by, data={"reason": f"{appointment}: {when}"})
