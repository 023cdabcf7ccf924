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

from .access import ALL_UNITS, series_of, units_of
from .reminding import RemindersField
from .views import (
    answers,
    changes,
    decisions,
    held,
    listing,
    mail,
    meetings,
    month,
    people,
    programme,
    registrations,
    screen,
    suppressions,
    writing,
)

# Of a list that is asked for again, without the page around it.
RESULTS = {"results_only": True}


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
        return [
            *self._lists(),
            *self._of_a_session(),
            *self._of_its_people(),
            *self._of_a_registration(),
        ]

    def _lists(self) -> list:
        return [
            path("", listing.SessionsView.as_view(), name="index"),
            path(
                "results/",
                listing.SessionsView.as_view(**RESULTS),
                name="index_results",
            ),
            path("calendar/", month.MonthView.as_view(), name="month"),
            path("new/", screen.NewSessionView.as_view(), name="add"),
        ]

    def _of_a_session(self) -> list:
        return [
            path("<int:pk>/", screen.SessionView.as_view(), name="session"),
            path("<int:pk>/history/", screen.HistoryView.as_view(), name="history"),
            path(
                "<int:pk>/history/results/",
                screen.HistoryView.as_view(**RESULTS),
                name="history_results",
            ),
            *(
                path(f"<int:pk>/{name}/", view.as_view(), name=name)
                for name, view in (
                    ("edit", screen.TextsView),
                    ("programme", programme.ProgrammeView),
                    ("announce", changes.AnnounceView),
                    ("move", changes.MoveView),
                    ("postpone", changes.PostponeView),
                    ("reschedule", changes.RescheduleView),
                    ("places", changes.PlacesView),
                    ("reminders", changes.RemindersView),
                    ("write", writing.WriteView),
                    ("duplicate", changes.DuplicateView),
                    ("close", changes.CloseView),
                    ("cancel", changes.CancelView),
                    ("enter", meetings.DoorView),
                    ("try_meeting", meetings.TryAgainView),
                )
            ),
        ]

    def _of_its_people(self) -> list:
        rows = registrations.PeopleView
        return [
            path("<int:pk>/people/", rows.as_view(), name="people"),
            path(
                "<int:pk>/people/results/",
                rows.as_view(**RESULTS),
                name="people_results",
            ),
            path(
                "<int:pk>/people/print/",
                registrations.PrintView.as_view(),
                name="print_people",
            ),
            path(
                "<int:pk>/people/add/",
                decisions.AddPersonView.as_view(),
                name="add_person",
            ),
        ]

    def _of_a_registration(self) -> list:
        one = "registrations/<int:registration>/"
        return [
            path(one, people.RegistrationView.as_view(), name="registration"),
            path(
                f"{one}answers/<int:answer>/",
                answers.SettleView.as_view(),
                name="settle_answer",
            ),
            path(
                f"{one}cancel/",
                decisions.CancelRegistrationView.as_view(),
                name="cancel_registration",
            ),
            *(
                path(f"{one}{name}/", view.as_view(), name=name)
                for name, view in (
                    ("approve", decisions.ApproveView),
                    ("decline", decisions.DeclineView),
                    ("grant", decisions.GrantView),
                    ("take_back", decisions.TakeBackView),
                    ("move_in_line", decisions.MoveInLineView),
                    ("substitute", decisions.SubstituteView),
                    ("merge", decisions.MergeView),
                    ("correct", decisions.CorrectView),
                    ("renew_links", decisions.RenewLinksView),
                )
            ),
        ]


class MessagesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        return user.has_perm("events.view_registration") or user.has_perm(ALL_UNITS)


class MessageViewSet(ViewSet):
    """Every mail, whichever room writes it."""

    name = "messages"
    icon = "mail"
    menu_label = _("Messages")
    menu_order = 70
    add_to_admin_menu = True
    menu_item_class = MessagesMenuItem

    def get_urlpatterns(self) -> list:
        return [
            path("", mail.MessagesView.as_view(), name="index"),
            path(
                "results/", mail.MessagesView.as_view(**RESULTS), name="index_results"
            ),
            path("held/", held.HeldView.as_view(), name="held"),
            path(
                "without/",
                suppressions.SuppressionsView.as_view(),
                name="without",
            ),
            path(
                "without/results/",
                suppressions.SuppressionsView.as_view(**RESULTS),
                name="without_results",
            ),
            path("without/<int:pk>/", suppressions.LiftView.as_view(), name="lift"),
            path("<int:pk>/", mail.MessageView.as_view(), name="message"),
            path("<int:pk>/again/", mail.SendAgainView.as_view(), name="send_again"),
            path("<int:pk>/aside/", mail.PutAsideView.as_view(), name="put_aside"),
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
    form_fields = (
        *("code", "unit", "title", "summary", "promotion", "reminders"),
        *("takes_proposals", "early"),
    )
    list_display = ("__str__", "code", "unit")
    index_view_class = SeriesIndexView
    add_view_class = SeriesCreateView
    edit_view_class = SeriesEditView
    delete_view_class = SeriesDeleteView

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.name == "promotion":
            kwargs["help_text"] = _(
                "An offer is to be accepted within a day, or within half of the time "
                "left before the session if that is less; then it passes on. In the "
                "last hour there is no time to ask, and the place is given."
            )
        if db_field.name == "reminders":
            return RemindersField(
                label=_("Reminders"),
                required=False,
                help_text=_(
                    "So long before each session, to those who have a place. Days keep "
                    "the hour of the session. Empty a row to take it away; saving "
                    "gives two more. One whose moment has just passed leaves at once."
                ),
            )
        return super().formfield_for_dbfield(db_field, **kwargs)
