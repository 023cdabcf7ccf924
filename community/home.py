"""What the staff find on the first screen of the admin about their units."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from .cover import running_for
from .models import User


class CoversPanel(Component):
    """For whom one covers today, and until when. Empty if for nobody."""

    name = "covers"
    template_name = "community/home_covers.html"
    order = 20

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"covers": running_for(self.user)}
