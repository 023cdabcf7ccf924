"""Bringing local bodies in from a file, as often as the file changes."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from community.models import LocalBody

Kind = LocalBody.Kind

REQUIRED = ("code", "name")
COLUMNS = (*REQUIRED, "kind", "parent", "comarca", "population")

# Municipalities have the code that the INE gives them: province and number.
INE_CODE = re.compile(r"[0-9]{5}")
OWN_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Nine digits at most: more people than any body has, less than the column holds.
PEOPLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Row:
    """One line of a file: its number there, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Refused(Exception):
    """The file has `faults`; nothing of it was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


@dataclass(frozen=True)
class Change:
    """A body that is there already, and what the file says otherwise: for each field
    what it was and what it becomes."""

    body: LocalBody
    fields: dict[str, tuple[Any, Any]]


@dataclass
class Outcome:
    """What an import did, or would do."""

    new: list[LocalBody] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0


def read_rows(octets: bytes) -> list[Row]:
    """The lines of a CSV file (UTF-8, commas; the first line names the columns).

    `code` and `name` must be there; `kind`, `parent` (a code), `comarca` and
    `population` may. Raises Refused.
    """
    reader = csv.reader(io.StringIO(_decoded(octets), newline=""), strict=True)
    rows, faults = [], []
    try:
        columns = [name.strip() for name in next(reader, [])]
        _check_columns(columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) == len(columns):
                clean = (" ".join(cell.split()) for cell in cells)
                rows.append(
                    Row(reader.line_num, dict(zip(columns, clean, strict=True)))
                )
            else:
                reason = f"{len(cells)} cells where there are {len(columns)} columns"
                faults.append(Fault(reader.line_num, reason))
    except csv.Error as error:
        faults.append(Fault(reader.line_num, f"not CSV: {error}"))
    if not rows and not faults:
        faults.append(Fault(1, "the file has no bodies"))
    if faults:
        raise Refused(faults)
    return rows


def import_bodies(
    rows: Sequence[Row],
    *,
    year: int | None = None,
    source: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Have every body of `rows`, found by its code, as its row says.

    A row without a kind is a municipality; any other cell that is empty changes
    nothing, and no body is deleted. `year` and `source` are those of the
    populations, without which no population is taken. With `dry_run` nothing is
    written. All is done or, if a row is wrong, nothing: raises Refused with every
    fault.
    """
    with transaction.atomic():
        faults = sorted(_faults(rows, year, source), key=lambda fault: fault.line)
        if faults:
            raise Refused(faults)
        outcome = Outcome()
        bodies = LocalBody.objects.select_related("parent")
        known = bodies.in_bulk(field_name="code")
        for row in rows:
            body = _take(row, known, outcome, year, source)
            if not dry_run and body:
                body.save()
    return outcome


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise Refused([Fault(line, "not UTF-8; save the file as UTF-8")]) from error


def _check_columns(columns: list[str]) -> None:
    if missing := [name for name in REQUIRED if name not in columns]:
        reason = f"no column {' and no column '.join(missing)}"
    elif unknown := [name for name in columns if name not in COLUMNS]:
        reason = f"unknown column {', '.join(map(repr, unknown))}"
    elif len(set(columns)) < len(columns):
        reason = "a column is there twice"
    else:
        return
    raise Refused([Fault(1, f"{reason}; the columns are {', '.join(COLUMNS)}")])


def _faults(rows: Sequence[Row], year: int | None, source: str) -> Iterator[Fault]:
    undated = (row.line for row in rows if row.cells.get("population"))
    if not (year and source) and (line := next(undated, None)):
        yield Fault(line, "a population needs the year and the source of the figures")
    codes = set(LocalBody.objects.values_list("code", flat=True))
    seen: dict[str, int] = {}
    for row in rows:
        code = row.cells["code"]
        for reason in _faults_of(row.cells):
            yield Fault(row.line, reason)
        if code in seen:
            yield Fault(row.line, f"code {code} is on line {seen[code]} too")
        parent = row.cells.get("parent", "")
        # A parent comes first, in the file or before it: so none is its own.
        if parent and (parent == code or parent not in codes | seen.keys()):
            yield Fault(row.line, f"parent {parent!r} is no body listed before")
        seen.setdefault(code, row.line)


def _faults_of(cells: dict[str, str]) -> Iterator[str]:
    kind = _kind(cells)
    if kind not in Kind.values:
        yield f"kind {kind!r} is none of {', '.join(Kind.values)}"
    elif kind == Kind.MUNICIPALITY and not INE_CODE.fullmatch(cells["code"]):
        yield f"code {cells['code']!r} is not an INE code: five digits"
    elif not OWN_CODE.fullmatch(cells["code"]):
        yield f"code {cells['code']!r} is not small letters, digits and hyphens"
    if not cells["name"]:
        yield "no name"
    for name, text in cells.items():
        longest = getattr(LocalBody._meta.get_field(name), "max_length", None)
        if not text.isprintable() or "\ufffd" in text:
            yield f"{name} has characters that cannot be shown"
        if longest and len(text) > longest:
            yield f"{name} is longer than {longest} characters"
    population = cells.get("population")
    if population and not PEOPLE.fullmatch(population):
        yield f"population {population!r} is not a whole number"


def _kind(cells: dict[str, str]) -> str:
    return cells.get("kind") or Kind.MUNICIPALITY.value


def _take(
    row: Row,
    known: dict[str, LocalBody],
    outcome: Outcome,
    year: int | None,
    source: str,
) -> LocalBody | None:
    """Count the row into `outcome`; returns the body to save, if there is one."""
    body = known.get(row.cells["code"])
    values = _values(row.cells, known, year, source)
    if body is None:
        body = known[row.cells["code"]] = LocalBody(**values)
        outcome.new.append(body)
        return body
    before = {name: getattr(body, name) for name in values}
    fields = {
        name: (before[name], value)
        for name, value in values.items()
        if before[name] != value
    }
    if not fields:
        outcome.same += 1
        return None
    for name in fields:
        setattr(body, name, values[name])
    outcome.changed.append(Change(body, fields))
    return body


def _values(
    cells: dict[str, str],
    known: dict[str, LocalBody],
    year: int | None,
    source: str,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": cells["code"],
        "kind": _kind(cells),
        "name": cells["name"],
    }
    if comarca := cells.get("comarca"):
        values["comarca"] = comarca
    if parent := cells.get("parent"):
        values["parent"] = known[parent]
    if population := cells.get("population"):
        values["population"] = int(population)
        values["population_year"] = year
        values["population_source"] = source
    return values
