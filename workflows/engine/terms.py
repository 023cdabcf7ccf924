"""How long a term lasts and on which day it ends, with the arithmetic of it: Law
39/2015, of the common administrative procedure, art. 30. Dates only, and no database.

- Every term is counted from the next day (30.3 and 30.4).
- In days, and unless a law says otherwise, only working days count: no Saturdays,
  Sundays or holidays (30.2). Natural days count all.
- In months, from date to date: it ends on the same day of the last month or, if that
  has no such day, on its last one (30.4). A year is twelve months.
- A term whose last day is not a working day ends on the next that is (30.5), also one
  in natural days or in months.
- What is a holiday where the office is or where the interested person lives is one
  for both (30.6): a `Calendar` is of all places that matter.
- While it is suspended (art. 22) it does not run. The day on which it stops does not
  count any more; that on which it runs again does. In months each such day moves the
  end by one. Its last day does not pass meanwhile: who has one left when it stops has
  one left when it runs again.
- It can be made longer by at most half of it (art. 32.1): in days of the same kind; in
  natural days where it is in months.

Hours (30.1) are not counted: no term here is in hours.
"""

from calendar import monthrange
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

# In the reader's language only once it is read.
Name: TypeAlias = LazyI18nString | Promise | str

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Measure(TextChoices):
    """What a term is counted in."""

    WORKING_DAYS = "working_days", _("working days")
    NATURAL_DAYS = "natural_days", _("natural days")
    MONTHS = "months", _("months")


@dataclass(frozen=True)
class Span:
    """When a term did not run: from the day `since` until the day before `until`; it
    still does not if there is none."""

    since: date
    until: date | None = None
    reason: str = ""

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Term:
    """So many working days, natural days or months from the day after `start`, and
    `extension` days more. Its `suspensions` are in order and do not overlap."""

    measure: str
    amount: int
    start: date
    extension: int = 0
    suspensions: tuple[Span, ...] = ()
    extension_reason: str = ""

    def stands_still(self, day: date) -> bool:
        return any(span.holds(day) for span in self.suspensions)

    @property
    def longest_extension(self) -> int:
        """By how many days it can be made longer at most: half of it (art. 32.1)."""
        if self.measure == Measure.MONTHS:
            return (add_months(self.start, self.amount) - self.start).days // 2
        return self.amount // 2


@dataclass(frozen=True)
class DayOff:
    """A day that is not a working one: a Saturday, a Sunday, or one with `names`, those
    of its holidays."""

    day: date
    names: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Gap:
    """That the holidays of a year are not known: those of the local body `place` or,
    without one, all of them."""

    year: int
    place: str = ""


class Calendar:
    """The days off of the places that matter to a term. `holidays` has their names by
    day; `known` the years whose holidays are all there, by local body and, by "",
    those that are the same for all."""

    def __init__(
        self,
        holidays: Mapping[date, tuple[Name, ...]],
        known: Mapping[str, Set[int]] | None = None,
    ) -> None:
        self._holidays = holidays
        self._known = known or {}

    def off(self, day: date) -> DayOff | None:
        """Why `day` is not a working one; None if it is."""
        if day.weekday() >= SATURDAY:
            return DayOff(day)
        names = self._holidays.get(day)
        return None if names is None else DayOff(day, names)

    def gaps(self, first: date, last: date) -> tuple[Gap, ...]:
        """What is not known of the years from `first` to `last`."""
        return tuple(
            Gap(year, place)
            for year in range(first.year, last.year + 1)
            for place, years in self._known.items()
            if year not in years
        )


@dataclass(frozen=True)
class Reckoning:
    """The last day of a term, `due`, and how it is found; None while it stands still.

    `skipped` are the days off between that did not count, for a term in working days;
    `falls` is its last day by the count alone, and `moved` the days off because of
    which it is a later one. `gaps` are the holidays that are not known."""

    term: Term
    due: date | None
    skipped: tuple[DayOff, ...] = ()
    falls: date | None = None
    moved: tuple[DayOff, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """Whether it counts days of a year of which no holiday is known."""
        return any(not gap.place for gap in self.gaps)


def reckon(term: Term, calendar: Calendar) -> Reckoning:
    """On which day `term` ends by `calendar`, and why."""
    if term.measure == Measure.WORKING_DAYS:
        falls, skipped = _count_working_days(term, calendar)
    else:
        skipped = ()
        falls = _count_from_date_to_date(term)
    due, moved = _first_open_day(falls, term, calendar) if falls else (None, ())
    return Reckoning(
        term=term,
        due=due,
        skipped=skipped,
        falls=falls,
        moved=moved,
        gaps=calendar.gaps(term.start, due or _last_known(term)),
    )


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month without it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count_working_days(
    term: Term, calendar: Calendar
) -> tuple[date | None, tuple[DayOff, ...]]:
    day, left = term.start, term.amount + term.extension
    skipped: list[DayOff] = []
    while left:
        day += ONE_DAY
        if _never_runs_again(term, day):
            return None, tuple(skipped)
        if term.stands_still(day):
            continue
        if off := calendar.off(day):
            skipped.append(off)
        else:
            left -= 1
    return day, tuple(skipped)


def _count_from_date_to_date(term: Term) -> date | None:
    in_months = term.measure == Measure.MONTHS
    end = add_months(term.start, term.amount if in_months else 0)
    end += timedelta(days=term.extension + (0 if in_months else term.amount))
    for span in term.suspensions:
        if span.since > end:
            break
        if span.until is None:
            return None
        lost = span.until - max(span.since, term.start + ONE_DAY)
        end += max(lost, timedelta())
    return end


def _first_open_day(
    day: date, term: Term, calendar: Calendar
) -> tuple[date | None, tuple[DayOff, ...]]:
    """The first working day from `day` on on which the term runs."""
    moved: list[DayOff] = []
    while not _never_runs_again(term, day):
        off = calendar.off(day)
        if not off and not term.stands_still(day):
            return day, tuple(moved)
        if off:
            moved.append(off)
        day += ONE_DAY
    return None, ()


def _never_runs_again(term: Term, day: date) -> bool:
    return any(span.until is None and span.holds(day) for span in term.suspensions)


def _last_known(term: Term) -> date:
    """The last day that is said of a term that stands still."""
    return max((span.since for span in term.suspensions), default=term.start)
