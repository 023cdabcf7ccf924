"""What the screens of figures have in common, whatever the kind of case."""

from typing import ClassVar

from django.http import HttpRequest
from django.urls import path
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from community.cover import ALL_UNITS
from community.models import User
from workflows.engine.access import VIEW


def may_see(user: User) -> bool:
    """Figures name nobody: who answers for all units sees them without the cases."""
    return user.has_perm(VIEW) or user.has_perm(ALL_UNITS)


class FiguresView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Of what one's units look after, or all of them."""

    header_icon = "table"
    permission_required = "view"
    http_method_names = ("get", "head")

    def user_has_permission(self, permission: str) -> bool:
        return may_see(self.request.user)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


class FiguresViewSet(ViewSet):
    """Has `view_class` among the reports."""

    view_class: ClassVar[type[FiguresView]]
    icon = "table"
    menu_hook = "register_reports_menu_item"
    menu_item_class = FiguresMenuItem

    def get_urlpatterns(self) -> list:
        return [path("", self.view_class.as_view(), name="index")]
