from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from workflows.engine import receipts
from workflows.engine.flows import CaseFlow
from workflows.engine.models import Case
from workflows.engine.nodes import ApplicantTask, StaffTask

from .models import Proposal, ProposalProcess
from .step_forms import AmendForm, ChooseForm, CloseForm, ModerateForm, PlanForm

Decision = Proposal.Decision


def _decided(decision: Decision):
    """Whether that is what was decided last."""
    return lambda activation: _of(activation).decision == decision


def _of(activation: Activation) -> Proposal:
    return activation.process.case.proposal


class ProposalFlow(CaseFlow):
    """A topic, from who proposes it to the session that treats it."""

    process_class = ProposalProcess
    process_title = _("Topic proposal")

    proposed = flow.StartHandle(this.begin).Next(this.received)
    received = flow.Split().Next(this.receipt).Next(this.moderate)
    receipt = receipts.step().Next(this.receipted)
    receipted = flow.End()
    moderate = StaffTask(
        ModerateForm,
        title=_("Look at what is proposed"),
        done=_("Looked at"),
        button=_("Go on"),
    ).Next(this.moderated)
    moderated = (
        flow.Switch()
        .Case(this.amend, _decided(Decision.ASK))
        .Case(this.choose, _decided(Decision.PUBLISH))
        .Default(this.done)
    )
    amend = ApplicantTask(
        AmendForm,
        title=_("Amend the proposal"),
        asked=_("Put it in other words"),
        button=_("Send it again"),
    ).Next(this.amended)
    amended = (
        flow.If(lambda activation: _of(activation).lapsed)
        .Annotation(title=_("Has the time run out?"))
        .Then(this.lapsed)
        .Else(this.moderate)
    )
    choose = StaffTask(
        ChooseForm,
        title=_("See whether a session should treat it"),
        done=_("Chosen or closed"),
        button=_("Go on"),
    ).Next(this.chosen)
    chosen = (
        flow.Switch()
        .Case(this.plan, _decided(Decision.SHORTLIST))
        .Case(this.answer, _decided(Decision.PLAN))
        .Default(this.done)
    )
    plan = StaffTask(
        PlanForm,
        title=_("Say which session treats it"),
        done=_("Session said"),
        button=_("Go on"),
    ).Next(this.planned)
    planned = (
        flow.Switch().Case(this.choose, _decided(Decision.REOPEN)).Default(this.answer)
    )
    answer = StaffTask(
        CloseForm,
        title=_("Say what came of it, once it was held"),
        done=_("Said what came of it, or looked for another session"),
        button=_("Go on"),
    ).Next(this.answered)
    answered = (
        flow.Switch().Case(this.plan, _decided(Decision.REPLAN)).Default(this.done)
    )
    done = flow.End()
    lapsed = flow.End()

    def begin(self, activation: Activation, case: Case, proposal: Proposal) -> Process:
        process = self.open_case(activation, case)
        proposal.case = case
        proposal.save()
        return process
