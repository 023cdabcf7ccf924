"""What time brings, for the worker: hosts that do not amend in time, visits that are
over, rapporteurs who do not act for their bodies any more, opinions that never come."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from viewflow.workflow.base import Node
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import today
from community.models import Membership
from events.models import Appointment
from workflows.engine import answers, deadlines
from workflows.engine.models import Case

from . import deciding, stops, visiting
from .flows import StopFlow
from .models import Pairing, Stop

logger = logging.getLogger(__name__)


def lapse_due(limit: int) -> int:
    """End at most `limit` amendments whose time is over; returns how many."""
    return _each(_late(StopFlow.amend)[:limit], _lapse)


def close_due(limit: int) -> int:
    """Close at most `limit` stops of which the time to say how they went is over;
    returns how many."""
    return _each(_late(StopFlow.evaluate)[:limit], _close)


def _late(node: Node) -> QuerySet[Task]:
    """The steps of that `node` whose time is over. Terms that are to be reckoned again
    come first: they may have become longer."""
    late = Task.objects.filter(
        flow_task=node,
        status=STATUS.NEW,
        process__case__state=Case.State.WAITING,
        process__case__answer_by__lt=today(),
    )
    stale = deadlines.stale()
    return late.exclude(process__case__deadlines__in=stale).order_by("pk")


def hold_due(limit: int) -> int:
    """Say of at most `limit` visits that they were held: they were over a day ago, and
    nobody has said otherwise. Returns of how many."""
    waiting = Task.objects.filter(
        flow_task=StopFlow.visit,
        status__in=stops.OPEN,
        process=OuterRef("case__process"),
    )
    over = Stop.objects.filter(
        Exists(waiting),
        appointment__state=Appointment.State.PLANNED,
        appointment__ends__lt=timezone.now() - visiting.SILENCE,
    )
    rows = over.select_related("case__process").order_by("pk")
    return _each(rows[:limit], stops.hold)


def release_due(limit: int) -> int:
    """Look for somebody else for at most `limit` stops whose rapporteur does not act
    for her body any more, or acts for the host's before she has visited it: two bodies
    may have become one. Returns for how many."""
    hers = Membership.objects.active().filter(user=OuterRef("offer__user"))
    acts = Exists(hers.filter(body=OuterRef("offer__body")))
    is_of_host = Exists(hers.filter(body=OuterRef("stop__body")))
    meeting = Q(stop__appointment__starts__lte=timezone.now())
    has_begun = Q(stop__held__isnull=False) | meeting
    gone = Pairing.objects.under_way().filter(~acts | (is_of_host & ~has_begun))
    rows = gone.select_related("stop__case__process").order_by("pk")
    return _each(rows[:limit], _release)


def _lapse(task: Task) -> bool:
    return answers.give(task, deciding.lapse)


def _close(task: Task) -> bool:
    return answers.give(task, deciding.close)


def _release(pairing: Pairing) -> bool:
    return stops.release(pairing.stop)


def _each(rows: Iterable[Any], act: Callable[[Any], bool]) -> int:
    return sum(_one(row, act) for row in rows)


def _one(row: Any, act: Callable[[Any], bool]) -> bool:
    try:
        return act(row)
    except Exception as fault:  # noqa: BLE001 — one bad case must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Stop of %s: %s", row.pk, type(fault).__name__)
        return False
