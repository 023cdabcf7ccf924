"""The history of the whole site, for those who see what every unit owns.

Wagtail shows it to everybody: what happens to the sessions of one unit would be read
in the others.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports.audit_logging import LogEntriesView

from .cover import ALL_UNITS


class SiteHistoryView(LogEntriesView):
    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.has_perm(ALL_UNITS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def menu_item() -> MenuItem:
    return MenuItem(
        _("Site history"),
        reverse("wagtailadmin_reports:site_history"),
        name="site-history",
        icon_name="history",
        order=1000,
    )
