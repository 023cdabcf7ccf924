"""What of the cases one finds on the first screen of the admin."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from community.cover import today
from workflows.engine import inbox
from workflows.engine.access import VIEW, cases_of

from .counting import waiting


class CasesPanel(Component):
    """How many cases wait for one, and for anybody. Empty if there are none."""

    name = "cases"
    template_name = "cases/home_cases.html"
    order = 30

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        user = self.request.user
        if not user.has_perm(VIEW):
            return {}
        counts = {
            **waiting(self.request),
            "overdue": cases_of(user).overdue(today()).count(),
            "trouble": inbox.in_trouble(user).count(),
        }
        return {**counts, "any": any(counts.values())}
