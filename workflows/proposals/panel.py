"""What the office sees of a proposal besides what every case has, and of those that a
session treats."""

from collections.abc import Mapping
from typing import Any

from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.models import User
from events.models import Session
from workflows.engine.access import cases_of
from workflows.engine.models import Case

from . import similar
from .models import Proposal

# So many of the last ones; the others are on their screen.
COMMENTS = 5


class ProposalPanel(Component):
    """What is proposed, who supports it and could tell the others, and which ones are
    like it."""

    template_name = "proposals/panel.html"

    def __init__(self, case: Case, user: User, task: Task | None = None) -> None:
        self.case = case

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = Proposal.objects.select_related(
            "series", "topic", "session", "merged_into__case"
        )
        proposal = rows.get(case=self.case)
        offers = proposal.supports.filter(shares=True).select_related("user", "body")
        return {
            "case": self.case,
            "proposal": proposal,
            "is_public": Proposal.objects.public().filter(pk=proposal.pk).exists(),
            "offers": offers,
            "comments": proposal.comments.select_related("user", "body")[:COMMENTS],
            "waiting": proposal.comments.waiting().count(),
            "like_it": similar.proposals_like(proposal),
        }


class OfSessionPanel(Component):
    """The proposals that a session treats: those whose cases one looks after, and those
    that everybody reads. Empty if there are none."""

    template_name = "proposals/of_session.html"

    def __init__(self, session: Session, user: User) -> None:
        self.session, self.user = session, user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        treated = self.session.proposals.select_related("case").ranked()
        of_it = cases_of(self.user).filter(proposal__session=self.session)
        mine = set(of_it.values_list("pk", flat=True))
        public = set(treated.public().values_list("pk", flat=True))
        return {
            "rows": [
                (proposal, proposal.case_id in mine)
                for proposal in treated
                if proposal.case_id in mine or proposal.pk in public
            ]
        }
