"""Figures of requests: how many, how long, whether in time, and since when nothing has
happened. A fixed number of queries finds them, however many requests there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import today
from workflows.engine.inbox import OPEN
from workflows.engine.models import Case, Deadline, Suspension
from workflows.engine.nodes import ApplicantTask, StaffTask

from .kind import KIND
from .models import RequestQuerySet
from .requests import FINISHED, WITH_INCIDENTS, Decision


class Dimension(NamedTuple):
    """What requests are told apart by: where its key and its words are."""

    label: Promise
    key: str
    words: str


DIMENSIONS = {
    "resource": Dimension(_("Resource"), "resource__code", "resource__name"),
    "unit": Dimension(_("Unit"), "case__unit__code", "case__unit__name"),
    "comarca": Dimension(_("County"), "body__comarca", "body__comarca"),
    "year": Dimension(_("Year of the catalogue"), "edition__year", "edition__year"),
}

# How a request stands, in the order in which it goes; and how it ends.
OFFICE, AMENDING, EXECUTION, CLOSED = "office", "amending", "execution", "closed"
STAGES = {
    OFFICE: _("with the office, to be decided"),
    AMENDING: _("with the body, to be amended"),
    EXECUTION: _("granted, being carried out"),
    **KIND.outcomes,
    CLOSED: _("closed by the office"),
}

# How a term ended, or goes.
MET, LATE, PAST, RUNNING, STANDING = "met", "late", "past", "running", "standing"
OVER = (MET, LATE, PAST)
TERMS = {
    MET: _("decided in time"),
    LATE: _("decided late"),
    PAST: _("past, and not decided"),
    RUNNING: _("running"),
    STANDING: _("standing still"),
}


class Row(NamedTuple):
    """What is known of one request; `place` says of which resource, unit … it is."""

    case: int
    process: int
    number: str
    state: str
    outcome: str
    decision: str
    received: datetime
    released: datetime | None
    finished: datetime | None
    last_action: datetime
    place: str | int

    @property
    def is_active(self) -> bool:
        return self.finished is None

    @property
    def is_granted(self) -> bool:
        """Whether the body was told so; of what is only prepared nothing is said."""
        return self.released is not None and self.decision == Decision.GRANT

    @property
    def is_denied(self) -> bool:
        return self.released is not None and self.decision == Decision.DENY

    @property
    def is_undecided(self) -> bool:
        """Whether it is still to be decided."""
        return self.is_active and self.released is None

    @property
    def is_carried_out(self) -> bool:
        return self.outcome in (FINISHED, WITH_INCIDENTS)

    @property
    def stage(self) -> str:
        """Which of the `STAGES`."""
        if not self.is_active:
            return self.outcome if self.outcome in STAGES else CLOSED
        if self.released:
            return EXECUTION
        return AMENDING if self.state == Case.State.WAITING else OFFICE

    @property
    def days_still(self) -> int:
        """How many days ago somebody did something last."""
        return (today() - timezone.localdate(self.last_action)).days


_COLUMNS = (
    *("case", "case__process", "case__number", "case__state", "case__outcome"),
    "decision",
    *("case__created", "released", "case__finished", "case__last_action"),
)


def until_decided(rows: Iterable[Row]) -> list[timedelta]:
    """How long each of them that are decided took."""
    return [row.released - row.received for row in rows if row.released]


class Step(NamedTuple):
    """A step of a request: how long each took, and how many are there now."""

    title: str
    lengths: list[timedelta]
    now: int


class Figures:
    """Of `requests`, told apart by one of the `DIMENSIONS`."""

    def __init__(self, requests: RequestQuerySet, by: str) -> None:
        self.requests = requests.order_by()
        names = (*_COLUMNS, DIMENSIONS[by].key)
        self.rows = [Row(*found) for found in self.requests.values_list(*names)]

    @cached_property
    def steps(self) -> list[Step]:
        """One that came again, or was taken back, counts with what it took before; that
        of a request which is in it now does not count yet."""
        spent: dict = {node: defaultdict(timedelta) for node in _nodes()}
        now: dict = {node: set() for node in spent}
        processes = [row.process for row in self.rows]
        tasks = Task.objects.filter(process__in=processes, flow_task__in=list(spent))
        tasks = tasks.order_by()
        columns = ("process", "flow_task", "status", "created", "finished")
        for process, node, status, created, finished in tasks.values_list(*columns):
            if status in (STATUS.DONE, STATUS.REVIVED):
                spent[node][process] += finished - created
            elif status in OPEN:
                now[node].add(process)
        return [
            Step(
                str(node.task_title),
                [took for key, took in spent[node].items() if key not in now[node]],
                len(now[node]),
            )
            for node in spent
        ]

    @cached_property
    def term_of(self) -> dict[int, str]:
        """Which of the `TERMS` that to decide is, by case. One that was withdrawn,
        or closed, before it was decided had no need of it."""
        decided = {row.case for row in self.rows if row.released}
        terms = Deadline.objects.filter(
            whose=Deadline.Whose.OURS, case__in=self._cases()
        )
        columns = ("case", "due", "closed")
        return {
            case: _term(due, closed)
            for case, due, closed in terms.order_by().values_list(*columns)
            if closed is None or case in decided
        }

    def running(self, row: Row) -> timedelta:
        """How long a decision took, without the days in which its term stood still."""
        took = row.released - row.received if row.released else timedelta()
        return max(took - self._stood_still[row.case], timedelta())

    @cached_property
    def _stood_still(self) -> dict[int, timedelta]:
        spans = Suspension.objects.filter(
            deadline__whose=Deadline.Whose.OURS,
            deadline__case__in=self._cases(),
            until__isnull=False,
        )
        found: dict[int, timedelta] = defaultdict(timedelta)
        columns = ("deadline__case", "since", "until")
        for case, since, until in spans.order_by().values_list(*columns):
            found[case] += until - since
        return found

    def _cases(self) -> list[int]:
        # Named one by one: of a query within a query PostgreSQL may guess, where tables
        # have grown since it last looked at them, that it finds one row, and compare
        # every case with every term.
        return [row.case for row in self.rows]


def _nodes() -> list[StaffTask | ApplicantTask]:
    """The steps that people do, as the flow tells them: Viewflow knows them by name."""
    found = []
    for flow in KIND.flows:
        told = list(vars(flow))
        ours = [
            node
            for node in flow.instance.nodes()
            if isinstance(node, StaffTask | ApplicantTask)
        ]
        found += sorted(ours, key=lambda node, told=told: told.index(node.name))
    return found


def _term(due: date | None, closed: date | None) -> str:
    if closed:
        return LATE if due and closed > due else MET
    if due is None:
        return STANDING
    return PAST if due < today() else RUNNING
