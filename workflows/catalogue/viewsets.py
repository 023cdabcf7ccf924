"""The staff's lists of the catalogue."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets.button import Button, HeaderButton

from community.viewsets import RecordViewSet

from .file_screens import ExportView, ImportView, ReportFileView, ReportView
from .records import Area, Edition, InForce, Instrument, Resource
from .screens import CopyView, PreviewView, WindowsView


class ResourceIndexView(generic.IndexView):
    """Every resource, listed or not."""

    def get_base_queryset(self) -> QuerySet[Resource]:
        return super().get_base_queryset().select_related("area", "unit")

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if not self.permission_policy.user_has_permission(self.request.user, "change"):
            return buttons
        export = f"{reverse('resource:export')}?format=xlsx"
        for label, url, icon in (
            (_("Import a spreadsheet"), reverse("resource:import"), "upload"),
            (_("Export all (XLSX)"), export, "download"),
            (_("What each body can request"), reverse("resource:report"), "site"),
        ):
            buttons.append(Button(label, url, icon_name=icon))
        return buttons


class ResourceEditView(generic.EditView):
    @property
    def header_more_buttons(self) -> list[Button]:
        url = reverse("resource:preview", args=[self.object.pk])
        shown = Button(_("See the form"), url, icon_name="view")
        return [*super().header_more_buttons, shown]


class ResourceViewSet(RecordViewSet):
    model = Resource
    icon = "list-ul"
    index_view_class = ResourceIndexView
    edit_view_class = ResourceEditView
    # Who only reads the catalogue opens it here.
    inspect_view_enabled = True
    list_display = (
        "code",
        "name",
        Column("area", label=_("Area")),
        Column("unit", label=_("Unit")),
        BooleanColumn("listed", label=_("In the catalogue"), sort_key="listed"),
    )
    list_filter = ("area", "unit", "support", "listed", "topics")
    ordering = ("code",)

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("import/", ImportView.as_view(), name="import"),
            path("export/", ExportView.as_view(), name="export"),
            path("report/", ReportView.as_view(), name="report"),
            path("report/<slug:kind>/", ReportFileView.as_view(), name="report_file"),
            path("form/<int:pk>/", PreviewView.as_view(), name="preview"),
        ]


class EditionFilterSet(WagtailFilterSet):
    year = django_filters.NumberFilter(label=_("Year"))
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), field_name="resource__area", queryset=Area.objects.all()
    )

    class Meta:
        model = Edition
        fields = ("year", "area", "is_published")


class EditionIndexView(generic.IndexView):
    """Every edition, the latest year first."""

    is_searchable = True

    def get_base_queryset(self) -> QuerySet[Edition]:
        return super().get_base_queryset().select_related("resource")

    def search_queryset(self, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        if not self.is_searching:
            return queryset
        return queryset.filter(resource__code__icontains=self.search_query.strip())

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if self.permission_policy.user_has_permission(self.request.user, "change"):
            copy, windows = reverse("edition:copy"), reverse("edition:windows")
            buttons += [
                HeaderButton(_("Copy a year"), copy, icon_name="copy"),
                HeaderButton(_("Open and close"), windows, icon_name="calendar"),
            ]
        return buttons


def _moment(name: str) -> Any:
    def written(row: Edition) -> str:
        moment = getattr(row, name)
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""

    return written


class EditionViewSet(RecordViewSet):
    model = Edition
    icon = "calendar"
    index_view_class = EditionIndexView
    inspect_view_enabled = True
    filterset_class = EditionFilterSet
    list_display = (
        "resource",
        Column("year", label=_("Year"), sort_key="year"),
        Column("opens", label=_("Opens"), accessor=_moment("opens"), sort_key="opens"),
        Column(
            "closes", label=_("Closes"), accessor=_moment("closes"), sort_key="closes"
        ),
        BooleanColumn("is_published", label=_("Published"), sort_key="is_published"),
    )

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("copy/", CopyView.as_view(), name="copy"),
            path("windows/", WindowsView.as_view(), name="windows"),
        ]


class AreaViewSet(RecordViewSet):
    model = Area
    icon = "folder-open-inverse"
    form_fields = ("code", "name", "order")
    list_display = ("__str__", "code", "order")


class InstrumentViewSet(RecordViewSet):
    model = Instrument
    icon = "doc-full"
    form_fields = ("code", "name", "url")
    list_display = ("__str__", "code")


class InForceViewSet(RecordViewSet):
    model = InForce
    icon = "check"
    form_fields = ("instrument", "body", "starts", "until")
    list_display = ("body", "instrument", "starts", "until")
    list_filter = ("instrument",)


class CatalogueGroup(ModelViewSetGroup):
    menu_label = _("Catalogue")
    menu_icon = "list-ul"
    menu_order = 230
    items = (
        ResourceViewSet,
        EditionViewSet,
        AreaViewSet,
        InstrumentViewSet,
        InForceViewSet,
    )
