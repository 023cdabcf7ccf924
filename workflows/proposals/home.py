"""What of the proposals one finds on the first screen of the admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import User
from workflows.engine.access import CHANGE
from workflows.staff.home import Count

from .comment_screens import comments_of


def comments(user: User) -> Count | None:
    """How many comments wait to be looked at, for who may do that."""
    if not user.has_perm(CHANGE):
        return None
    number = comments_of(user).waiting().count()
    return Count(
        _("Comments on proposals to be looked at"),
        number,
        reverse("proposal_comments:index"),
    )
