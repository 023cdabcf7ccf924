"""The list of holidays: brought in from a file, and what is missing in it."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from community.models import LocalBody, User

from .clock import LOCAL_HOLIDAYS_A_YEAR, upwards
from .models import Holiday

Territory = Holiday.Territory

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
NAMES = tuple(f"name_{code}" for code in LANGUAGES)
REQUIRED = ("date", "where")
# `body` is there for people to read: `where` has its code.
COLUMNS = (*REQUIRED, "body", *NAMES)
# As we write them, and as spreadsheets do.
DATES = ("%Y-%m-%d", "%d/%m/%Y")
YEARS = range(2000, 2101)
LONGEST_NAME = 200


class Refused(Exception):
    """The file has `faults`, a line each in the active language; nothing of it was
    taken."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Row:
    """A line of a file: its number there, the day, where, and its names by language."""

    line: int
    day: date
    territory: Territory
    body: LocalBody | None
    names: dict[str, str]

    @property
    def key(self) -> tuple[date, int | None]:
        return self.day, self.body.pk if self.body else None


@dataclass
class Outcome:
    """What an import did, or would do: the holidays that are new, and those that get
    another name or territory."""

    new: list[Holiday] = field(default_factory=list)
    changed: list[Holiday] = field(default_factory=list)
    same: int = 0


# Importing --------------------------------------------------------------------------


def import_holidays(
    octets: bytes, *, by: User | None = None, dry_run: bool = False
) -> Outcome:
    """Have every holiday of a CSV file (UTF-8; commas or semicolons; the first line
    names the columns). None is deleted.

    `date` and `where` must be there: `where` is *national*, *catalonia* or the code of
    a local body. The names may: an empty one changes nothing, and a local holiday
    needs none. All is done or, if a line is wrong, nothing: raises Refused.
    With `dry_run` nothing is written.
    """
    with transaction.atomic():
        rows = list(_read(octets))
        outcome = _compare(rows)
        if not dry_run:
            for holiday in outcome.new:
                holiday.save()
                log(holiday, "wagtail.create", user=by)
            for holiday in outcome.changed:
                holiday.save()
                log(holiday, "wagtail.edit", user=by)
    return outcome


def _compare(rows: list[Row]) -> Outcome:
    days = {row.day for row in rows}
    known = Holiday.objects.filter(date__gte=min(days), date__lte=max(days))
    there = {(one.date, one.body_id): one for one in known.select_related("body")}
    outcome = Outcome()
    for row in rows:
        holiday = there.get(row.key)
        if holiday is None:
            holiday = Holiday(
                date=row.day,
                territory=row.territory,
                body=row.body,
                name=LazyI18nString(row.names),
            )
            outcome.new.append(holiday)
        elif _takes(holiday, row):
            outcome.changed.append(holiday)
        else:
            outcome.same += 1
    return outcome


def _takes(holiday: Holiday, row: Row) -> bool:
    """Have `holiday` as `row` says; returns whether it was otherwise."""
    names = names_of(holiday)
    before = names, holiday.territory
    after = names | row.names, row.territory
    holiday.name, holiday.territory = LazyI18nString(after[0]), after[1]
    return before != after


def names_of(holiday: Holiday) -> dict[str, str]:
    """Its names by language, without those that it does not have."""
    data = getattr(holiday.name, "data", holiday.name) or {}
    if not isinstance(data, dict):
        data = {settings.LANGUAGE_CODE: data}
    return {code: name for code, name in data.items() if name}


# Reading ----------------------------------------------------------------------------


def _read(octets: bytes) -> Iterator[Row]:
    rows, faults = [], []
    bodies = LocalBody.objects.in_bulk(field_name="code")
    lines: dict[tuple, int] = {}
    for number, cells in _lines(octets):
        try:
            row = _row(number, cells, bodies)
        except Refused as refused:
            faults += [_at(number, fault) for fault in refused.faults]
            continue
        if first := lines.get(row.key):
            words = gettext("it is on line %(line)d too") % {"line": first}
            faults.append(_at(number, words))
        lines.setdefault(row.key, number)
        rows.append(row)
    if not rows and not faults:
        faults.append(gettext("The file has no holidays."))
    if faults:
        raise Refused(faults)
    yield from rows


def _lines(octets: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that is not empty: its number, and its cells by column."""
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = gettext("The file is not UTF-8: save it as “CSV UTF-8”.")
        raise Refused([words]) from None
    first = text.partition("\n")[0]
    # Where numbers have a decimal comma, spreadsheets write semicolons.
    delimiter = ";" if ";" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _check(columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                words = gettext("%(cells)d cells where there are %(columns)d columns")
                told = {"cells": len(cells), "columns": len(columns)}
                raise Refused([_at(reader.line_num, words % told)])
            clean = (" ".join(cell.split()) for cell in cells)
            yield reader.line_num, dict(zip(columns, clean, strict=True))
    except csv.Error:
        words = gettext("this is not CSV")
        raise Refused([_at(reader.line_num, words)]) from None


def _check(columns: list[str]) -> None:
    faults = [
        gettext("The column “%(name)s” is missing.") % {"name": name}
        for name in REQUIRED
        if name not in columns
    ]
    faults += [
        gettext("There is no column “%(name)s”.") % {"name": name}
        for name in columns
        if name not in COLUMNS
    ]
    if len(set(columns)) < len(columns):
        faults.append(gettext("A column is there twice."))
    if faults:
        told = {"columns": ", ".join(COLUMNS)}
        raise Refused([*faults, gettext("The columns are: %(columns)s.") % told])


def _row(line: int, cells: dict[str, str], bodies: dict[str, LocalBody]) -> Row:
    faults: list[str] = []
    where = cells["where"]
    general = where.lower() in Holiday.GENERAL
    body = None if general else bodies.get(where)
    if not general and body is None:
        words = gettext(
            "“%(where)s” is neither national, nor catalonia, nor the code of a local "
            "body"
        )
        faults.append(words % {"where": where})
    names = {code: cells.get(f"name_{code}", "") for code in LANGUAGES}
    faults += _faults_of_names(names, needed=general)
    day = _day(cells["date"])
    if day is None:
        words = gettext("“%(date)s” is not a date such as 2027-03-26")
        faults.append(words % {"date": cells["date"]})
    if faults or day is None:
        raise Refused(faults)
    return Row(
        line=line,
        day=day,
        territory=Territory(where.lower()) if general else Territory.LOCAL,
        body=body,
        names={code: name for code, name in names.items() if name},
    )


def _faults_of_names(names: dict[str, str], needed: bool) -> Iterator[str]:
    if needed and not names[settings.LANGUAGE_CODE]:
        words = gettext("“%(column)s” is empty")
        yield words % {"column": f"name_{settings.LANGUAGE_CODE}"}
    for name in names.values():
        if len(name) > LONGEST_NAME:
            words = gettext("the name is longer than %(longest)d characters")
            yield words % {"longest": LONGEST_NAME}
        elif not name.isprintable() or "\ufffd" in name:
            yield gettext("the name has characters that cannot be shown")


def _day(text: str) -> date | None:
    for form in DATES:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None


def _at(line: int, fault: str) -> str:
    return gettext("Line %(line)d: %(fault)s.") % {"line": line, "fault": fault}


# Writing ----------------------------------------------------------------------------


def cells_of(holiday: Holiday) -> dict[str, str]:
    """A line of a file that can be imported, by column."""
    names = names_of(holiday)
    return {
        "date": holiday.date.isoformat(),
        "where": holiday.body.code if holiday.body else holiday.territory,
        "body": holiday.body.name if holiday.body else "",
        **{f"name_{code}": names.get(code, "") for code in LANGUAGES},
    }


def as_csv(holidays: Iterable[Holiday]) -> str:
    """A file of `holidays`, as `import_holidays` reads it."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=COLUMNS)
    writer.writeheader()
    writer.writerows(map(cells_of, holidays))
    return file.getvalue()


# What is missing ----------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """What is known of the holidays of a year, and whose local ones are missing."""

    year: int
    national: int
    catalan: int
    bodies: int
    missing: list[str]


def outlooks(years: Iterable[int]) -> list[Outlook]:
    """What is known of each of `years`."""
    wanted = list(years)
    counts: dict[tuple, int] = defaultdict(int)
    rows = Holiday.objects.order_by().values("date__year", "territory", "body")
    for row in rows.annotate(holidays=Count("pk")):
        key = row["date__year"], row["body"] or row["territory"]
        counts[key] = row["holidays"]
    bodies = LocalBody.objects.in_bulk()
    for body in bodies.values():
        # Looked up once for all of them.
        body.parent = bodies.get(body.parent_id) if body.parent_id else None
    return [_outlook(year, counts, bodies) for year in wanted]


def _outlook(
    year: int, counts: dict[tuple, int], bodies: dict[int, LocalBody]
) -> Outlook:
    def own_or_above(body: LocalBody) -> int:
        line = (counts.get((year, one.pk), 0) for one in upwards(body))
        return next(filter(None, line), 0)

    missing = sorted(
        body.name
        for body in bodies.values()
        if own_or_above(body) < LOCAL_HOLIDAYS_A_YEAR
    )
    return Outlook(
        year=year,
        national=counts.get((year, Territory.NATIONAL), 0),
        catalan=counts.get((year, Territory.CATALONIA), 0),
        bodies=len(bodies) - len(missing),
        missing=missing,
    )
