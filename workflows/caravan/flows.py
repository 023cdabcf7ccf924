from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from community.models import User
from workflows.engine import receipts
from workflows.engine.flows import CaseFlow, who_did
from workflows.engine.models import Case
from workflows.engine.nodes import ApplicantTask, PartyTask, StaffTask, WorkerTask

from . import deciding
from .models import Stop, StopProcess
from .step_forms import (
    DateForm,
    MatchForm,
    PageForm,
    PublishForm,
    ReviewForm,
    VisitForm,
)

Decision = Stop.Decision
RAPPORTEUR = _("the rapporteur")
BOTH = _("host and rapporteur")


def _decided(decision: Decision):
    """Whether that is what was decided last."""
    return lambda activation: _of(activation).decision == decision


def _of(activation: Activation) -> Stop:
    return activation.process.case.stop


def _comes_to_tell(activation: Activation) -> bool:
    """Whether she comes when the visit is over: another had held it, and left."""
    stop = _of(activation)
    return stop.decision == Decision.YES and stop.held is not None


def _has_nobody(activation: Activation) -> bool:
    """Whether something has to change, and who wrote it has left."""
    stop = _of(activation)
    return stop.decision == Decision.CHANGES and stop.rapporteur_id is None


def who_had_it_amended(activation: Activation) -> User | None:
    """Whoever asked for the amendment goes on, if she still looks after the case."""
    asked = _of(activation).decision == Decision.AMEND
    return who_did(StopFlow.review, activation) if asked else None


def who_chose(activation: Activation) -> User | None:
    """Whoever chose the rapporteur goes on, if she still looks after the case."""
    return who_did(StopFlow.match, activation)


class StopFlow(CaseFlow):
    """A stop of the caravan, from its request to the good practice that it brings to
    light."""

    process_class = StopProcess
    process_title = _("Stop of the caravan")

    submitted = flow.StartHandle(this.begin).Next(this.received)
    # What keeps the receipt from being made keeps nobody from looking at the stop.
    received = flow.Split().Next(this.receipt).Next(this.review)
    receipt = receipts.step().Next(this.receipted)
    receipted = flow.End()
    review = (
        StaffTask(
            ReviewForm,
            title=_("See whether the caravan stops there"),
            done=_("Looked at whether the caravan stops there"),
            button=_("Go on"),
        )
        .Assign(who_had_it_amended)
        .Next(this.reviewed)
    )
    reviewed = (
        flow.Switch()
        .Case(this.amend, _decided(Decision.AMEND))
        .Case(this.declined, _decided(Decision.DECLINE))
        .Default(this.match)
    )
    declined = flow.End()
    amend = ApplicantTask(
        PageForm, title=_("Amend the stop"), button=_("Send the amendment")
    ).Next(this.amended)
    amended = (
        flow.If(lambda activation: activation.process.case.outcome == deciding.LAPSED)
        .Annotation(title=_("Has the time run out?"))
        .Then(this.lapsed)
        .Else(this.review)
    )
    lapsed = flow.End()
    match = (
        StaffTask(
            MatchForm,
            title=_("Choose the rapporteur"),
            done=_("Rapporteur asked"),
            button=_("Ask her"),
        )
        .Assign(who_chose)
        .Next(this.asked)
    )
    asked = PartyTask(
        PageForm,
        who=RAPPORTEUR,
        title=_("Say whether she comes"),
        asked=_("Say whether you come"),
        button=_("Answer"),
    ).Next(this.answered)
    answered = (
        flow.Switch()
        .Case(this.chronicle, _comes_to_tell)
        .Case(this.dates, _decided(Decision.YES))
        .Default(this.match)
    )
    dates = (
        StaffTask(
            DateForm,
            title=_("Fix the date"),
            done=_("Date fixed"),
            button=_("Fix it"),
        )
        .Assign(who_chose)
        .Next(this.dated)
    )
    dated = (
        flow.If(_decided(Decision.LEFT))
        .Annotation(title=_("Has the rapporteur left?"))
        .Then(this.match)
        .Else(this.visit)
    )
    visit = (
        StaffTask(
            VisitForm,
            title=_("Follow the visit"),
            done=_("Visit followed"),
            button=_("Go on"),
        )
        .Assign(who_chose)
        .Next(this.visited)
    )
    visited = (
        flow.Switch()
        .Case(this.chronicle, _decided(Decision.HELD))
        .Case(this.dates, _decided(Decision.REDATE))
        .Case(this.match, _decided(Decision.LEFT))
        .Default(this.visit)
    )
    chronicle = PartyTask(
        PageForm,
        who=RAPPORTEUR,
        title=_("Write the chronicle"),
        button=_("Send it to the host"),
    ).Next(this.written)
    written = (
        flow.If(_decided(Decision.LEFT))
        .Annotation(title=_("Has the rapporteur left?"))
        .Then(this.match)
        .Else(this.validate)
    )
    validate = ApplicantTask(
        PageForm, title=_("Read the chronicle"), button=_("Answer")
    ).Next(this.validated)
    validated = (
        flow.Switch()
        .Case(this.match, _has_nobody)
        .Case(this.chronicle, _decided(Decision.CHANGES))
        .Default(this.draft)
    )
    draft = WorkerTask(
        lambda case: None,
        deciding.draft_page,
        title=_("Make the draft of the page"),
        done=_("The draft of the page was made"),
    ).Next(this.publish)
    publish = (
        StaffTask(
            PublishForm,
            title=_("Publish the good practice"),
            done=_("Good practice published"),
            button=_("Publish it"),
        )
        .Assign(who_chose)
        .Next(this.evaluate)
    )
    # Done by itself: once both have said so, or the time to do it is over.
    evaluate = PartyTask(
        PageForm,
        who=BOTH,
        title=_("Both sides say how it went"),
        button=_("Say how it went"),
    ).Next(this.published)
    published = flow.End()

    def begin(self, activation: Activation, case: Case, stop: Stop) -> Process:
        process = self.open_case(activation, case)
        stop.case = case
        stop.save(update_fields=["case"])
        return process
