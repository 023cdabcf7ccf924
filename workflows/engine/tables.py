"""Figures as tables, each with what of it is drawn: screens and public pages show them,
files take them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from community.spreadsheets import Cell

DAY = timedelta(days=1)
NINE_IN_TEN = "90\N{NO-BREAK SPACE}%"


class Bar(NamedTuple):
    """A line of a chart: it is so wide, and the thick part of it, in percent."""

    label: str
    figure: str
    width: int
    thick: int


@dataclass(frozen=True)
class Table:
    """Figures in rows, the first cell of each its name; and as a chart. `title` is
    the name of a sheet too: at most 31 characters."""

    name: str
    title: str
    head: list[str]
    rows: list[list[Cell]]
    bars: list[Bar]
    note: str = ""

    @property
    def cells(self) -> list[list[tuple[str, Cell]]]:
        """The rows, each cell with what it is."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]

    @property
    def is_wide(self) -> bool:
        return len(self.head) > 5


class Figures(Protocol):
    """All that is counted of some cases.

    `rows` are what is counted, empty if there is nothing.
    `in_short` is what is read first: what it is, the figure, and of how many.
    """

    @property
    def rows(self) -> Sequence[object]: ...
    @property
    def in_short(self) -> list[tuple[str, str, str]]: ...
    @property
    def all(self) -> list[Table]: ...


def shares(
    name: str,
    title: str,
    head: Sequence[str],
    counted: list[tuple[str, int]],
    note: str = "",
) -> Table:
    """How many of each there are, and how many that is of a hundred. `head` says what
    each is, and what is counted."""
    whole = sum(n for _label, n in counted)
    rows: list[list[Cell]] = [[label, n, share(n, whole)] for label, n in counted]
    return Table(name, title, [*head, _("Share (%)")], rows, bars(counted), note)


def lengths(
    of: str,
    told: Iterable[tuple[str, Sequence[timedelta], *tuple[Cell, ...]]],
    note: str,
    *more: str,
) -> Table:
    """How long it took some of what is called `of`: of each the words, the lengths, and
    a cell for each further column, `more`."""
    known = [(words, len(each), spread(each), cells) for words, each, *cells in told]
    return Table(
        "lengths",
        _("How long it takes"),
        [_("What takes time"), of, _("Median"), NINE_IN_TEN, *more],
        [[words, n, *within, *cells] for words, n, within, cells in known],
        bars_of_days([(words, within) for words, n, within, _cells in known if n]),
        note,
    )


class Spread(NamedTuple):
    """Within how many days half of them and nine in ten were done; None without any."""

    median: float | None
    most: float | None


def spread(lengths: Iterable[timedelta]) -> Spread:
    """By the nearest rank: each of both is how long one of them took."""
    known = sorted(lengths)
    if not known:
        return Spread(None, None)
    ranks = (-(-percent * len(known) // 100) - 1 for percent in (50, 90))
    return Spread(*(_days(known[rank]) for rank in ranks))


def _days(length: timedelta) -> float:
    days = length / DAY
    return round(days, 1) if days < 10 else round(days)


def bars(counted: list[tuple[str, int]]) -> list[Bar]:
    whole = max((n for _label, n in counted), default=0) or 1
    widths = ((label, n, round(100 * n / whole)) for label, n in counted)
    return [Bar(label, str(n), width, width) for label, n, width in widths]


def bars_of_days(told: list[tuple[str, Spread]]) -> list[Bar]:
    """Each as wide as nine in ten took, its thick part as half of them."""
    longest = max((within.most or 0 for _label, within in told), default=0) or 1
    drawn = []
    for label, (median, most) in told:
        wide, thick = (round(100 * (n or 0) / longest) for n in (most, median))
        figure = f"{in_words(median)} ({NINE_IN_TEN}: {in_words(most)})"
        drawn.append(Bar(label, figure, wide, thick))
    return drawn


def share(part: int, whole: int) -> int | None:
    """In percent."""
    return round(100 * part / whole) if whole else None


def percent(share: int | None) -> str:
    return "–" if share is None else f"{share}\N{NO-BREAK SPACE}%"


def in_words(days: float | None) -> str:
    return "–" if days is None else number_format(days)
