"""What the screens of figures have in common, whatever the kind of case: they are shown
as tables and taken out as files."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from community.cover import ALL_UNITS, today
from community.models import User
from community.spreadsheets import CONTENT_TYPES, as_csv, as_xlsx
from workflows.engine.access import EXPORT, VIEW
from workflows.engine.kinds import Words
from workflows.engine.tables import Figures


def may_see(user: User) -> bool:
    """Figures name nobody: who answers for all units sees them without the cases."""
    return user.has_perm(VIEW) or user.has_perm(ALL_UNITS)


class Link(NamedTuple):
    """Where else there is something of the figures."""

    address: str
    icon: str
    words: Words


class FiguresView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Of what one's units look after, or all of them: on the screen and, for who may
    take out cases, all tables as XLSX or one as CSV.

    `file_name` is what its files are called, and `none` the words where nothing is
    counted.
    """

    template_name = "cases/figures.html"
    header_icon = "table"
    permission_required = "view"
    http_method_names = ("get", "head")
    file_name = ""
    none: Words = ""

    @cached_property
    def figures(self) -> Figures | None:
        """None if what was chosen is not sound."""
        raise NotImplementedError

    @property
    def chosen(self) -> list[list[str]]:
        """Of what the figures are, for who reads only the file."""
        return []

    @property
    def links(self) -> Sequence[Link]:
        return ()

    def user_has_permission(self, permission: str) -> bool:
        return may_see(self.request.user)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        how = request.GET.get("export")
        if self.figures is None or how not in CONTENT_TYPES:
            return self.render_to_response(self.get_context_data(**kwargs))
        if not request.user.has_perm(EXPORT):
            raise PermissionDenied
        return self._as_file(how, request.GET.get("table"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            figures=self.figures,
            none=self.none,
            links=self.links,
            may_export=self.request.user.has_perm(EXPORT),
            **kwargs,
        )

    def _as_file(self, how: str, wanted: str | None) -> HttpResponse:
        """All of them as XLSX, a sheet for each; or one as CSV."""
        day, tables = f"{today():%Y-%m-%d}", self.figures.all
        name = f"{self.file_name}-{day}"
        if how == "xlsx":
            of = [[str(self.get_page_title()), day], *self.chosen]
            sheets = {table.title: [table.head, *table.rows] for table in tables}
            octets = as_xlsx({gettext("What it is of"): of, **sheets})
        else:
            table = next((t for t in tables if t.name == wanted), tables[0])
            name = f"{self.file_name}-{table.name}-{day}"
            octets = as_csv([table.head, *table.rows])
        headers = {"Content-Disposition": f'attachment; filename="{name}.{how}"'}
        return HttpResponse(octets, content_type=CONTENT_TYPES[how], headers=headers)


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


class FiguresViewSet(ViewSet):
    """Has `view_class` among the reports."""

    view_class: ClassVar[type[FiguresView]]
    icon = "table"
    menu_hook = "register_reports_menu_item"
    menu_item_class = FiguresMenuItem

    def get_urlpatterns(self) -> list:
        return [path("", self.view_class.as_view(), name="index")]
