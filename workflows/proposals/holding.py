"""What time brings, for the worker: sessions that treat a proposal are over, and those
who were asked to amend theirs have not done so."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import today
from events.models import Session
from workflows.engine import answers, cases, deadlines
from workflows.engine.models import Case, Entry

from . import proposals
from .flows import ProposalFlow
from .models import Proposal

logger = logging.getLogger(__name__)

# A session that was put off or cancelled has not been held.
HELD = (Session.State.ANNOUNCED, Session.State.CLOSED)


def hold_due(limit: int) -> int:
    """Say of at most `limit` planned proposals that they were treated: their session is
    over. Returns of how many."""
    planned = Proposal.objects.filter(
        state=Proposal.State.PLANNED,
        session__state__in=HELD,
        session__ends__lt=timezone.now(),
        case__state=Case.State.OPEN,
    )
    rows = planned.select_related("case__process").order_by("pk")
    return sum(_one(row.case, _hold) for row in rows[:limit])


def replan_due(limit: int) -> int:
    """Look for another session for at most `limit` proposals whose own was cancelled.
    Returns for how many."""
    tasks = Task.objects.filter(
        flow_task=ProposalFlow.answer,
        status__in=(STATUS.NEW, STATUS.ASSIGNED),
        process__case__proposal__state=Proposal.State.PLANNED,
        process__case__proposal__session__state=Session.State.CANCELLED,
    )
    rows = tasks.select_related("process__case").order_by("pk")
    return sum(_one(task, _replan) for task in rows[:limit])


def end_due(limit: int) -> int:
    """End at most `limit` amendments whose time is over; returns how many. Terms that
    are to be reckoned again come first: they may have become longer."""
    late = Task.objects.filter(
        flow_task=ProposalFlow.amend,
        status=STATUS.NEW,
        process__case__state=Case.State.WAITING,
        process__case__answer_by__lt=today(),
    ).exclude(process__case__deadlines__in=deadlines.stale())
    rows = late.select_related("process__case").order_by("pk")
    return sum(_one(task, _lapse) for task in rows[:limit])


def _hold(case: Case) -> bool:
    flow = case.process.flow_class
    with flow.lock(case.process_id), transaction.atomic():
        return proposals.hold(Case.objects.get(pk=case.pk))


def _replan(task: Task) -> bool:
    with task.activation() as activation:
        if task.status not in (STATUS.NEW, STATUS.ASSIGNED):
            return False
        case = activation.process.case
        if case.proposal.session.state != Session.State.CANCELLED:
            return False
        if task.owner_id:
            # She has not done it: nobody has.
            activation.unassign()
        activation.assign(None)
        activation.start(None)
        with override(settings.LANGUAGE_CODE):
            words = gettext("The session was cancelled: it treats it no more.")
        cases.write(case, Entry.Way.NOTE, words)
        proposals.replan(case)
        activation.execute()
    return True


def _lapse(task: Task) -> bool:
    return answers.give(task, proposals.lapse)


def _one(row: Any, act: Callable[[Any], bool]) -> bool:
    try:
        return act(row)
    except Exception as fault:  # noqa: BLE001 — one bad case must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Proposal of %s: %s", row.pk, type(fault).__name__)
        return False
