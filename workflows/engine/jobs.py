"""How the steps of the worker are done.

What is due is claimed, made outside any lock or transaction, and kept under the lock of
the case if its step is still open. So a worker may die anywhere: the row is claimed
again once its lease is over, and a step that was kept is not done twice.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.log_actions import log

from community.models import User
from community.work import rows, tasks
from community.work.rows import Pointless

from . import cases
from .access import may_work
from .models import Case, Job
from .nodes import WorkerTask

TRIED_AGAIN = "engine.case_tried_again"

State = Job.State


def run_due(limit: int) -> int:
    """Do at most `limit` steps that are due; returns how many."""
    done = rows.run_due(Job, _do, limit)
    _tell_steps()
    return done


def _do(row: Job) -> None:
    task = Task.objects.get(pk=row.task_id)
    case = Case.objects.get(process=task.process_id)
    node: WorkerTask = task.flow_task
    if task.status == STATUS.DONE:
        # The worker that did it died before it could say so.
        return
    if task.status != STATUS.SCHEDULED or case.erased:
        raise Pointless("The case ended before.")
    made = node.make(case)
    with task.activation() as activation:
        if task.status == STATUS.SCHEDULED:
            node.keep(activation.process.case, made)
            activation.start()
            activation.execute()


def _tell_steps() -> None:
    """Have the step of each row that came to nothing say so too: in trouble, or over
    where there was no more to be done."""
    ended = Task.objects.filter(
        flow_task_type=WorkerTask.task_type,
        status=STATUS.SCHEDULED,
        job__state__in=(State.FAILED, State.DROPPED),
    )
    for task in ended:
        with task.activation() as activation:
            state = Job.objects.get(task=task).state
            if task.status == STATUS.SCHEDULED and state == State.FAILED:
                activation.error()
            elif task.status == STATUS.SCHEDULED and state == State.DROPPED:
                activation.cancel()


def by_state() -> dict[str, int]:
    """How many are in each state, for whoever watches the site."""
    rows = Job.objects.order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    return {str(state): counts.get(state, 0) for state in State}


def try_again(task: Task, by: User) -> bool:
    """Have a step that failed, or waits for its next try, done now. Returns False if it
    is neither. Raises PermissionDenied."""
    with task.activation() as activation:
        case = activation.process.case
        if not may_work(by, case):
            raise PermissionDenied
        failed = Job.objects.filter(
            task=task, state__in=(State.FAILED, State.RETRYING)
        ).begin_again()
        if not failed:
            return False
        if task.status == STATUS.ERROR:
            activation.retry()
        cases.touch(case)
        log(case, TRIED_AGAIN, user=by, data={"task": task.pk})
        tasks.wake()
    return True
