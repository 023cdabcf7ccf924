"""Addresses of the admin that are ours: they come before Wagtail's."""

from django.urls import path
from django.views.generic import RedirectView

from . import profile

urlpatterns = [
    # One way in for everybody: the code by mail.
    path(
        "login/", RedirectView.as_view(pattern_name="account_login", query_string=True)
    ),
    path("account/", profile.account),
]
