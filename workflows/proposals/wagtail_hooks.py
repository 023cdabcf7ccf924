from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import commenting
from .comment_screens import CommentsViewSet
from .figures_views import ProposalFiguresViewSet
from .planner import PlannerViewSet


@hooks.register("register_admin_viewset")
def register_comments() -> CommentsViewSet:
    return CommentsViewSet()


@hooks.register("register_admin_viewset")
def register_figures() -> ProposalFiguresViewSet:
    return ProposalFiguresViewSet()


@hooks.register("register_admin_viewset")
def register_planner() -> PlannerViewSet:
    return PlannerViewSet()


@hooks.register("register_log_actions")
def register_comments_verbs(actions: LogActionRegistry) -> None:
    """What is done with what people write under a proposal, in the history of it."""
    for action, label, message in (
        (commenting.SHOWN, _("Show a comment"), _("Comment shown")),
        (commenting.HIDDEN, _("Hide a comment"), _("Comment hidden")),
    ):
        actions.register_action(action, label, message)
