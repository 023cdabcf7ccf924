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

from .models import CatalogueRequest, RequestProcess
from .step_forms import (
    AmendForm,
    CheckForm,
    DecideForm,
    FinishForm,
    ReleaseForm,
    ValueForm,
)

Decision = CatalogueRequest.Decision


def _decided(decision: Decision):
    """Whether that is what was decided last."""
    return lambda activation: _of(activation).decision == decision


def _of(activation: Activation) -> CatalogueRequest:
    return activation.process.case.request


def _is_valued(activation: Activation) -> bool:
    return _of(activation).edition.criteria.exists()


def who_had_it_amended(activation: Activation) -> User | None:
    """Whoever asked for the amendment goes on, if she still looks after the case."""
    asked = _of(activation).decision == Decision.AMEND
    return who_did(RequestFlow.check, activation) if asked else None


class RequestFlow(CaseFlow):
    """A request of the catalogue, from its submission to its end."""

    process_class = RequestProcess
    process_title = _("Catalogue request")

    submitted = flow.StartHandle(this.begin).Next(this.received)
    # What keeps the receipt from being made keeps nobody from looking at the request.
    received = flow.Split().Next(this.receipt).Next(this.check)
    receipt = receipts.step().Next(this.receipted)
    receipted = flow.End()
    check = (
        StaffTask(
            CheckForm,
            title=_("See whether it can be admitted"),
            done=_("Looked at whether it can be admitted"),
            button=_("Go on"),
            # Having admitted it or passed it on; what was told cannot be taken back.
            can_undo=True,
        )
        .Assign(who_had_it_amended)
        .Next(this.checked)
    )
    checked = (
        flow.Switch()
        .Case(this.amend, _decided(Decision.AMEND))
        .Case(this.check, _decided(Decision.PASS))
        .Case(this.release, _decided(Decision.DENY))
        .Default(this.valued)
    )
    amend = ApplicantTask(
        AmendForm, title=_("Amend the request"), button=_("Send the amendment")
    ).Next(this.amended)
    amended = (
        flow.If(lambda activation: _of(activation).lapsed)
        .Annotation(title=_("Has the time run out?"))
        .Then(this.lapsed)
        .Else(this.check)
    )
    lapsed = flow.End()
    valued = (
        flow.If(_is_valued)
        .Annotation(title=_("Is it valued by points?"))
        .Then(this.value)
        .Else(this.decide)
    )
    value = StaffTask(
        ValueForm,
        title=_("Value it"),
        done=_("Valued"),
        button=_("Keep the points"),
        can_undo=True,
    ).Next(this.decide)
    decide = StaffTask(
        DecideForm,
        title=_("Prepare the decision"),
        done=_("Decision prepared"),
        button=_("Prepare it"),
        can_undo=True,
    ).Next(this.prepared)
    prepared = (
        flow.If(_decided(Decision.CHECK))
        .Annotation(title=_("Is it to be looked at again?"))
        .Then(this.check)
        .Else(this.release)
    )
    release = StaffTask(
        ReleaseForm,
        title=_("Release the decision"),
        done=_("Decision released"),
        button=_("Release it"),
    ).Next(this.released)
    released = (
        flow.If(_decided(Decision.GRANT))
        .Annotation(title=_("Is it granted?"))
        .Then(this.execution)
        .Else(this.denied)
    )
    denied = flow.End()
    execution = StaffTask(
        FinishForm,
        title=_("Carry it out"),
        done=_("Carried out"),
        button=_("Finish it"),
    ).Next(this.done)
    done = flow.End()

    def begin(
        self, activation: Activation, case: Case, request: CatalogueRequest
    ) -> Process:
        process = self.open_case(activation, case)
        request.case = case
        request.save(update_fields=["case"])
        return process
