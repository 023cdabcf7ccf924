"""What of the requests one finds on the first screen of the admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import User
from workflows.staff.home import Count

from . import releasing
from .requests import RELEASE


def decisions(user: User) -> Count | None:
    """How many prepared decisions wait to be released together, for who may do that."""
    if not user.has_perm(RELEASE):
        return None
    number = releasing.waiting(user).count()
    return Count(_("Decisions to release"), number, reverse("decisions:index"))
