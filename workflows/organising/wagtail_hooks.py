from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from .first_steps import FirstStepsPanel
from .home import ComingPanel, FailuresPanel
from .programme import CHANGED
from .reports import DisclosuresViewSet, RetentionViewSet
from .viewsets import MessageViewSet, SeriesViewSet, SessionViewSet


@hooks.register("register_admin_viewset")
def register_organising() -> list:
    return [
        SessionViewSet(),
        SeriesViewSet(),
        MessageViewSet(),
        RetentionViewSet(),
        DisclosuresViewSet(),
    ]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group can be given on sessions and on who comes to them."""
    of_events = (
        "view_session",
        "add_session",
        "change_session",
        "view_registration",
        "change_registration",
        "export_registration",
    )
    of_cms = ("change_speaker", "change_material")
    of_community = ("view_retentionrun",)
    return Permission.objects.filter(
        Q(content_type__app_label="events", codename__in=of_events)
        | Q(content_type__app_label="cms", codename__in=of_cms)
        | Q(content_type__app_label="community", codename__in=of_community)
    )


@hooks.register("insert_global_admin_css")
def add_css() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("organising/organising.css")
    )


@hooks.register("register_log_actions")
def register_programme(actions: LogActionRegistry) -> None:
    """What an organiser does without a verb of `events`."""
    label = _("Speakers and materials")
    actions.register_action(CHANGED, label, _("Speakers or materials changed"))


@hooks.register("construct_homepage_panels")
def add_failures(request: HttpRequest, panels: list[Component]) -> None:
    """What could not be sent comes before all else."""
    panels.append(FailuresPanel(request.user))


@hooks.register("construct_homepage_panels")
def add_first_steps(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(FirstStepsPanel(request.user))


@hooks.register("construct_homepage_panels")
def add_coming(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(ComingPanel(request.user))
