"""What the organiser finds on the first screen of the admin."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from community.models import User

from .access import messages_of


class FailuresPanel(Component):
    """How many mails could not be sent and wait for a person. Empty if there are
    none."""

    name = "failed_messages"
    template_name = "organising/home_failures.html"
    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"failures": messages_of(self.user).needing_somebody().count()}
