"""The organiser's screens, and their addresses under /admin/."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from community.viewsets import RecordDeleteView, RecordViewSet
from events.models import Series

from .access import series_of, units_of
from .views import changes, listing, people, screen


class SessionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(
            request.user.has_perm(f"events.{action}_session")
            for action in ("view", "add", "change")
        )


class SessionViewSet(ViewSet):
    name = "sessions"
    icon = "date"
    menu_label = _("Sessions")
    # Before Wagtail's own pages.
    menu_order = 50
    add_to_admin_menu = True
    menu_item_class = SessionsMenuItem

    def get_urlpatterns(self) -> list:
        results = {"results_only": True}
        return [
            path("", listing.SessionsView.as_view(), name="index"),
            path(
                "results/",
                listing.SessionsView.as_view(**results),
                name="index_results",
            ),
            path("new/", screen.NewSessionView.as_view(), name="add"),
            path("<int:pk>/", screen.SessionView.as_view(), name="session"),
            path(
                "<int:pk>/results/",
                screen.SessionView.as_view(**results),
                name="session_results",
            ),
            path("<int:pk>/edit/", screen.TextsView.as_view(), name="edit"),
            path("<int:pk>/announce/", changes.AnnounceView.as_view(), name="announce"),
            path("<int:pk>/move/", changes.MoveView.as_view(), name="move"),
            path("<int:pk>/cancel/", changes.CancelView.as_view(), name="cancel"),
            path("<int:pk>/places/", changes.PlacesView.as_view(), name="places"),
            path("<int:pk>/history/", screen.HistoryView.as_view(), name="history"),
            path(
                "<int:pk>/history/results/",
                screen.HistoryView.as_view(**results),
                name="history_results",
            ),
            path(
                "registrations/<int:registration>/",
                people.RegistrationView.as_view(),
                name="registration",
            ),
            path(
                "registrations/<int:registration>/cancel/",
                changes.CancelRegistrationView.as_view(),
                name="cancel_registration",
            ),
        ]


class _MySeries:
    """Only the series of one's units."""

    def get_queryset(self) -> QuerySet[Series]:
        return series_of(self.request.user)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["unit"].queryset = units_of(self.request.user)
        return form


class SeriesIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Series]:
        return series_of(self.request.user).select_related("unit")


class SeriesCreateView(_MySeries, generic.CreateView):
    pass


class SeriesEditView(_MySeries, generic.EditView):
    pass


class SeriesDeleteView(RecordDeleteView):
    def get_queryset(self) -> QuerySet[Series]:
        return series_of(self.request.user)


class SeriesViewSet(RecordViewSet):
    model = Series
    icon = "list-ul"
    menu_order = 60
    add_to_admin_menu = True
    form_fields = ("code", "unit", "title", "summary", "promotion")
    list_display = ("__str__", "code", "unit")
    index_view_class = SeriesIndexView
    add_view_class = SeriesCreateView
    edit_view_class = SeriesEditView
    delete_view_class = SeriesDeleteView
