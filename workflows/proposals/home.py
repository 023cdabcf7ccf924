"""What of the proposals one finds on the first screen of the admin."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from community.models import User
from workflows.engine.access import CHANGE

from .comment_screens import comments_of


class CommentsPanel(Component):
    """How many comments wait to be looked at. Empty if there are none."""

    name = "proposal_comments"
    template_name = "proposals/home_comments.html"
    # After the cases.
    order = 31

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        may_look = self.user.has_perm(CHANGE)
        waiting = comments_of(self.user).waiting().count() if may_look else 0
        return {"waiting": waiting}
