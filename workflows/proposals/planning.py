"""Which of the topics that people want a coming session treats: what there is to choose
from, and choosing it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from community.models import User
from events.meetings import providers
from events.models import Series, Session
from workflows.engine import desk
from workflows.engine.access import units_of
from workflows.engine.clock import calendar_of
from workflows.engine.models import Case
from workflows.organising import sessions
from workflows.organising.forms import USUAL, free_code

from . import proposals
from .flows import ProposalFlow
from .models import Proposal, ProposalQuerySet, Support

# So many weeks are looked at, from this one on.
WEEKS = 16
# Where no session has been held yet: Thursdays at ten.
THURSDAY, AT_TEN = 3, time(10)
ALIKE = ("format", "place", "capacity_online", "capacity_in_person", "body_limit")


def to_plan(user: User, series: Series) -> ProposalQuerySet:
    """The proposals for `series` that `user` may give to a session: open for support or
    shortlisted, and of her units."""
    found = Proposal.objects.filter(series=series, state__in=Proposal.SUPPORTED)
    return found.filter(case__state=Case.State.OPEN, case__unit__in=units_of(user))


def count_offers(shown: Iterable[Proposal]) -> dict[int, int]:
    """How many people could tell how they did it, by proposal."""
    rows = Support.objects.filter(proposal__in=list(shown), shares=True).order_by()
    return dict(rows.values_list("proposal").annotate(count=Count("pk")))


# When ---------------------------------------------------------------------------------


@dataclass
class Week:
    """A week by its Monday: the sessions that are held in it and, where there is none,
    the day that is usual, with what is celebrated on it."""

    monday: date
    sessions: list[Session] = field(default_factory=list)
    usual: date | None = None
    holiday: str = ""


class Dates:
    """The coming weeks of a series."""

    def __init__(self, series: Series) -> None:
        self.series = series

    @cached_property
    def last(self) -> Session | None:
        """The latest of its sessions: the next is at the same hour."""
        return self.series.sessions.order_by("-starts").first()

    @cached_property
    def coming(self) -> list[Session]:
        """Those that have not ended and are not cancelled, with what they treat."""
        treated = Proposal.objects.filter(state=Proposal.State.PLANNED)
        treated = treated.select_related("case").order_by("pk")
        rows = self.series.sessions.upcoming(timezone.now())
        return list(
            rows.exclude(state=Session.State.CANCELLED).prefetch_related(
                Prefetch("proposals", treated, "treated")
            )
        )

    @property
    def by_name(self) -> dict[str, Session]:
        """The coming ones as a form names them."""
        return {f"session-{session.pk}": session for session in self.coming}

    @cached_property
    def weeks(self) -> list[Week]:
        """The next few, and the later ones that have a session."""
        today = timezone.localdate()
        first = _monday(today)
        mondays = [first + timedelta(weeks=n) for n in range(WEEKS)]
        by_monday: dict[date, list[Session]] = {monday: [] for monday in mondays}
        for session in self.coming:
            monday = _monday(timezone.localdate(session.starts))
            by_monday.setdefault(monday, []).append(session)
        calendar = calendar_of()
        weeks = []
        for monday, held in sorted(by_monday.items()):
            week = Week(monday, held)
            usual = monday + timedelta(days=self._weekday)
            if not held and usual > today:
                off = calendar.off(usual)
                week.usual = usual
                week.holiday = ", ".join(str(name) for name in off.names) if off else ""
            weeks.append(week)
        return weeks

    @property
    def free(self) -> list[date]:
        return [week.usual for week in self.weeks if week.usual]

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when a session usually is."""
        if self.last is None:
            starts = datetime.combine(timezone.localdate(), AT_TEN)
            return AT_TEN, (starts + USUAL).time()
        starts, ends = (
            timezone.localtime(m) for m in (self.last.starts, self.last.ends)
        )
        return starts.time(), ends.time()

    @property
    def _weekday(self) -> int:
        return timezone.localtime(self.last.starts).weekday() if self.last else THURSDAY


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# Choosing -----------------------------------------------------------------------------


def draft(
    series: Series,
    *,
    title: Any,
    starts: datetime,
    ends: datetime,
    key: UUID,
    by: User,
) -> Session:
    """A new session, with its page, held as the last one of the series was. Raises
    ValidationError as `sessions.create`."""
    if ends <= starts:
        raise ValidationError({"ends": _("The session must end after it starts.")})
    if starts <= timezone.now():
        raise ValidationError({"starts": _("Choose a moment that is still to come.")})
    session = Session(
        uuid=key,
        series=series,
        code=free_code(series.code, timezone.localdate(starts)),
        title=title,
        starts=starts,
        ends=ends,
        provider=providers.offered()[0],
    )
    if last := Dates(series).last:
        for name in ALIKE:
            setattr(session, name, getattr(last, name))
    sessions.create(session, by=by)
    return session


@transaction.atomic
def plan(chosen: Iterable[Proposal], session: Session, by: User) -> None:
    """`session` treats all of `chosen`, or none: raises ValidationError, in words, if
    somebody else has decided about one of them, and as `proposals.plan`."""
    cases = [row.case for row in chosen]
    steps = _steps(cases, (ProposalFlow.choose, ProposalFlow.plan))
    lost = []
    for case in sorted(cases, key=lambda case: case.process_id):
        try:
            if case.process_id not in steps:
                raise desk.Gone(None)
            desk.complete(
                steps[case.process_id],
                lambda case, by: proposals.plan(case, session),
                by,
            )
        except (desk.Gone, desk.Taken):
            lost.append(f"“{case.title}” ({case.number})")
    if lost:
        words = ngettext(
            "Somebody else has it, or has just decided about it: %(which)s. Nothing "
            "was done.",
            "Somebody else has them, or has just decided about them: %(which)s. "
            "Nothing was done.",
            len(lost),
        )
        raise ValidationError(words, params={"which": ", ".join(lost)})


@transaction.atomic
def take_out(proposal: Proposal, by: User) -> None:
    """Its session does not treat it any more, and another is looked for. Raises
    ValidationError if it is not planned, and as `desk.complete`."""
    case = proposal.case
    step = _steps([case], (ProposalFlow.answer,)).get(case.process_id)
    planned = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.PLANNED)
    if step is None or not planned.exists():
        raise ValidationError(_("No session is to treat it any more."))
    desk.complete(step, lambda case, by: proposals.replan(case), by)


def _steps(cases: list[Case], nodes: tuple) -> dict[int, Task]:
    """The open step of each process, of those `nodes`, with all of them locked: in one
    order, so that two who plan the same wait for each other."""
    keys = [case.process_id for case in cases]
    list(Process.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    tasks = Task.objects.filter(
        process__in=keys,
        flow_task__in=nodes,
        status__in=(STATUS.NEW, STATUS.ASSIGNED),
    )
    return {task.process_id: task for task in tasks}
