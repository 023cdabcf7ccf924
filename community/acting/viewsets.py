"""Where the staff's screens of who acts for which body are."""

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from .import_screen import ImportView
from .listing import MembershipIndexView
from .screens import (
    AddDomainView,
    BodyView,
    EndView,
    MergeView,
    RemoveDomainView,
    RoleView,
)

VIEW = "community.view_membership"


class MembershipMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)


class MembershipViewSet(ViewSet):
    name = "memberships"
    icon = "group"
    menu_label = _("Acting for a body")
    menu_item_class = MembershipMenuItem

    def get_urlpatterns(self) -> list:
        results = MembershipIndexView.as_view(results_only=True)
        body = "body/<int:pk>/"
        one = f"{body}people/<int:membership>/"
        return [
            path("", MembershipIndexView.as_view(), name="index"),
            path("results/", results, name="index_results"),
            path("import/", ImportView.as_view(), name="import"),
            path(body, BodyView.as_view(), name="body"),
            path(f"{body}merge/", MergeView.as_view(), name="merge"),
            path(f"{body}domains/", AddDomainView.as_view(), name="add_domain"),
            path(
                f"{body}domains/<int:domain>/",
                RemoveDomainView.as_view(),
                name="remove_domain",
            ),
            path(f"{one}role/", RoleView.as_view(), name="role"),
            path(f"{one}end/", EndView.as_view(), name="end"),
        ]
