from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from community.models import User
from workflows.engine import receipts
from workflows.engine.flows import CaseFlow, who_did
from workflows.engine.models import Case
from workflows.engine.nodes import ApplicantTask, StaffTask

from .forms import AnswerForm, OpinionForm, ReplyForm, SortForm
from .models import Consultation, ConsultationProcess

Decision = Consultation.Decision


def _decided(decision: Decision):
    """Whether that is what was decided last."""
    return lambda activation: _of(activation).decision == decision


def _of(activation: Activation) -> Consultation:
    return activation.process.case.consultation


def who_asked_back(activation: Activation) -> User | None:
    """Whoever asked the applicant goes on, if she still looks after the case."""
    asked = _of(activation).decision == Decision.ASK
    return who_did(ConsultationFlow.answer, activation) if asked else None


class ConsultationFlow(CaseFlow):
    """A question, from the form to the answer."""

    process_class = ConsultationProcess
    process_title = _("Consultation")

    asked = flow.StartHandle(this.begin).Next(this.received)
    # What keeps the receipt from being made keeps nobody from answering.
    received = flow.Split().Next(this.receipt).Next(this.sort)
    receipt = receipts.step().Next(this.receipted)
    receipted = flow.End()
    sort = StaffTask(
        SortForm,
        title=_("Send it to its unit"),
        done=_("Sent to its unit"),
        button=_("Send it there"),
        can_undo=True,
    ).Next(this.answer)
    answer = (
        StaffTask(
            AnswerForm,
            title=_("Answer the question"),
            done=_("Looked at by its unit"),
            button=_("Send"),
            # Having passed it on; what was told cannot be taken back.
            can_undo=True,
        )
        .Assign(who_asked_back)
        .Next(this.decided)
    )
    decided = (
        flow.Switch()
        .Case(this.reply, _decided(Decision.ASK))
        .Case(this.answer, _decided(Decision.PASS))
        .Default(this.opinion)
    )
    reply = ApplicantTask(
        ReplyForm,
        title=_("Reply to what was asked back"),
        asked=_("Answer what the team asks"),
        button=_("Send the answer"),
    ).Next(this.came)
    came = (
        flow.If(lambda activation: _of(activation).lapsed)
        .Annotation(title=_("Has the time run out?"))
        .Then(this.lapsed)
        .Else(this.answer)
    )
    opinion = ApplicantTask(
        OpinionForm,
        title=_("Give an opinion of the answer"),
        asked=_("Say whether it was useful"),
        button=_("Send"),
    ).Next(this.done)
    done = flow.End()
    lapsed = flow.End()

    def begin(
        self, activation: Activation, case: Case, consultation: Consultation
    ) -> Process:
        process = self.open_case(activation, case)
        consultation.case = case
        consultation.save()
        return process
