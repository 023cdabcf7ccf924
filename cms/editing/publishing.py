"""Who may publish where."""

from django.db.models import Exists, OuterRef
from wagtail.models import (
    GroupApprovalTask,
    Page,
    PagePermissionTester,
    WorkflowPage,
)

from community.models import User


class PagePermissions(PagePermissionTester):
    """What somebody may do with a page. Below a page that has moderation, only who
    approves there publishes: Wagtail would leave it to whoever may publish at all."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user, page)
        is_judged = user.is_active and not user.is_superuser
        if is_judged and "publish" in self.permissions and not _approves(user, page):
            self.permissions.discard("publish")


def _approves(user: User, page: Page) -> bool:
    """Whether `page` has no moderation, or one in which `user` approves."""
    # Lists ask it of each of their pages, of one and the same user.
    if not hasattr(user, "moderated_paths"):
        user.moderated_paths = dict(_moderated_paths(user))
    above = [path for path in user.moderated_paths if page.path.startswith(path)]
    return not above or user.moderated_paths[max(above, key=len)]


def _moderated_paths(user: User) -> list[tuple[str, bool]]:
    """The path of each page that has been given moderation, and whether `user` is
    among those who approve there."""
    mine = GroupApprovalTask.objects.filter(
        active=True, groups__user=user, workflow_tasks__workflow=OuterRef("workflow")
    )
    given = WorkflowPage.objects.filter(workflow__active=True)
    return list(given.annotate(mine=Exists(mine)).values_list("page__path", "mine"))
