from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import deadlines
from .holiday_screens import HolidayViewSet


@hooks.register("register_admin_viewset")
def register_holidays() -> HolidayViewSet:
    return HolidayViewSet()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group can be given on holidays."""
    return Permission.objects.filter(
        content_type__app_label="engine", content_type__model="holiday"
    )


@hooks.register("register_log_actions")
def register_deadlines(actions: LogActionRegistry) -> None:
    """What happens to a deadline, in the history of its case."""
    actions.register_action(
        deadlines.EXTENDED, _("Make the deadline longer"), _("Deadline made longer")
    )
    actions.register_action(
        deadlines.RECKONED_AGAIN,
        _("Reckon the deadline again"),
        _("Deadline moved, because the holidays changed"),
    )
