from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.settings.models import register_setting
from wagtail.log_actions import LogActionRegistry

from . import deciding, merged, stops, visiting
from .models import CaravanSettings
from .practices.screens import PracticesGroup
from .sides import evaluating
from .stop_screens import StopsViewSet

register_setting(CaravanSettings, icon="site")


@hooks.register("register_admin_viewset")
def register_stops() -> StopsViewSet:
    return StopsViewSet()


@hooks.register("register_log_actions")
def register_what_sides_do(actions: LogActionRegistry) -> None:
    """What is done with a stop besides the steps of the office, in its history."""
    for action, label, message in (
        (stops.ANSWERED, _("Answer"), _("The rapporteur has answered")),
        (deciding.LEFT, _("Leave"), _("The rapporteur does not go on")),
        (visiting.FIXED, _("Fix a date"), _("Date of the visit fixed")),
        (visiting.MOVED, _("Move a visit"), _("Visit moved")),
        (visiting.CANCELLED, _("Call off a visit"), _("Visit called off")),
        (stops.SENT, _("Send a chronicle"), _("Chronicle sent to the host")),
        (stops.READ, _("Read a chronicle"), _("Chronicle read by the host")),
        (merged.ONE_BODY, _("Merge bodies"), _("Host and rapporteur are of one body")),
        (evaluating.SAID, _("Say how a stop went"), _("A side has said how it went")),
        (deciding.CLOSED, _("Close a stop"), _("Stop closed")),
    ):
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_practices() -> PracticesGroup:
    return PracticesGroup()
