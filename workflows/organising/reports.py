"""The reports on personal data, and their place in the menu of reports."""

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from community.cover import ALL_UNITS

from .views import reports

RESULTS = {"results_only": True}


class RetentionMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("community.view_retentionrun")


class DisclosuresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ALL_UNITS)


class _Report(ViewSet):
    menu_hook = "register_reports_menu_item"
    view: type

    @property
    def url_prefix(self) -> str:
        return f"reports/{self.name}"

    def get_urlpatterns(self) -> list:
        return [
            path("", self.view.as_view(), name="index"),
            path("results/", self.view.as_view(**RESULTS), name="index_results"),
        ]


class RetentionViewSet(_Report):
    name = "retention"
    icon = "time"
    menu_label = _("Retention")
    menu_order = 10
    menu_item_class = RetentionMenuItem
    view = reports.RetentionView


class DisclosuresViewSet(_Report):
    name = "disclosures"
    icon = "view"
    menu_label = _("Who has seen the lists of people")
    menu_order = 20
    menu_item_class = DisclosuresMenuItem
    view = reports.DisclosuresView
