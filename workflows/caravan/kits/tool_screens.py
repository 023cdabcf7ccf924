"""The editors' screens of the tools of the kit."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from community.viewsets import RecordViewSet
from workflows.caravan.models import Tool, ToolVersion
from workflows.engine.files import INERT

from . import documents, making, tools
from .documents import Words
from .fields import Broken
from .tool_form import ToolForm, shown

STALE = _(
    "Somebody has changed its words since you opened it. What you wrote is still here: "
    "save once more, and it counts."
)


class _Worded:
    """Saves the words with the tool, or shows them on paper and saves nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object() if self.kwargs else None
        form = self.get_form()
        if not self.is_valid(form):
            return self.form_invalid(form)
        return _on_paper(form.paper())

    def form_valid(self, form: ToolForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except tools.Stale:
            # Who saves again has seen that there is something newer.
            version = Tool.objects.get(pk=form.instance.pk).latest
            form.data = form.data.copy()
            form.data["seen"] = tools.mark(version)
            form.add_error(None, STALE)
            self.is_valid(form)
            return self.form_invalid(form)

    def save_instance(self) -> Tool:
        form: Any = self.form
        with transaction.atomic():
            tool = super().save_instance()
            seen = form.cleaned_data["seen"]
            if tools.say(tool, form.words, seen=seen, by=self.request.user):
                making.mended(tool)
        return tool


class ToolCreateView(_Worded, generic.CreateView):
    pass


class ToolEditView(_Worded, generic.EditView):
    def get_page_subtitle(self) -> str:
        return self.object.title or self.object.code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, versions=_versions(self.object))


def _versions(tool: Tool) -> list[tuple[ToolVersion, list[tuple[str, str]]]]:
    """Each with its papers, by language; the latest first."""
    rows = tool.versions.select_related("by").annotate(kits=Count("parts"))
    return [
        (
            version,
            [
                (
                    get_language_info(code)["name_translated"],
                    reverse("tool:version", args=[tool.pk, version.number, code]),
                )
                for code in version.words
            ],
        )
        for version in rows
    ]


class ToolIndexView(generic.IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("title", label=_("Title"), get_url=self.get_edit_url),
            *self.list_display,
        ]

    def get_base_queryset(self) -> QuerySet[Tool]:
        return super().get_base_queryset().prefetch_related("versions")


class VersionView(PermissionCheckedMixin, View):
    """A version on paper, with invented data, whatever became of it."""

    permission_policy = ModelPermissionPolicy(Tool)
    any_permission_required = ("view", "change")

    def get(
        self, request: HttpRequest, pk: int, number: int, language: str
    ) -> HttpResponse:
        rows = ToolVersion.objects.select_related("tool")
        version = get_object_or_404(rows, tool=pk, number=number)
        if language not in dict(settings.LANGUAGES):
            raise Http404
        return _on_paper(shown(version, language))


def _on_paper(words: Words) -> HttpResponse:
    try:
        content = documents.pdf(words)
    except Broken as reason:
        return HttpResponse(str(reason), status=409, content_type="text/plain")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = INERT
    return response


def _for_whom(tool: Tool) -> str:
    return tool.get_side_display() or pgettext("sides", "both")


class ToolViewSet(RecordViewSet):
    model = Tool
    icon = "clipboard-list"
    index_view_class = ToolIndexView
    add_view_class = ToolCreateView
    edit_view_class = ToolEditView
    create_template_name = "caravan/tool_form.html"
    edit_template_name = "caravan/tool_form.html"
    ordering = ("order", "pk")
    list_display = (
        Column("what", label=_("What it is"), accessor="get_what_display"),
        Column("side", label=_("For whom"), accessor=_for_whom),
        BooleanColumn("required", label=_("Required"), sort_key="required"),
        BooleanColumn("active", label=_("Given to new stops"), sort_key="active"),
    )
    list_filter = ("what", "side", "required", "active")

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return ToolForm

    def get_urlpatterns(self) -> list:
        version = "<int:pk>/versions/<int:number>/<slug:language>.pdf"
        return [
            *super().get_urlpatterns(),
            path(version, VersionView.as_view(), name="version"),
        ]
