"""Figures of requests as tables, each with what of it is drawn: the screen shows them
and the files take them out."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from heapq import nsmallest
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.spreadsheets import Cell
from workflows.engine.tables import (
    NINE_IN_TEN,
    Table,
    bars,
    in_words,
    lengths,
    percent,
    share,
    shares,
    spread,
)

from .figures import (
    DIMENSIONS,
    MET,
    OVER,
    STAGES,
    TERMS,
    Figures,
    Row,
    until_decided,
)
from .models import RequestQuerySet

# How long without an action: up to so many days, and longer. As the lists of cases.
STILL = (7, 15, 30)
# So many are named, and so many of what is requested most are drawn.
MOST_NAMED, MOST_DRAWN = 10, 15


class Tables:
    """The figures of `requests`, told apart by one of the `DIMENSIONS`."""

    def __init__(self, requests: RequestQuerySet, by: str) -> None:
        self._by = by
        self._figures = Figures(requests, by)
        self.rows = self._figures.rows

    @cached_property
    def all(self) -> list[Table]:
        return [
            self._standing(),
            self._lengths(),
            self._terms(),
            self._still(),
            self._by_dimension(),
        ]

    @property
    def in_short(self) -> list[tuple[str, str, str]]:
        """What is read first: what it is, the figure, and of how many."""
        granted = sum(row.is_granted for row in self.rows)
        decided = granted + sum(row.is_denied for row in self.rows)
        terms = Counter(self._figures.term_of.values())
        over = sum(terms[term] for term in OVER)
        median = spread(until_decided(self.rows)).median
        decisions = ngettext("of %d decision", "of %d decisions", decided) % decided
        return [
            (_("Requests"), str(len(self.rows)), ""),
            (_("Granted"), percent(share(granted, decided)), decisions),
            (_("Days to the decision, the median"), in_words(median), decisions),
            (
                _("Terms met"),
                percent(share(terms[MET], over)),
                ngettext("of %d term", "of %d terms", over) % over,
            ),
        ]

    @cached_property
    def longest_still(self) -> list[tuple[Row, str]]:
        """Those under way with which nobody has done anything for longest, and the
        resource of each."""
        active = (row for row in self.rows if row.is_active)
        found = nsmallest(MOST_NAMED, active, key=attrgetter("last_action"))
        named = self._figures.requests.filter(case__in=[row.case for row in found])
        title = dict(named.values_list("case", "resource__name"))
        return [(row, str(title[row.case])) for row in found]

    def _standing(self) -> Table:
        stages = Counter(row.stage for row in self.rows)
        counted = [(str(STAGES[key]), stages[key]) for key in STAGES if stages[key]]
        head = [_("Where it is, or how it ended"), _("Requests")]
        return shares("standing", _("How they stand"), head, counted)

    def _lengths(self) -> Table:
        figures = self._figures
        undecided = sum(row.is_undecided for row in self.rows)
        granted = sum(row.is_active and row.is_granted for row in self.rows)
        decided = [row for row in self.rows if row.released]
        ended = [row for row in self.rows if row.finished and row.is_carried_out]
        told = [
            *figures.steps,
            (_("Until it is decided"), until_decided(decided), undecided),
            (
                _("… without the days in which the term stood still"),
                [figures.running(row) for row in decided],
                undecided,
            ),
            (
                _("Until it is carried out"),
                [row.finished - row.received for row in ended if row.finished],
                granted,
            ),
        ]
        return lengths(
            _("Requests"),
            told,
            _(
                "In natural days. Half of the requests took as long as the median or "
                "less, and nine in ten as long as the 90 %: the thick and the thin "
                "part of each bar."
            ),
            _("There now"),
        )

    def _terms(self) -> Table:
        terms = Counter(self._figures.term_of.values())
        counted = [(str(words), terms[key]) for key, words in TERMS.items()]
        return shares(
            "terms",
            _("Terms"),
            [_("Term"), _("Requests")],
            counted,
            _(
                "The term to decide, as the law counts it: it stands still while "
                "something is to be amended. What ended without a decision has none."
            ),
        )

    def _still(self) -> Table:
        days = [row.days_still for row in self.rows if row.is_active]
        counted = [
            (label, sum(least <= n and (most is None or n <= most) for n in days))
            for label, least, most in _bands()
        ]
        return shares(
            "still",
            _("Days since the last action"),
            [_("Days"), _("Requests")],
            counted,
            _("Of the requests that are under way."),
        )

    def _by_dimension(self) -> Table:
        dimension = DIMENSIONS[self._by]
        groups: dict[str | int, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row.place].append(row)
        columns = (dimension.key, dimension.words)
        words = dict(self._figures.requests.values_list(*columns).distinct())
        unnamed = _("without a county")
        named = [(str(words[key]) or unnamed, rows) for key, rows in groups.items()]
        if self._by == "year":
            named.sort(key=lambda pair: pair[0], reverse=True)
        else:
            named.sort(key=lambda pair: (-len(pair[1]), pair[0]))
        return Table(
            self._by,
            str(dimension.label),
            [
                str(dimension.label),
                _("Requests"),
                _("To be decided"),
                _("Granted"),
                _("Denied"),
                _("Not decided"),
                _("Median"),
                NINE_IN_TEN,
                _("Terms met (%)"),
            ],
            [self._group(name, rows) for name, rows in named],
            bars([(name, len(rows)) for name, rows in named[:MOST_DRAWN]]),
            _(
                "Not decided: withdrawn, not amended in time, or closed. Median and "
                "90 %: natural days until it was decided."
            ),
        )

    def _group(self, name: str, rows: list[Row]) -> list[Cell]:
        granted = sum(row.is_granted for row in rows)
        denied = sum(row.is_denied for row in rows)
        undecided = sum(row.is_undecided for row in rows)
        terms = Counter(self._figures.term_of.get(row.case) for row in rows)
        over = sum(terms[term] for term in OVER)
        ended = len(rows) - undecided - granted - denied
        within = spread(until_decided(rows))
        counts = [len(rows), undecided, granted, denied, ended]
        return [name, *counts, *within, share(terms[MET], over)]


def _bands() -> Iterator[tuple[str, int, int | None]]:
    """Each band of days without an action, with its ends."""
    least = 0
    for most in STILL:
        yield f"{least}–{most}", least, most
        least = most + 1
    yield _("more than %(days)d") % {"days": STILL[-1]}, least, None
