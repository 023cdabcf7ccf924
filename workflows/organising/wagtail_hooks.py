from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from .viewsets import SeriesViewSet, SessionViewSet


@hooks.register("register_admin_viewset")
def register_organising() -> list:
    return [SessionViewSet(), SeriesViewSet()]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group can be given on sessions and on who comes to them."""
    return Permission.objects.filter(
        content_type__app_label="events",
        codename__in=(
            "view_session",
            "add_session",
            "change_session",
            "view_registration",
            "change_registration",
        ),
    )


@hooks.register("insert_global_admin_css")
def add_css() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("organising/organising.css")
    )
