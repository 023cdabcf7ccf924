from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation

from events.models import Registration
from workflows.engine.flows import EngineFlow

from .models import RegistrationProcess

PENDING = Registration.State.PENDING


def is_active(activation: Activation) -> bool:
    """Whether the registration still has a place, or may get one."""
    return activation.process.artifact.is_active


class RegistrationFlow(EngineFlow):
    """A registration, from asking for the place to the end of the session.

    It follows; it decides nothing about the place.
    """

    process_class = RegistrationProcess
    process_title = _("Registration")

    registered = flow.StartHandle(this.begin).Next(this.asked)
    asked = (
        flow.If(lambda activation: activation.process.artifact.state == PENDING)
        .Then(this.approval)
        .Else(this.holding)
    )
    approval = flow.Handle(this.decided).Next(this.approved)
    approved = flow.If(is_active).Then(this.holding).Else(this.given_up)
    holding = flow.Handle(this.settle).Next(this.kept)
    kept = flow.If(is_active).Then(this.done).Else(this.given_up)
    done = flow.End()
    given_up = flow.End()

    def begin(
        self, activation: Activation, registration: Registration
    ) -> RegistrationProcess:
        activation.process.artifact = registration
        return activation.process

    def decided(self, activation: Activation) -> None:
        """Somebody of the unit has let the person in, or not."""

    def settle(self, activation: Activation) -> None:
        """The place was given up, or the session is over: nothing to do here."""
