from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .viewsets import CommunityGroup


@hooks.register("register_admin_viewset")
def register_community() -> CommunityGroup:
    return CommunityGroup()


@hooks.register("register_log_actions")
def register_mail_actions(actions: LogActionRegistry) -> None:
    """What the staff do with a mail, in its history."""
    for name, label, message in (
        ("send_again", _("Send again"), _("Sent again")),
        ("put_aside", _("Put aside"), _("Put aside: nothing to be done")),
    ):
        actions.register_action(f"messages.{name}", label, message)
