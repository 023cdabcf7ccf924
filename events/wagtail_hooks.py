from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_verbs(actions: LogActionRegistry) -> None:
    """What the verbs write into the history of a session or a registration."""
    for name, label, message in (
        ("announce", _("Announce"), _("Announced")),
        ("move", _("Move"), _("Moved, and everybody told")),
        ("cancel", _("Cancel"), _("Cancelled, and everybody told")),
        ("resize", _("Change the places"), _("Number of places changed")),
        ("cancel_registration", _("Cancel"), _("Registration cancelled")),
    ):
        actions.register_action(f"events.{name}", label, message)
