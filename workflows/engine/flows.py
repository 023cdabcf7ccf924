from django.utils import timezone
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.flow import Flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process

from community.models import User

from .access import may_work
from .models import Case


class EngineFlow(Flow):
    """What every flow of ours starts from.

    The row lock is what lets only one of two people complete a task: Viewflow's
    own default lets both.
    """

    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)


class CaseFlow(EngineFlow):
    """What the flow of a kind of case starts from: `activation.process.case` is the
    case, and the same object for a whole step."""

    def open_case(self, activation: Activation, case: Case) -> Process:
        """Save `case`, new until now, with the process that leads it. Call it in the
        handler of the start, in a transaction."""
        activation.process.save()
        case.process = activation.process
        case.last_action = timezone.now()
        case.save()
        return activation.process


def who_did(step: Node, activation: Activation) -> User | None:
    """Who did that step of the case last, if she still looks after it."""
    tasks = activation.process.task_set.filter(flow_task=step).exclude(owner=None)
    last = tasks.select_related("owner").order_by("-pk").first()
    return (
        last.owner if last and may_work(last.owner, activation.process.case) else None
    )
