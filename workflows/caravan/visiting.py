"""The visit of a stop: when it is, who is expected at it, what else is on that day.

Invited are who of the host gets the mails about the stop (`reading.readers`), its
rapporteur and who looks after it. Where these become others, the worker has their
calendars follow.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from community.models import User
from events import appointments, guests
from events.models import Appointment, Session
from events.wording import span
from workflows.engine import cases, inbox
from workflows.engine.access import may_work
from workflows.engine.models import Case

from . import reading
from .appointment_mails import MAILS
from .models import PossibleDate, Side, Stop, StopAppointment

FIXED = "caravan.visit_fixed"
MOVED = "caravan.visit_moved"
CANCELLED = "caravan.visit_cancelled"

# Nobody has said otherwise: it counts as held so long after its end.
SILENCE = timedelta(days=1)
# A side marks at most so many moments.
MOST_DATES = 10


class Conflict(NamedTuple):
    """Something else on the day of a visit: a session, or another stop."""

    starts: datetime
    what: str


class Possible(NamedTuple):
    """A moment that was marked: by which sides, and what else is on that day."""

    starts: datetime
    sides: list[str]
    conflicts: list[Conflict]

    @property
    def suits_both(self) -> bool:
        return len(self.sides) == len(Side)


def conflicts(days: Iterable[date], stop: Stop) -> dict[date, list[Conflict]]:
    """By day, the sessions and the other stops on `days`, in the time of the house. As
    many queries for many days as for one."""
    days = set(days)
    if not days:
        return {}
    first, last = (
        timezone.make_aware(datetime.combine(day, time()))
        for day in (min(days), max(days) + timedelta(days=1))
    )
    sessions = Session.objects.filter(
        state__in=(Session.State.ANNOUNCED, Session.State.CLOSED),
        starts__gte=first,
        starts__lt=last,
    )
    others = StopAppointment.objects.filter(
        appointment__state=Appointment.State.PLANNED,
        appointment__starts__gte=first,
        appointment__starts__lt=last,
    ).exclude(stop=stop.pk)
    rows = [Conflict(row.starts, str(row.title)) for row in sessions]
    for row in others.select_related("appointment", "stop__body"):
        what = f"{row.stop.title} · {row.stop.body.name}"
        rows.append(Conflict(row.appointment.starts, what))
    found: dict[date, list[Conflict]] = {day: [] for day in days}
    for row in sorted(rows):
        if (day := timezone.localdate(row.starts)) in found:
            found[day].append(row)
    return found


def possible(stop: Stop) -> list[Possible]:
    """The moments to come that were marked, those that suit both sides first."""
    rows = PossibleDate.objects.filter(stop=stop, starts__gt=timezone.now())
    marked: dict[datetime, list[str]] = {}
    for row in rows.order_by("starts", "side"):
        marked.setdefault(row.starts, []).append(row.get_side_display())
    busy = conflicts((timezone.localdate(starts) for starts in marked), stop)
    found = [
        Possible(starts, sides, busy[timezone.localdate(starts)])
        for starts, sides in marked.items()
    ]
    return sorted(found, key=lambda one: (not one.suits_both, one.starts))


def mark(stop: Stop, side: Side, moments: list[datetime], by: User) -> None:
    """Have `side` able on those `moments`, and on no others. Raises ValidationError
    where one is past, or they are too many. Call it with the case locked."""
    moments = sorted(set(moments))
    known = set(stop.possible_dates.filter(side=side).values_list("starts", flat=True))
    now = timezone.now()
    if any(moment <= now and moment not in known for moment in moments):
        raise ValidationError(_("Choose moments that are still to come."))
    if len(moments) > MOST_DATES:
        raise ValidationError(
            _("Mark at most %(most)d moments."), params={"most": MOST_DATES}
        )
    stop.possible_dates.filter(side=side).exclude(starts__in=moments).delete()
    for moment in moments:
        if moment not in known:
            stop.possible_dates.create(side=side, starts=moment, by=by)


# The meeting --------------------------------------------------------------------------


def fix(case: Case, *, by: User, **what: Any) -> Appointment:
    """Have both sides and the team invited to the visit; `what` it is, as
    `events.appointments` has it, but for its title. Raises ValidationError."""
    stop = case.stop
    made = appointments.arrange(title=_title(stop), **what, by=by)
    row = StopAppointment.objects.create(stop=stop, appointment=made, by=by)
    stop.appointment = made
    stop.save(update_fields=["appointment"])
    _invite(case, row)
    _say(case, FIXED, made, by)
    return made


def move(case: Case, *, starts: datetime, ends: datetime, place: str, by: User) -> bool:
    """Hold it at another time or place, and tell all of them. Returns False if nothing
    changed. Raises ValidationError."""
    appointment = case.stop.appointment
    where = {"starts": starts, "ends": ends, "place": place}
    if not appointments.move(appointment, **where, by=by):
        return False
    _invite(case, appointment.of_visit)
    MAILS.tell(guests.told_of(appointment))
    _say(case, MOVED, appointment, by)
    return True


def call_off(case: Case, reason: str, by: User | None = None) -> bool:
    """It does not take place on that day: all of them are told why, and its day is to
    be found again. Returns False if none was fixed, or it was held."""
    stop = case.stop
    if stop.appointment is None or stop.held:
        return False
    appointment = stop.appointment
    stop.appointment = None
    stop.save(update_fields=["appointment"])
    if not _cancel(appointment, reason, by):
        return False
    _say(case, CANCELLED, appointment, by, reason)
    return True


def is_long_over(appointment: Appointment) -> bool:
    """Whether it counts as held, unless somebody says otherwise."""
    return appointment.takes_place and appointment.ends < timezone.now() - SILENCE


def cancel_ahead(case: Case) -> None:
    """A case has ended: nobody meets for it any more."""
    for row in _ahead().filter(stop__case=case):
        _cancel(row.appointment, "", None)


def follow_due(limit: int) -> int:
    """Have those invited who now answer for the host, tell of the stop or look after
    it, and nobody else, for at most `limit` visits; returns of how many this was
    news."""
    rows = _ahead().filter(stop__case__state__in=Case.ACTIVE)
    news = 0
    for row in rows.select_related("stop__case__body", "stop__case__process")[:limit]:
        with transaction.atomic():
            news += _invite(row.stop.case, row)
    return news


def _title(stop: Stop) -> LazyI18nString:
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = (_("Caravan: %(title)s") % {"title": stop.title})[:200]
    return LazyI18nString(said)


def _cancel(appointment: Appointment, reason: str, by: User | None) -> bool:
    if not appointments.cancel(appointment, reason=reason, by=by):
        return False
    MAILS.tell(guests.told_of(appointment))
    return True


def _ahead():
    planned = StopAppointment.objects.filter(
        appointment__state=Appointment.State.PLANNED,
        appointment__starts__gt=timezone.now(),
    )
    return planned.select_related("appointment", "by")


def _invite(case: Case, row: StopAppointment) -> bool:
    news = guests.expect(row.appointment, _people(case, row))
    MAILS.tell(news)
    return bool(news)


def _people(case: Case, row: StopAppointment) -> Iterator[User]:
    """The host's, the rapporteur, and whoever has the step."""
    yield from reading.readers(case)
    yield from reading.rapporteurs(row.stop)
    steps = inbox.office_steps().filter(process=case.process_id).exclude(owner=None)
    step = steps.select_related("owner").first()
    ours = step.owner if step else row.by
    if ours and may_work(ours, case):
        yield ours


def _say(
    case: Case, action: str, appointment: Appointment, by: User | None, reason: str = ""
) -> None:
    cases.touch(case)
    words = span(appointment.starts, appointment.ends)
    said = f"{words}: {reason}" if reason else words
    log(case, action, user=by, data={"reason": said})
