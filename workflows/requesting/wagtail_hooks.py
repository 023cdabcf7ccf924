from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import appointing, requests
from .appointment_views import AppointmentsViewSet
from .figures_views import RequestFiguresViewSet
from .release_views import DecisionsViewSet


@hooks.register("register_admin_viewset")
def register_decisions() -> DecisionsViewSet:
    return DecisionsViewSet()


@hooks.register("register_admin_viewset")
def register_appointments() -> AppointmentsViewSet:
    return AppointmentsViewSet()


@hooks.register("register_admin_viewset")
def register_figures() -> RequestFiguresViewSet:
    return RequestFiguresViewSet()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group can be given on requests. None is added or deleted by hand."""
    return Permission.objects.filter(
        content_type__app_label="requesting", codename="release_cataloguerequest"
    )


@hooks.register("register_log_actions")
def register_requests(actions: LogActionRegistry) -> None:
    """What is done with a request besides its steps, in its history."""
    for action, label, message in (
        (requests.RENUNCIATION, _("Renounce"), _("Renounced by the body")),
        (appointing.ARRANGED, _("Arrange"), _("Appointment arranged")),
        (
            appointing.MOVED,
            pgettext_lazy("to another day", "Move"),
            _("Appointment moved"),
        ),
        (appointing.CANCELLED, _("Cancel"), _("Appointment cancelled")),
    ):
        actions.register_action(action, label, message)
