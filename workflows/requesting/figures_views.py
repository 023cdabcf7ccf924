"""The staff's screen of figures of requests, and the same as files."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from community.cover import today
from community.models.bodies import search_key
from workflows.catalogue.spreadsheet import files
from workflows.engine.access import EXPORT, VIEW, units_of
from workflows.engine.tables import Table
from workflows.staff.figures import FiguresView, FiguresViewSet

from .figure_tables import Tables
from .figures import DIMENSIONS
from .models import CatalogueRequest, RequestQuerySet

BY = next(iter(DIMENSIONS))


class ChosenForm(forms.Form):
    """Of which requests the figures are, in the address."""

    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, requests: RequestQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, dimension in DIMENSIONS.items():
            found = requests.order_by().values_list(dimension.key, dimension.words)
            named = {str(key): str(words) for key, words in found.distinct() if key}
            in_order = sorted(named.items(), key=lambda pair: search_key(pair[1]))
            if name == "year":
                in_order.reverse()
            self.fields[name] = forms.ChoiceField(
                label=dimension.label,
                choices=[("", _("Any of them")), *in_order],
                required=False,
            )

    @property
    def by_what(self) -> str:
        asked = self.cleaned_data.get("by")
        return asked if asked in DIMENSIONS else BY

    @property
    def wish(self) -> dict[str, str]:
        """What was chosen, as a query takes it."""
        data = self.cleaned_data
        return {d.key: data[name] for name, d in DIMENSIONS.items() if data.get(name)}

    @property
    def in_words(self) -> list[list[str]]:
        """What was chosen, for who reads only the file."""
        return [
            [str(field.label), dict(field.choices)[self.cleaned_data[name]]]
            for name, field in self.fields.items()
            if self.cleaned_data.get(name) and name in DIMENSIONS
        ]


class RequestFiguresView(FiguresView):
    """Of the requests of one's units, or of all: how many, how long, in time or not."""

    page_title = _("Figures of requests")
    template_name = "requesting/figures.html"

    @cached_property
    def requests(self) -> RequestQuerySet:
        mine = units_of(self.request.user)
        return CatalogueRequest.objects.submitted().filter(case__unit__in=mine)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ChosenForm(request.GET, requests=self.requests)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        tables = Tables(self.requests.filter(**form.wish), form.by_what)
        how = request.GET.get("export")
        if how in files.CONTENT_TYPES:
            if not request.user.has_perm(EXPORT):
                raise PermissionDenied
            return _as_file(tables.all, how, request.GET.get("table"), form)
        context = self.get_context_data(form=form, tables=tables)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        form = kwargs["form"]
        return super().get_context_data(
            dimensions=[
                (name, dimension.label, name == form.by_what)
                for name, dimension in DIMENSIONS.items()
            ],
            reads_cases=user.has_perm(VIEW),
            may_export=user.has_perm(EXPORT),
            **kwargs,
        )


def _as_file(
    tables: list[Table], how: str, wanted: str | None, form: ChosenForm
) -> HttpResponse:
    """All of them as XLSX, a sheet for each; or one as CSV."""
    name = f"requests-{today():%Y-%m-%d}"
    if how == "xlsx":
        chosen = [
            [str(RequestFiguresView.page_title), f"{today():%Y-%m-%d}"],
            *form.in_words,
        ]
        sheets = {table.title: [table.head, *table.rows] for table in tables}
        octets = files.as_xlsx({str(_("What it is of")): chosen, **sheets})
    else:
        table = next((t for t in tables if t.name == wanted), tables[0])
        name = f"requests-{table.name}-{today():%Y-%m-%d}"
        octets = files.as_csv([table.head, *table.rows])
    headers = {"Content-Disposition": f'attachment; filename="{name}.{how}"'}
    return HttpResponse(octets, content_type=files.CONTENT_TYPES[how], headers=headers)


class RequestFiguresViewSet(FiguresViewSet):
    name = "figures"
    url_prefix = "reports/requests"
    menu_label = _("Figures of requests")
    menu_order = 30
    view_class = RequestFiguresView
