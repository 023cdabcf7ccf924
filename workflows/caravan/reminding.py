"""What is said again, once: that a visit is coming, and that a stop waits for somebody.
Work for the worker."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from viewflow.workflow.models import Task

from community.models import User
from events.models import Appointment
from workflows.engine import letters
from workflows.engine.models import Case

from . import mails, reading
from .flows import StopFlow
from .models import Side, Stop
from .stops import OPEN, case_locked

# So long before a visit both sides hear of it.
BEFORE = timedelta(days=3)
# After so long a stop that waits for somebody says so.
PATIENCE = timedelta(days=7)
# In a step: it has said so.
NUDGED = "nudged"


def remind_due(limit: int) -> int:
    """Tell both sides of at most `limit` visits that they are coming; returns of how
    many. One that is moved is coming anew."""
    coming = Stop.objects.filter(
        case__state__in=Case.ACTIVE,
        appointment__state=Appointment.State.PLANNED,
        appointment__starts__gt=timezone.now(),
        appointment__starts__lt=timezone.now() + BEFORE,
    ).exclude(reminded_of=F("appointment__starts"))
    return sum(_remind(stop) for stop in coming.order_by("pk")[:limit])


def nudge_due(limit: int) -> int:
    """Tell of at most `limit` steps to those for whom they wait; returns of how
    many."""
    nodes = (
        *(StopFlow.asked, StopFlow.dates, StopFlow.chronicle, StopFlow.validate),
        StopFlow.evaluate,
    )
    late = Task.objects.filter(
        flow_task__in=nodes,
        status__in=OPEN,
        created__lt=timezone.now() - PATIENCE,
        process__case__state__in=Case.ACTIVE,
    ).exclude(data__has_key=NUDGED)
    return sum(_nudge(task) for task in late.order_by("pk")[:limit])


def _remind(stop: Stop) -> bool:
    with case_locked(stop) as found:
        meeting = found.appointment
        if meeting is None or not meeting.takes_place or not found.case.is_active:
            return False
        if found.reminded_of == meeting.starts:
            return False
        found.reminded_of = meeting.starts
        found.save(update_fields=["reminded_of"])
        fresh = timezone.now() - meeting.changed < timedelta(days=1)
        if not fresh:
            # Who was told of the date yesterday need not hear of it today.
            letters.tell(mails.SOON, found.case)
            letters.tell(mails.SOON, found.case, reading.rapporteurs(found))
    return not fresh


def _nudge(task: Task) -> bool:
    with task.activation() as activation:
        if task.status not in OPEN or NUDGED in (task.data or {}):
            return False
        task.data = {**(task.data or {}), NUDGED: timezone.now().isoformat()}
        task.save(update_fields=["data"])
        case = activation.process.case
        to = _awaited(task, case.stop)
        is_told = task.flow_task == StopFlow.evaluate
        letters.tell(mails.TO_EVALUATE if is_told else mails.WAITS, case, to)
    return bool(to)


def _awaited(task: Task, stop: Stop) -> list[User]:
    """For whom that step waits."""
    if task.flow_task == StopFlow.evaluate:
        return reading.awaited(stop)
    if task.flow_task == StopFlow.validate:
        return list(reading.readers(stop.case))
    if task.flow_task != StopFlow.dates:
        return reading.rapporteurs(stop)
    # The date: for the side that has marked none.
    marked = stop.possible_dates.filter(starts__gt=timezone.now())
    sides = set(marked.values_list("side", flat=True))
    to = [] if Side.HOST in sides else list(reading.readers(stop.case))
    return to + ([] if Side.RAPPORTEUR in sides else reading.rapporteurs(stop))
