"""How what is in our lists is written in a spreadsheet, and tables as files."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone

# Figures go out as figures.
Cell = str | int | float | None

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """`text` as a spreadsheet shows it and does not reckon it."""
    return f"'{text}" if text.startswith(FORMULA) else text


# For `custom_value_preprocess` of Wagtail's lists. An XLSX knows no time zones.
WRITTEN = {
    str: {"csv": no_formula, "xlsx": no_formula},
    datetime: {
        "csv": lambda moment: f"{timezone.localtime(moment):%Y-%m-%d %H:%M}",
        "xlsx": timezone.make_naive,
    },
}


def as_csv(table: Iterable[Iterable[Cell]]) -> bytes:
    """In UTF-8 with its mark, so that spreadsheets read the accents."""
    text = io.StringIO()
    rows = ([_no_formula(cell) for cell in row] for row in table)
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """A workbook with those sheets, by name: at most 31 characters."""
    # Here, since each process of the web server would keep 17 MB of it for the day on
    # which somebody wants a spreadsheet.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append([_no_formula(cell) for cell in row])
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


def _no_formula(cell: Cell) -> Cell:
    return no_formula(cell) if isinstance(cell, str) else cell
