"""The staff's screens of holidays: the list, what is missing in it, and files in and
out."""

from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button

from community.cover import today
from community.cover_screens import LabelledColumn
from community.forms import DATES
from community.models import LocalBody, User
from community.viewsets import RecordViewSet

from .feasts import usual_holidays
from .holidays import (
    COLUMNS,
    YEARS,
    Outcome,
    Refused,
    as_csv,
    cells_of,
    import_holidays,
    outlooks,
)
from .models import Holiday, HolidayQuerySet

# Bytes. The local holidays of a year in all of Catalonia are a tenth of it.
LARGEST = 512 * 1024


class HolidayForm(WagtailAdminModelForm):
    date = forms.DateField(
        label=_("Day"),
        input_formats=DATES,
        widget=AdminDateInput(format=DATES[0]),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        general = cleaned.get("territory") in Holiday.GENERAL
        if general and cleaned.get("body"):
            self.add_error("body", _("Leave it empty: it is a holiday of everybody."))
        if not (general or cleaned.get("body") or "body" in self.errors):
            self.add_error("body", _("Choose whose holiday it is."))
        if general and "name" not in self.errors and not cleaned.get("name"):
            self.add_error("name", _("Write its name."))
        return cleaned


# The list ---------------------------------------------------------------------------


def _years() -> list[tuple[int, str]]:
    days = Holiday.objects.order_by().dates("date", "year", order="DESC")
    return [(day.year, str(day.year)) for day in days]


def _bodies(request: HttpRequest) -> QuerySet[LocalBody]:
    return LocalBody.objects.filter(holidays__isnull=False).distinct()


class HolidayFilterSet(WagtailFilterSet):
    year = django_filters.ChoiceFilter(
        label=_("Year"),
        field_name="date",
        lookup_expr="year",
        choices=_years,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    territory = django_filters.ChoiceFilter(
        label=_("Where"),
        choices=Holiday.Territory.choices,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    body = django_filters.ModelChoiceFilter(
        label=_("Local body"), queryset=_bodies, empty_label=_("All of them")
    )

    class Meta:
        model = Holiday
        fields = ("year", "territory", "body")


class HolidayIndexView(generic.IndexView):
    """The holidays by day, found by name and by local body; and what is missing."""

    template_name = "engine/holidays.html"
    filterset_class = HolidayFilterSet
    is_searchable = True
    table_classname = "listing staff-table"
    list_export = COLUMNS
    # As `import_holidays` reads it.
    export_headings = dict(zip(COLUMNS, COLUMNS, strict=True))
    export_filename = "holidays"

    @cached_property
    def columns(self) -> list:
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "date",
                label=_("Day"),
                accessor="in_words",
                sort_key="date",
                get_url=self.get_edit_url,
            ),
            LabelledColumn("name", label=_("Name"), accessor="label"),
            LabelledColumn("where", label=_("Where")),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if not self.user_has_permission("add"):
            return buttons
        url = reverse("holiday:import")
        return [Button(_("Import a file"), url, icon_name="upload"), *buttons]

    def get_base_queryset(self) -> HolidayQuerySet:
        return Holiday.objects.select_related("body")

    def search_queryset(self, queryset: HolidayQuerySet) -> HolidayQuerySet:
        return queryset.matching(self.search_query) if self.is_searching else queryset

    def to_row_dict(self, item: Holiday) -> dict[str, str]:
        return cells_of(item)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.results_only:
            year = today().year
            context["outlooks"] = outlooks((year, year + 1))
        return context


# Importing --------------------------------------------------------------------------


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("List of holidays (CSV)"),
        help_text=_(
            "The first line names the columns. A day is 2027-03-26 or 26/03/2027; "
            "“where” is national, catalonia or the code of the local body. A local "
            "holiday needs no name."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("It is too large for a list of holidays."))
        return file.read()


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A file of holidays: what it would change is shown first, and then done."""

    model = Holiday
    permission_required = "add"
    page_title = _("Import holidays")
    header_icon = "upload"
    template_name = "engine/import_holidays.html"

    def get_breadcrumbs_items(self) -> list[dict]:
        url, label = reverse("holiday:index"), gettext("Holidays")
        return [
            *self.breadcrumbs_items,
            {"url": url, "label": label},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if "text" in request.POST:
            octets = request.POST["text"].encode()
        elif form.is_valid():
            octets = form.cleaned_data["file"]
        else:
            return self._answer(form=form)
        try:
            would = import_holidays(octets, dry_run=True)
            if request.POST.get("seen") == _told(would):
                return self._import(octets)
        except Refused as refused:
            return self._answer(faults=refused.faults)
        # The spreadsheet's mark of UTF-8 is no part of the text.
        text = octets.decode("utf-8-sig")
        return self._answer(would=would, sent=[("text", text)], seen=_told(would))

    def _import(self, octets: bytes) -> HttpResponse:
        done = import_holidays(octets, by=cast(User, self.request.user))
        messages.success(self.request, _told(done))
        return redirect("holiday:index")

    def _answer(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = today().year
        return super().get_context_data(
            **{
                "form": FileForm(),
                "columns": COLUMNS,
                "years": (year, year + 1),
                **kwargs,
                "told": kwargs.get("seen"),
            }
        )


def _told(outcome: Outcome) -> str:
    """*12 new, 1 changed, 3 as they were.*"""
    new, changed = len(outcome.new), len(outcome.changed)
    parts = (
        ngettext("%d new holiday", "%d new holidays", new) % new,
        ngettext("%d changed", "%d changed", changed) % changed,
        ngettext("%d as it was", "%d as they were", outcome.same) % outcome.same,
    )
    return ", ".join(parts)


def usual_csv(request: HttpRequest, year: int) -> HttpResponse:
    """A file to begin with: what Spain and Catalonia keep every year."""
    if not request.user.has_perm("engine.add_holiday"):
        return redirect("wagtailadmin_home")
    if year not in YEARS:
        raise Http404
    answer = HttpResponse(as_csv(usual_holidays(year)), content_type="text/csv")
    name = f'attachment; filename="holidays-{year}.csv"'
    answer.headers["Content-Disposition"] = name
    return answer


class HolidayViewSet(RecordViewSet):
    model = Holiday
    icon = "calendar"
    menu_label = _("Holidays")
    add_to_settings_menu = True
    index_view_class = HolidayIndexView
    form_fields = ("date", "territory", "body", "name")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return forms.modelform_factory(
            Holiday,
            form=HolidayForm,
            fields=self.form_fields,
            formfield_callback=self.formfield_for_dbfield,
        )

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("import/", ImportView.as_view(), name="import"),
            path("usual/<int:year>.csv", usual_csv, name="usual_csv"),
        ]
