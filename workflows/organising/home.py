"""What the organiser finds on the first screen of the admin."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from community.models import Message, User

from .access import messages_of


class FailuresPanel(Component):
    """How many mails could not be sent, or are on hold, and wait for a person. Empty
    if there are none."""

    name = "failed_messages"
    template_name = "organising/home_failures.html"
    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        waiting = messages_of(self.user).needing_somebody()
        states = Counter(waiting.order_by().values_list("state", flat=True))
        return {
            "failures": states[Message.State.FAILED],
            "held": states[Message.State.HELD],
        }
