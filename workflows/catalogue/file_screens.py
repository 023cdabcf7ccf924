"""The staff's screens of files: the whole catalogue out and in, and the report."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from community.spreadsheets import CONTENT_TYPES, as_csv, as_xlsx

from . import report_files
from .records import Edition
from .report_files import Report
from .screens import Screen
from .spreadsheet import files, whole
from .spreadsheet.cells import Refused
from .spreadsheet.sheets import Line

# What a row of each sheet is.
ROWS = {
    "resources": _("A resource, with its edition of one year"),
    "questions": _("What the form of a resource asks besides"),
    "areas": _("An area"),
    "instruments": _("An instrument"),
    "signed": _("An instrument that a body has signed"),
}
FIRST = "resources"


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet of the catalogue (XLSX or CSV)"),
        help_text=_(
            "As the one that you export. What is missing in it (a sheet, a column, a "
            "row) stays as it was; an empty cell empties."
        ),
    )
    sheet = forms.ChoiceField(
        label=_("In a CSV, a row is"),
        choices=list(ROWS.items()),
        initial=FIRST,
        required=False,
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > files.LARGEST:
            raise ValidationError(_("It is too large for a catalogue."))
        return file.read()


class ImportView(Screen):
    """A spreadsheet: what each row would change is shown first, and then done."""

    page_title = _("Import the catalogue")
    header_icon = "upload"
    template_name = "catalogue/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        years = Edition.objects.values_list("year", flat=True).order_by("-year")
        given = {
            "form": FileForm(),
            "sheets": [
                (name, ROWS[name], ", ".join(columns))
                for name, columns in whole.COLUMNS.items()
            ],
            "years": years.distinct(),
            **kwargs,
        }
        return super().get_context_data(**given)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        is_sent_again = "packed" in request.POST
        if not is_sent_again and not form.is_valid():
            return self.answer(422, form=form)
        asked = request.POST.get("sheet", "")
        sheet = asked if asked in ROWS else FIRST
        try:
            if is_sent_again:
                octets = files.unpack(request.POST["packed"])
            else:
                octets = form.cleaned_data["file"]
            packed = files.pack(octets)
            tables = files.read(octets, ROWS, sheet)
            lines = whole.import_catalogue(tables, by=request.user, dry_run=True)
            seen = _mark(lines)
            if request.POST.get("seen") == seen:
                whole.import_catalogue(tables, by=request.user)
                messages.success(request, _told(lines))
                return redirect("resource:index")
        except Refused as refused:
            return self.answer(422, faults=refused.faults)
        return self.answer(
            told=_told(lines),
            would=[line for line in lines if not line.is_same],
            seen=seen,
            sent=[("packed", packed), ("sheet", sheet)],
        )


def _mark(lines: list[Line]) -> str:
    """By which it is known whether what was shown is still what would be done."""
    said = [(line.sheet, line.row, line.is_new, line.changes) for line in lines]
    return sha256(repr(said).encode()).hexdigest()


def _told(lines: list[Line]) -> str:
    """In figures what a file changes."""
    new = sum(line.is_new for line in lines)
    same = sum(line.is_same for line in lines)
    words = gettext("New: %(new)d. Changed: %(changed)d. As they were: %(same)d.")
    return words % {"new": new, "changed": len(lines) - new - same, "same": same}


class ExportView(Screen):
    """The whole catalogue, with its editions of a year, as it can be imported again:
    all of it as XLSX, or a sheet as CSV."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        year = request.GET.get("year", "")
        is_year = year.isascii() and year.isdigit() and len(year) == 4
        sheets = whole.sheets_of(int(year) if is_year else timezone.localdate().year)
        if request.GET.get("format") == "xlsx":
            octets, kind, name = as_xlsx(sheets), "xlsx", "cataleg"
        else:
            asked = request.GET.get("sheet", FIRST)
            sheet = asked if asked in sheets else FIRST
            octets, kind, name = as_csv(sheets[sheet]), "csv", f"cataleg-{sheet}"
        named = f"{name}-{timezone.localdate():%Y-%m-%d}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{named}"'}
        return HttpResponse(octets, content_type=CONTENT_TYPES[kind], headers=headers)


# What each body can request ---------------------------------------------------------


class ReportView(Screen):
    """Asking for the report as a file, and what has come of it."""

    page_title = _("Report by body")
    header_icon = "download"
    template_name = "catalogue/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = report_files.of(self.request.user)
        there = {report.kind for report in reports}
        missing = [kind for kind in Report.Kind if kind not in there]
        return super().get_context_data(reports=reports, missing=missing, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind = request.POST.get("kind")
        if kind not in Report.Kind:
            kind = Report.Kind.XLSX
        report_files.ask(request.user, kind)
        return redirect("resource:report")


class ReportFileView(Screen):
    """The file, for who asked for it."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        return report_files.handed_out(request.user, kwargs["kind"])
