"""Bodies that do not amend in time: work for the worker, not for a flow's timer, since
a term may stand still or be made longer."""

import logging

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import today
from workflows.engine import answers, deadlines
from workflows.engine.models import Case

from . import requests
from .flows import RequestFlow

logger = logging.getLogger(__name__)


def end_due(limit: int) -> int:
    """End at most `limit` amendments whose time is over; returns how many. Terms that
    are to be reckoned again come first: they may have become longer."""
    late = Task.objects.filter(
        flow_task=RequestFlow.amend,
        status=STATUS.NEW,
        process__case__state=Case.State.WAITING,
        process__case__answer_by__lt=today(),
    ).exclude(process__case__deadlines__in=deadlines.stale())
    return sum(_ended(task) for task in late.order_by("pk")[:limit])


def _ended(task: Task) -> bool:
    try:
        return answers.give(task, requests.lapse)
    except Exception as fault:  # noqa: BLE001 — one bad case must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Silence in task %s: %s", task.pk, type(fault).__name__)
        return False
