"""The list of sessions."""

from datetime import datetime

import django_filters
from django import forms
from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from community.models.bodies import search_key
from community.multilingual import every_language
from events.models import Series, Session, SessionQuerySet
from workflows.organising import labels
from workflows.organising.access import series_of, sessions_of

# A search looks through so many sessions: decades of a busy house.
SEARCHED = 2000


def series_to_choose(request: HttpRequest) -> QuerySet[Series]:
    return series_of(request.user)


class SessionFilterSet(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("When"),
        method="filter_when",
        choices=(("coming", _("Coming")), ("past", _("Past"))),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    series = django_filters.ModelChoiceFilter(
        label=_("Series"),
        queryset=series_to_choose,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Session.State.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Session
        fields = ("when", "series", "state")

    def filter_when(
        self, sessions: SessionQuerySet, name: str, value: str
    ) -> SessionQuerySet:
        over = Q(ends__lte=timezone.now())
        return sessions.filter(over if value == "past" else ~over)


class LabelledColumn(Column):
    """A column whose cells know its name: on a narrow screen a row is a sheet, with
    the name beside each."""

    cell_template_name = "organising/cells/plain.html"


class CellColumn(LabelledColumn):
    """One whose cells have a template of their own, named as the column."""

    def __init__(self, name: str, **kwargs) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"organising/cells/{name}.html"


class StandingColumn(CellColumn):
    def get_cell_context_data(self, instance: Session, parent_context) -> dict:
        standing = instance.standing
        return {
            **super().get_cell_context_data(instance, parent_context),
            "words": labels.standing_words(standing),
            "tone": labels.STANDING_TONES.get(standing.kind, ""),
        }


class SessionsView(generic.IndexView):
    """The sessions that one looks after: those to come, the next first, then the
    past ones, the latest first."""

    model = Session
    page_title = _("Sessions")
    header_icon = "date"
    index_url_name = "sessions:index"
    index_results_url_name = "sessions:index_results"
    any_permission_required = ("view", "add", "change")
    filterset_class = SessionFilterSet
    is_searchable = True
    paginate_by = 50
    table_classname = "listing staff-table"
    columns = (
        LabelledColumn(
            "starts",
            label=_("Date"),
            accessor=labels.short_moment,
            sort_key="starts",
        ),
        TitleColumn("title", label=_("Title"), url_name="sessions:session"),
        LabelledColumn("series", label=_("Series")),
        StandingColumn("standing", label=_("State")),
        LabelledColumn(
            "places",
            label=_("Places"),
            accessor=lambda session: labels.places_words(session.standing),
            sort_key="taken",
        ),
        LabelledColumn(
            "waiting_people",
            label=_("Waiting"),
            accessor=lambda session: session.standing.waiting or "",
            sort_key="waiting",
        ),
    )

    @property
    def header_buttons(self) -> list[HeaderButton]:
        month = HeaderButton(
            _("Calendar"), reverse("sessions:month"), icon_name="calendar-alt"
        )
        if not self.user_has_permission("add"):
            return [month]
        new = HeaderButton(_("New session"), reverse("sessions:add"), icon_name="plus")
        return [new, month]

    def get_base_queryset(self) -> SessionQuerySet:
        return sessions_of(self.request.user).with_places().select_related("series")

    def order_queryset(self, queryset: SessionQuerySet) -> SessionQuerySet:
        if self.ordering:
            return queryset.order_by(self.ordering, "pk")
        return queryset.order_by(*coming_first(timezone.now()))

    def search_queryset(self, queryset: SessionQuerySet) -> SessionQuerySet:
        if not self.is_searching:
            return queryset
        words = search_key(self.search_query).split()
        # The texts of all languages lie in one column that the database cannot
        # search: the latest titles are read here instead.
        rows = sessions_of(self.request.user).order_by("-starts")
        rows = rows.values_list("pk", "code", "title", "series__title")[:SEARCHED]
        found = [
            pk
            for pk, code, *texts in rows
            if _has_all(words, " ".join([code, *map(every_language, texts)]))
        ]
        return queryset.filter(pk__in=found)


def coming_first(now: datetime) -> tuple:
    """An order: what is to come, the next first, then the past, the latest first."""
    coming = Case(When(ends__gt=now, then=F("starts")))
    return coming.asc(nulls_last=True), F("starts").desc(), F("pk").desc()


def _has_all(words: list[str], text: str) -> bool:
    key = search_key(text)
    return all(word in key for word in words)
