from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation

from events.models import Registration
from workflows.engine.flows import EngineFlow

from .models import RegistrationProcess


class RegistrationFlow(EngineFlow):
    """A registration, from asking for the place to the end of the session.

    It follows; it decides nothing about the place.
    """

    process_class = RegistrationProcess
    process_title = _("Registration")

    registered = flow.StartHandle(this.begin).Next(this.holding)
    holding = flow.Handle(this.settle).Next(this.kept)
    kept = (
        flow.If(lambda activation: activation.process.artifact.is_active)
        .Then(this.done)
        .Else(this.given_up)
    )
    done = flow.End()
    given_up = flow.End()

    def begin(
        self, activation: Activation, registration: Registration
    ) -> RegistrationProcess:
        activation.process.artifact = registration
        return activation.process

    def settle(self, activation: Activation) -> None:
        """The place was given up, or the session is over: nothing to do here."""
