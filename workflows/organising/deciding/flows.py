from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from workflows.engine.flows import CaseFlow
from workflows.engine.models import Case
from workflows.engine.nodes import StaffTask
from workflows.organising.models import Decision, DecisionProcess

from .forms import AddressForm, ApproveForm, LimitForm


def _because(cause: Decision.Cause):
    """Whether that is why somebody has to act."""
    return lambda activation: activation.process.case.decision.cause == cause


class DecisionFlow(CaseFlow):
    """A registration that needs somebody, until it is decided."""

    process_class = DecisionProcess
    process_title = _("Registration")

    opened = flow.StartHandle(this.begin).Next(this.why)
    why = (
        flow.Switch()
        .Case(this.approve, _because(Decision.Cause.APPROVAL))
        .Case(this.let_in, _because(Decision.Cause.LIMIT))
        .Default(this.reach)
    )
    approve = StaffTask(
        ApproveForm,
        title=_("Approve the registration, or not"),
        done=_("Decided whether to approve it"),
        button=_("Do it"),
    ).Next(this.decided)
    let_in = StaffTask(
        LimitForm,
        title=_("Decide about who is over the places of the body"),
        done=_("Decided about the places of the body"),
        button=_("Do it"),
    ).Next(this.decided)
    reach = StaffTask(
        AddressForm,
        title=_("Reach whom mail does not reach"),
        done=_("Seen to the address"),
        button=_("Do it"),
    ).Next(this.decided)
    decided = flow.End()

    def begin(self, activation: Activation, case: Case, decision: Decision) -> Process:
        process = self.open_case(activation, case)
        decision.case = case
        decision.save()
        return process
