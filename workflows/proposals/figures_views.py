"""What was proposed, what came of it and how long it took: to everybody; and the same
of their units to the staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from cms.caching.offering import offer
from community.cover import ALL_UNITS
from community.models import User
from workflows.engine.access import VIEW, units_of

from .figures import Figures
from .models import Proposal
from .opendata import COLUMNS

# Those that were settled last are named.
LATEST = 10


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Of all proposals, with what came of the last ones, and where all are as data."""
    offer(request, {})
    shown = Proposal.objects.public().select_related("case", "series", "topic")
    settled = shown.filter(case__finished__isnull=False)
    context = {
        "figures": Figures(Proposal.objects.all()),
        "latest": settled.order_by("-case__finished", "-pk")[:LATEST],
        "columns": COLUMNS,
    }
    return render(request, "pages/proposal_figures.html", context)


def may_see(user: User) -> bool:
    """Figures name nobody: who answers for all units sees them without the cases."""
    return user.has_perm(VIEW) or user.has_perm(ALL_UNITS)


class FiguresView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Of the proposals of one's units, or of all."""

    page_title = _("Figures of proposals")
    header_icon = "table"
    template_name = "proposals/figures.html"
    permission_required = "view"
    http_method_names = ("get", "head")

    def user_has_permission(self, permission: str) -> bool:
        return may_see(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Proposal.objects.filter(case__unit__in=units_of(self.request.user))
        return super().get_context_data(figures=Figures(mine), **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


class FiguresViewSet(ViewSet):
    name = "proposal_figures"
    url_prefix = "reports/proposals"
    icon = "table"
    menu_label = _("Figures of proposals")
    menu_order = 31
    menu_hook = "register_reports_menu_item"
    menu_item_class = FiguresMenuItem

    def get_urlpatterns(self) -> list:
        return [path("", FiguresView.as_view(), name="index")]
