"""Whether everybody may read a page of a body. Off until somebody who answers for the
body, or the staff, wants it."""

from django.core.exceptions import PermissionDenied
from wagtail.log_actions import log

from community.models import LocalBody, User

from . import memberships

SHOWN = "community.body_shown"
HIDDEN = "community.body_hidden"


def show(body: LocalBody, is_public: bool, *, by: User) -> bool:
    """Have everybody read its page, or nobody. Returns False if it was so. Raises
    PermissionDenied."""
    with memberships.locked(body):
        if not memberships.may_manage(by, body):
            raise PermissionDenied
        body.refresh_from_db()
        if body.is_public == is_public:
            return False
        body.is_public = is_public
        body.save(update_fields=["is_public"])
        log(body, SHOWN if is_public else HIDDEN, user=by)
    return True
