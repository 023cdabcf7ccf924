"""Addresses of the admin that are ours: they come before Wagtail's."""

from django.urls import path
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from . import profile
from .history import SiteHistoryView

urlpatterns = [
    # One way in for everybody: the code by mail.
    path(
        "login/", RedirectView.as_view(pattern_name="account_login", query_string=True)
    ),
    path("account/", profile.account),
    path("reports/site-history/", require_admin_access(SiteHistoryView.as_view())),
    path(
        "reports/site-history/results/",
        require_admin_access(SiteHistoryView.as_view(results_only=True)),
    ),
]
