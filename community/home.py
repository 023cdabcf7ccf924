"""What the staff find on the first screen of the admin about their units."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from wagtail.admin.ui.components import Component

from .cover import running_for
from .models import Message, Unit, User
from .privacy.models import RetentionRun
from .running.health import vitals


class CoversPanel(Component):
    """For whom one covers today, and until when. Empty if for nobody."""

    name = "covers"
    template_name = "community/home_covers.html"
    order = 20

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"covers": running_for(self.user)}


class RunningPanel(Component):
    """For who runs the site: whether it does, and the units that nobody looks after.
    Empty for the others."""

    name = "running"
    template_name = "community/home_running.html"
    order = 60

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.user.has_perm("community.change_user"):
            return {}
        now = vitals()
        finished = RetentionRun.objects.aggregate(last=Max("finished"))
        return {
            "vitals": now,
            "well": not (
                now.worker_is_away or now.sweeper_is_away or now.mail_is_stuck
            ),
            "waiting": Message.objects.filter(state__in=Message.WAITING).count(),
            "reviewed": finished["last"],
            "deserted": Unit.objects.filter(memberships=None).order_by("code"),
        }
