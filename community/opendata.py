"""Rows for everybody, in CSV and JSON with the same columns. They are written as they
are sent, so that they grow without taking more memory."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

from community.cover import today
from community.spreadsheets import no_formula

Row = dict[str, str | int]


class Column(NamedTuple):
    """`name` never changes: programs read it. `words` say what it holds."""

    name: str
    lookup: str
    words: Promise


def plain(value: Any) -> str | int:
    """A day as ISO 8601 writes it, and nothing as no letters."""
    if isinstance(value, datetime):
        return timezone.localdate(value).isoformat()
    if isinstance(value, int):
        return value
    return "" if value is None else str(value)


class _Line:
    """A file that gives back what is written into it, a line at a time."""

    def write(self, text: str) -> str:
        return text


def as_csv(found: Iterable[Row], columns: Iterable[Column]) -> Iterator[str]:
    """With the mark of UTF-8, and nothing that a spreadsheet would reckon."""
    written = csv.writer(_Line())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield written.writerow([column.name for column in columns])
    for row in found:
        yield written.writerow(
            no_formula(cell) if isinstance(cell, str) else cell for cell in row.values()
        )


def as_json(found: Iterable[Row], columns: Iterable[Column]) -> Iterator[str]:
    """A list of objects."""
    before = "[\n"
    for row in found:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


WAYS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}


def answer(
    name: str, how: str, found: Iterable[Row], columns: Iterable[Column]
) -> StreamingHttpResponse:
    """`found`, whose keys are the names of `columns`, as a file called after `name`:
    `how` is one of the `WAYS`."""
    written, kind = WAYS[how]
    octets = (part.encode() for part in written(found, columns))
    named = f'attachment; filename="{name}-{today():%Y-%m-%d}.{how}"'
    headers = {"Content-Disposition": named}
    return StreamingHttpResponse(octets, content_type=kind, headers=headers)
