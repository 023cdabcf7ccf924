"""Files of spreadsheets that come in, and the text that is in their cells."""

import base64
import binascii
import csv
import io
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from community.spreadsheets import FORMULA

from .cells import DAY, MOMENT, NO, YES, Refused, lines

Table = list[list[str]]

LARGEST = 5_000_000
# It is sent once more when it has been looked at, in a form, which Django lets have
# 2.5 MB.
LARGEST_PACKED = 2_400_000
LARGEST_TEXT = 10_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60
ZIP = b"PK\x03\x04"


def read(octets: bytes, names: Iterable[str], other: str) -> dict[str, Table]:
    """The sheets that are called as one of `names`, as text: a formula is kept as it is
    written and never reckoned. A CSV file (UTF-8; commas or semicolons), or the first
    sheet where none is called so, is `other`. Raises Refused."""
    try:
        if octets.startswith(ZIP):
            sheets = _xlsx(octets, set(names), other)
        else:
            sheets = {other: list(_csv(octets))}
    except UnicodeDecodeError:
        told = _("It is not UTF-8: save the file as “CSV UTF-8”.")
        raise Refused.whole(told) from None
    except (csv.Error, BadZipFile, KeyError, ValueError):
        raise Refused.whole(_("It is no spreadsheet that we can read.")) from None
    sheets = {
        name: [[_plain(cell) for cell in row] for row in table]
        for name, table in sheets.items()
    }
    _check_size(sheets.values())
    return sheets


def _check_size(tables: Collection[Table]) -> None:
    if max(map(len, tables)) > MOST_ROWS + 1:
        words = _("It has more than %(rows)s rows: divide it.")
        raise Refused.whole(words % {"rows": MOST_ROWS})
    cells = (cell for table in tables for row in table for cell in row)
    if sum(map(len, cells)) > LARGEST_TEXT:
        raise _too_large()


def _too_large() -> Refused:
    return Refused.whole(_("It is too large for a catalogue."))


def _csv(octets: bytes) -> Iterator[list[str]]:
    text = octets.decode("utf-8-sig")
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)


def _xlsx(octets: bytes, names: set[str], other: str) -> dict[str, Table]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(octets), read_only=True)
    by_name = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
    ours = {name: sheet for name, sheet in by_name.items() if name in names}
    chosen = ours or {other: book.worksheets[0]}
    return {name: list(_rows(sheet)) for name, sheet in chosen.items()}


def _rows(sheet: Any) -> Iterator[list[str]]:
    rows = sheet.iter_rows(
        max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
    )
    for row in rows:
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime(MOMENT)
    if isinstance(value, date):
        return value.strftime(DAY)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(cell: str) -> str:
    """Without the mark that keeps a formula from being one, and the line ends of other
    systems."""
    text = lines(cell)
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


# Between looking and doing -----------------------------------------------------------


def pack(octets: bytes) -> str:
    """A file as a field of a form takes it. Raises Refused."""
    packed = base64.b64encode(zlib.compress(octets)).decode()
    if len(octets) > LARGEST or len(packed) > LARGEST_PACKED:
        raise _too_large()
    return packed


def unpack(packed: str) -> bytes:
    """The file that `pack` packed. Raises Refused."""
    try:
        return zlib.decompressobj().decompress(
            base64.b64decode(packed, validate=True), LARGEST
        )
    except (binascii.Error, ValueError, zlib.error):
        raise Refused.whole(_("It is no spreadsheet that we can read.")) from None
