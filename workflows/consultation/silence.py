"""Applicants who do not answer: work for the worker, not for a flow's timer, since a
term may stand still or be made longer."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import today
from workflows.engine import answers, deadlines
from workflows.engine.models import Case

from . import consultations
from .flows import ConsultationFlow

logger = logging.getLogger(__name__)

# For so long we hope to hear whether the answer was useful.
OPINION = timedelta(days=30)


def end_due(limit: int) -> int:
    """End at most `limit` steps of applicants whose time is over; returns how many.
    Terms that are to be reckoned again come first: they may have become longer."""
    late = Q(
        flow_task=ConsultationFlow.reply,
        process__case__state=Case.State.WAITING,
        process__case__answer_by__lt=today(),
    ) & ~Q(process__case__deadlines__in=deadlines.stale())
    old = Q(flow_task=ConsultationFlow.opinion, created__lt=timezone.now() - OPINION)
    found = Task.objects.filter(late | old, status=STATUS.NEW).order_by("pk")
    return sum(_ended(task) for task in found[:limit])


def _ended(task: Task) -> bool:
    is_reply = task.flow_task == ConsultationFlow.reply
    try:
        return answers.give(task, consultations.lapse if is_reply else _nothing)
    except Exception as fault:  # noqa: BLE001 — one bad case must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Silence in task %s: %s", task.pk, type(fault).__name__)
        return False


def _nothing(case: Case) -> None:
    """No opinion is an opinion too."""
