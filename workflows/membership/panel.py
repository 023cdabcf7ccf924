"""What the office sees of a request to act for a body."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.acting import domains
from community.acting.viewsets import VIEW
from community.models import Membership, User
from workflows.engine.models import Case


class RequestPanel(Component):
    """As what she asks to act, whether her address is of the body, and who represents
    it, so that they can be asked. Who may not see people sees but the first."""

    template_name = "membership/panel.html"

    def __init__(self, case: Case, user: User, task: Task | None = None) -> None:
        self.case = case
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        case = self.case
        context = {"role": case.membership_request.get_role_display(), "case": case}
        if not case.body or not self.user.has_perm(VIEW):
            return context
        them = Membership.objects.representatives().filter(body=case.body)
        return {
            **context,
            "sees": True,
            "is_of_domain": domains.body_of(case.email) == case.body,
            "representatives": them.select_related("user"),
            "people_url": reverse("memberships:body", args=[case.body_id]),
        }
