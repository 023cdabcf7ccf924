"""The lists of cases: what is mine, what nobody has, all of them, what is settled, and
what is in trouble."""

import codecs
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views import generic

from community.cover import today
from community.models import LocalBody, User
from community.spreadsheets import WRITTEN
from workflows.engine import disclosure, inbox, kinds
from workflows.engine.access import (
    CHANGE,
    EXPORT,
    READ_WORDING,
    cases_of,
    units_of,
)
from workflows.engine.kinds import outcome_words
from workflows.engine.models import Case, CaseQuerySet
from workflows.staff import labels
from workflows.staff.counting import waiting

WEEK = timedelta(days=7)


def _bodies(request: HttpRequest) -> QuerySet[LocalBody]:
    mine = cases_of(request.user).order_by().values("body")
    return LocalBody.objects.filter(pk__in=mine)


def _holders(request: HttpRequest) -> QuerySet[User]:
    steps = inbox.office_steps().filter(process__case__unit__in=units_of(request.user))
    return User.objects.filter(pk__in=steps.order_by().values("owner"))


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in kinds.known()]


class CaseFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=_kinds, widget=forms.CheckboxSelectMultiple
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Case.State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    unit = django_filters.ChoiceFilter(
        label=_("Unit"),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    body = django_filters.ModelChoiceFilter(
        label=_("Local body"),
        queryset=_bodies,
        widget=forms.Select,
        empty_label=_("All of them"),
    )
    holder = django_filters.ModelChoiceFilter(
        label=_("Who has it"),
        queryset=_holders,
        method="filter_holder",
        widget=forms.Select,
        empty_label=_("Anybody"),
    )
    due = django_filters.ChoiceFilter(
        label=_("Deadline"),
        method="filter_due",
        choices=(
            ("overdue", _("Overdue")),
            ("week", _("In the next seven days")),
            ("none", _("No term running")),
        ),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    still = django_filters.ChoiceFilter(
        label=_("Days since the last action"),
        method="filter_still",
        choices=(
            ("7", _("More than 7")),
            ("15", _("More than 15")),
            ("30", _("More than 30")),
        ),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    class Meta:
        model = Case
        fields = ("kind", "state", "unit", "body", "holder", "due", "still")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked for once; a filter of models asks to show them and again to check.
        units = [(str(unit.pk), str(unit)) for unit in units_of(self.request.user)]
        self.filters["unit"].extra["choices"] = units

    def filter_holder(self, cases: CaseQuerySet, name: str, value: User) -> QuerySet:
        steps = inbox.office_steps().filter(owner=value)
        return cases.filter(process__in=steps.values("process"))

    def filter_due(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet:
        if value == "overdue":
            return cases.overdue(today())
        if value == "week":
            return cases.active().filter(due__range=(today(), today() + WEEK))
        return cases.filter(due=None)

    def filter_still(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet:
        then = timezone.now() - timedelta(days=int(value))
        return cases.active().filter(last_action__lt=then)


class CellColumn(Column):
    """A column whose cells have a template of their own, named as the column, and know
    its name: on a narrow screen a row is a sheet, with the name beside each."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"cases/cells/{name}.html"

    def get_value(self, instance: Case) -> Any:
        return SAID[self.name](instance) if self.name in SAID else None


class TroubleColumn(CellColumn):
    """What is wrong, each with its way out: a button where one is enough."""

    def get_cell_context_data(self, instance: Case, parent_context: Any) -> dict:
        context = super().get_cell_context_data(instance, parent_context)
        request = context["request"]
        return {
            **context,
            "case": instance,
            "may_work": request.user.has_perm(CHANGE),
            "is_internal": kinds.kind_of(instance).is_internal,
            "csrf_token": get_token(request),
        }


SAID = {
    "kind": labels.kind,
    "state": labels.state,
    "due": lambda case: labels.deadline(case, today()),
    "last_action": labels.since,
}
CASE = CellColumn("case", label=_("Case"), sort_key="number")
STEP = CellColumn("step", label=_("What comes next"))
UNIT = CellColumn("unit", label=_("Unit"))
STATE = CellColumn("state", label=_("State"), sort_key="state")
DUE = CellColumn("due", label=_("Deadline"), sort_key="due")
LAST = CellColumn("last_action", label=_("Last action"), sort_key="last_action")
TROUBLE = TroubleColumn("trouble", label=_("What is wrong"))


class CasesView(generic.IndexView):
    """A list of the cases that one looks after, the one most in a hurry first."""

    model = Case
    any_permission_required = ("view", "change")
    header_icon = "folder-open-inverse"
    template_name = "cases/list.html"
    filterset_class = CaseFilterSet
    is_searchable = True
    paginate_by = 50
    table_classname = "listing staff-table"
    # Its name in the addresses and in the tabs; the filters that would say nothing.
    name = ""
    without: tuple[str, ...] = ()
    shown: tuple[Column, ...] = (CASE, STEP, UNIT, DUE, LAST)
    empty = _("No case matches.")

    def get_index_url(self) -> str:
        return reverse(f"cases:{self.name}")

    def get_index_results_url(self) -> str:
        return reverse(f"cases:{self.name}_results")

    def get_breadcrumbs_items(self) -> list[dict]:
        home = {"url": reverse("cases:index"), "label": _("Cases")}
        return [*self.breadcrumbs_items, home, {"url": "", "label": self.page_title}]

    @cached_property
    def may_work(self) -> bool:
        return self.user_has_permission("change")

    @cached_property
    def columns(self) -> list[Column]:
        ticks = BulkActionsCheckboxColumn("bulk_actions", obj_type="case")
        return [*([ticks] if self.may_work else []), *self.shown]

    @cached_property
    def filters(self) -> WagtailFilterSet:
        filters = self.filterset_class(**self.get_filterset_kwargs())
        for name in self.without:
            del filters.filters[name]
        return filters

    def get_base_queryset(self) -> CaseQuerySet:
        return inbox.with_steps(self.cases())

    def cases(self) -> CaseQuerySet:
        raise NotImplementedError

    def order_queryset(self, queryset: CaseQuerySet) -> QuerySet[Case]:
        in_a_hurry = F("due").asc(nulls_last=True)
        if self.ordering and self.ordering != "due":
            return queryset.order_by(self.ordering, "pk")
        return queryset.order_by(in_a_hurry, "last_action", "pk")

    def search_queryset(self, queryset: CaseQuerySet) -> CaseQuerySet:
        return queryset.matching(self.search_query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.is_searching or self.is_filtering
        return {
            **super().get_context_data(**kwargs),
            "tabs": tabs(self.request, self.name),
            "may_work": self.may_work,
            "no_results_message": CasesView.empty if asked else self.empty,
        }


def listed_in(request: HttpRequest, address: str) -> QuerySet[Case]:
    """What the list at `address`, a path of ours, shows to who asks, on all its pages:
    searched and filtered as `request` says. None for any other address."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return Case.objects.none()
    found = {f"cases:{view.name}": view for view in CasesView.__subclasses__()}
    if name not in found:
        return Case.objects.none()
    view = found[name]()
    view.setup(request)
    return view.get_queryset().prefetch_related(None)


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The lists, and how many cases are in those that ask for somebody."""
    found = waiting(request)
    counts = {"index": found["mine"], "queue": found["queue"]}
    reads = request.user.has_perm(READ_WORDING)
    return [
        {
            "url": reverse(f"cases:{name}"),
            "label": label,
            "count": counts.get(name),
            "is_here": name == here,
        }
        for name, label in (
            ("index", _("Inbox")),
            ("queue", _("Queue")),
            ("all", _("All cases")),
            ("archive", _("Archive")),
            ("problems", _("Problems")),
            *([("wordings", _("Wording of messages"))] if reads else []),
        )
    ]


class InboxView(CasesView):
    """What one has claimed or been given."""

    name = "index"
    page_title = _("Inbox")
    without = ("holder", "state", "body")
    empty = _("You have nothing to do. What nobody has is in the queue.")

    def cases(self) -> CaseQuerySet:
        return inbox.held_by(self.request.user)


class QueueView(CasesView):
    """What nobody of one's units has claimed."""

    name = "queue"
    page_title = _("Queue")
    without = ("holder", "state")
    empty = _("Everything is claimed: nothing waits for somebody to take it.")

    def cases(self) -> CaseQuerySet:
        return inbox.unclaimed(self.request.user)


class AllView(CasesView):
    """Every case that one looks after; also as a file."""

    name = "all"
    page_title = _("All cases")
    shown = (CASE, STATE, STEP, UNIT, DUE, LAST)
    empty = _("There is no case yet.")
    list_export = (
        "number",
        "kind",
        "title",
        "state",
        "outcome",
        "unit",
        "body",
        "holder",
        "due",
        "answer_by",
        "created",
        "last_action",
        "finished",
    )
    custom_value_preprocess = WRITTEN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_export and not self.show_export_buttons:
            raise PermissionDenied
        disclosure.listed(by=request.user)
        return super().get(request, *args, **kwargs)

    def as_spreadsheet(
        self, queryset: CaseQuerySet, spreadsheet_format: str
    ) -> HttpResponseBase:
        disclosure.taken_out(
            by=self.request.user, how=spreadsheet_format, cases=queryset.count()
        )
        # It is written while it leaves, in whatever language is active then.
        self._language = get_language()
        self.export_headings = {
            name: capfirst(str(Case._meta.get_field(name).verbose_name))
            for name in self.list_export
            if name != "holder"
        } | {"holder": gettext("Who has it")}
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def stream_csv(self, queryset: CaseQuerySet) -> Iterator[bytes]:
        # Or else Excel takes it for the letters of old Windows.
        yield codecs.BOM_UTF8
        yield from super().stream_csv(queryset)

    def to_row_dict(self, item: Case) -> dict[str, Any]:
        with override(self._language):
            words = {
                "kind": labels.kind(item),
                "state": item.get_state_display(),
                "outcome": outcome_words(item),
                "unit": str(item.unit),
                "body": item.body.name if item.body else "",
                "holder": labels.holders(item),
            }
        return {
            name: words[name] if name in words else getattr(item, name)
            for name in self.list_export
        }

    @cached_property
    def show_export_buttons(self) -> bool:
        return self.request.user.has_perm(EXPORT)

    def get_filename(self) -> str:
        return f"cases-{today():%Y-%m-%d}"

    def cases(self) -> CaseQuerySet:
        return cases_of(self.request.user)


class ArchiveView(CasesView):
    """What is settled, the latest first."""

    name = "archive"
    page_title = _("Archive")
    shown = (CASE, STATE, UNIT, LAST)
    without = ("holder", "due", "still")
    empty = _("Nothing is settled yet.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        disclosure.listed(by=request.user)
        return super().get(request, *args, **kwargs)

    def cases(self) -> CaseQuerySet:
        return cases_of(self.request.user).settled()

    def order_queryset(self, queryset: CaseQuerySet) -> QuerySet[Case]:
        return queryset.order_by(self.ordering or "-finished", "pk")


class ProblemsView(CasesView):
    """What stands still until somebody mends something."""

    name = "problems"
    page_title = _("Problems")
    shown = (CASE, TROUBLE, STEP, UNIT, LAST)
    without = ("due", "still")
    empty = _("Nothing is stuck, and every mail has left.")

    def cases(self) -> CaseQuerySet:
        return inbox.with_stuck(inbox.in_trouble(self.request.user))
