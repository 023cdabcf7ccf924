"""A representative of the body decides what the office would have to decide."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.log_actions import log

from community.acting import memberships
from community.models import LocalBody, User
from workflows.engine import inbox
from workflows.engine.models import Case, CaseQuerySet

from .flows import MembershipFlow
from .kind import NAME

DECIDED = "membership.decided_by_the_body"


def waiting_for(body: LocalBody) -> CaseQuerySet:
    """What somebody has to decide about who acts for `body`, the oldest first."""
    here = Q(body=body) | Q(body__merged_into=body)
    waiting = Case.objects.active().filter(here, kind=NAME)
    return waiting.select_related("membership_request").order_by("pk")


def open_step(case: Case) -> Task | None:
    """The step that decides `case`; None once it is decided."""
    steps = inbox.office_steps().filter(process=case.process_id)
    return steps.filter(flow_task=MembershipFlow.decide).first()


def decide(task: Task, apply: Callable[[Case, User], None], by: User) -> bool:
    """Have `by`, who represents the body, decide: `apply` records it and the case ends.
    Returns False if it was decided already. Raises PermissionDenied."""
    with task.activation() as activation:
        case = activation.process.case
        if not memberships.may_manage(by, case.body.merged_into or case.body):
            raise PermissionDenied
        if task.status not in inbox.OPEN:
            return False
        if task.status == STATUS.ASSIGNED:
            activation.unassign()
        # The step is nobody's of the staff; she is never the owner of one.
        activation.assign(None)
        activation.start(None)
        log(case, DECIDED, user=by)
        apply(case, by)
        activation.execute()
    return True
