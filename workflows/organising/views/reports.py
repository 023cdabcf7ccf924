"""For who answers for personal data: how long it is held, and who has seen it."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.cover import ALL_UNITS
from community.models import User
from community.privacy import runs
from community.spreadsheets import WRITTEN
from events.models import Session
from workflows.organising import disclosure, labels

from .listing import CellColumn, LabelledColumn

HOW = {"csv": _("CSV file"), "xlsx": _("XLSX file"), "print": _("on paper")}


def _last(outlook: runs.Outlook) -> str:
    run = outlook.last
    if run is None:
        return gettext("not yet") if outlook.next_day else ""
    if run.fault:
        words = gettext("%(day)s: it failed (%(fault)s), to be tried again")
        return words % {"day": f"{run.day:%d/%m/%Y}", "fault": run.fault}
    ended = ngettext("%d row ended", "%d rows ended", run.rows) % run.rows
    return f"{run.day:%d/%m/%Y}: {ended}"


def _next(outlook: runs.Outlook) -> str:
    return f"{outlook.next_day:%d/%m/%Y}" if outlook.next_day else ""


def _number(count: int | None) -> int | str:
    return "" if count is None else count


class RetentionView(ReportView):
    """The retention register as it stands: a rehearsal, which changes nothing."""

    page_title = _("Retention")
    header_icon = "time"
    index_url_name = "retention:index"
    index_results_url_name = "retention:index_results"
    template_name = "organising/retention.html"
    permission_required = "view"
    paginate_by = None
    table_classname = "listing staff-table"
    export_filename = "retention"
    list_export = (
        "what",
        "purpose",
        "basis",
        "until",
        "kept",
        "rows",
        "due",
        "last",
        "next",
    )
    export_headings = {
        "what": _("What is held"),
        "purpose": _("What for"),
        "basis": _("Legal basis"),
        "until": _("Until when"),
        "kept": _("What stays"),
        "rows": _("Rows now"),
        "due": _("Due"),
        "last": _("Last run"),
        "next": _("Next run"),
    }
    columns = (
        CellColumn("retention_what", label=_("What is held")),
        LabelledColumn("until", label=_("Until when"), accessor="entry.until"),
        LabelledColumn("kept", label=_("What stays"), accessor="entry.kept"),
        LabelledColumn("rows", label=_("Rows now")),
        LabelledColumn("due", label=_("Due"), accessor=lambda o: _number(o.due)),
        LabelledColumn("last", label=_("Last run"), accessor=_last),
        LabelledColumn("next", label=_("Next run"), accessor=_next),
    )

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm("community.view_retentionrun")

    def get_filtered_queryset(self) -> list[runs.Outlook]:
        return list(runs.outlooks())

    def to_row_dict(self, item: runs.Outlook) -> dict[str, Any]:
        entry = item.entry
        return {
            "what": str(entry.what),
            "purpose": str(entry.purpose),
            "basis": str(entry.basis),
            "until": entry.until,
            "kept": str(entry.kept),
            "rows": item.rows,
            "due": _number(item.due),
            "last": _last(item),
            "next": _next(item),
        }


def _people(request: HttpRequest) -> QuerySet[User]:
    seen = disclosure.entries().order_by().values("user")
    return User.objects.filter(pk__in=seen).order_by("name")


def _sessions(request: HttpRequest) -> QuerySet[Session]:
    seen = disclosure.entries().order_by().values("data__session")
    keys = {row["data__session"] for row in seen.distinct()} - {None}
    return Session.objects.filter(pk__in=keys).order_by("-starts")


class SessionField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, session: Session) -> str:
        return f"{session.title}, {labels.short_moment(session)}"


class SessionFilter(django_filters.ModelChoiceFilter):
    field_class = SessionField


class DisclosureFilterSet(WagtailFilterSet):
    user = django_filters.ModelChoiceFilter(
        label=_("Who"), queryset=_people, empty_label=_("All of them")
    )
    session = SessionFilter(
        label=_("Session"),
        queryset=_sessions,
        method="filter_session",
        empty_label=_("All of them"),
    )
    action = django_filters.MultipleChoiceFilter(
        label=_("What"),
        choices=lambda: [c for c in logs.get_choices() if c[0] in disclosure.ACTIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    timestamp = django_filters.DateFromToRangeFilter(
        label=_("When"), widget=DateRangePickerWidget
    )

    class Meta:
        model = ModelLogEntry
        fields = ("user", "session", "action", "timestamp")

    def filter_session(
        self, entries: QuerySet[ModelLogEntry], name: str, session: Session
    ) -> QuerySet[ModelLogEntry]:
        return entries.filter(data__session=session.pk)


class DisclosuresView(ReportView):
    """Who of the staff read what people wrote, or took it out."""

    page_title = _("Who has seen the lists of people")
    header_icon = "view"
    index_url_name = "disclosures:index"
    index_results_url_name = "disclosures:index_results"
    permission_required = "view"
    filterset_class = DisclosureFilterSet
    verbose_name_plural = _("entries")
    table_classname = "listing staff-table"
    export_filename = "who-has-seen"
    list_export = ("when", "who", "what", "session", "how", "people")
    export_headings = {
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "session": _("Session or case"),
        "how": _("How"),
        "people": _("People"),
    }
    custom_value_preprocess = WRITTEN
    columns = (
        CellColumn("disclosed_when", label=_("When")),
        LabelledColumn("who", label=_("Who"), accessor="user_display_name"),
        LabelledColumn("what", label=_("What"), accessor="shown_what"),
        CellColumn("disclosed_of", label=_("Session or case")),
    )

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm(ALL_UNITS)

    def get_queryset(self) -> QuerySet[ModelLogEntry]:
        entries = disclosure.entries().select_related("user", "content_type")
        return entries.order_by("-timestamp", "-pk")

    def decorate_paginated_queryset(
        self, object_list: Iterable[ModelLogEntry]
    ) -> list[ModelLogEntry]:
        rows = list(object_list)
        keys = {row.data.get("session") for row in rows}
        sessions = Session.objects.in_bulk(keys - {None})
        for row in rows:
            row.session = sessions.get(row.data.get("session"))
            row.shown_what = _what(row)
        return rows

    def get_table(self, object_list: Any) -> Any:
        # Wagtail makes the table before the rows are whole.
        return super().get_table(self.decorate_paginated_queryset(object_list))

    def to_row_dict(self, item: ModelLogEntry) -> dict[str, Any]:
        how = item.data.get("how")
        return {
            "when": item.timestamp,
            "who": str(item.user_display_name),
            "what": str(logs.get_formatter(item).label),
            "session": item.session.code if item.session else item.data.get("case", ""),
            "how": str(HOW.get(how, "")),
            "people": item.data.get("people", ""),
        }

    @cached_property
    def no_results_message(self) -> str:
        return gettext("Nobody has opened a list of people.")


def _what(entry: ModelLogEntry) -> str:
    """What was done: *List of people taken out (CSV file, 83 people)*."""
    message = str(entry.message)
    how = HOW.get(entry.data.get("how"), "")
    if "cases" in entry.data:
        cases = entry.data["cases"]
        count = ngettext("%d case", "%d cases", cases) % cases
        return f"{message} ({how}, {count})"
    if entry.action != disclosure.TAKEN_OUT:
        return message
    people = entry.data.get("people", 0)
    count = ngettext("%d person", "%d people", people) % people
    return f"{message} ({', '.join(filter(None, [str(how), count]))})"
