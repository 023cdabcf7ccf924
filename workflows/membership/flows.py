from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from workflows.engine.flows import CaseFlow
from workflows.engine.models import Case
from workflows.engine.nodes import StaffTask

from .forms import DecideForm
from .models import MembershipProcess, MembershipRequest


class MembershipFlow(CaseFlow):
    """A request to act for a body. A representative may decide it before the office
    does (`deciding`)."""

    process_class = MembershipProcess
    process_title = _("Acting for a body")

    asked = flow.StartHandle(this.begin).Next(this.decide)
    decide = StaffTask(
        DecideForm,
        title=_("Say whether this person may act for the body"),
        done=_("Decided"),
        button=_("Send the decision"),
    ).Next(this.done)
    done = flow.End()

    def begin(
        self, activation: Activation, case: Case, request: MembershipRequest
    ) -> Process:
        process = self.open_case(activation, case)
        request.case = case
        request.save()
        return process
