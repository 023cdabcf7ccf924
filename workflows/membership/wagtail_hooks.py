from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.settings.models import register_setting
from wagtail.log_actions import LogActionRegistry

from . import deciding
from .models import MembershipSettings

register_setting(MembershipSettings, icon="group")


@hooks.register("register_log_actions")
def register_decisions(actions: LogActionRegistry) -> None:
    """What somebody of the body does with a case, in its history."""
    actions.register_action(
        deciding.DECIDED, _("Decide"), _("Decided by somebody of the body")
    )
