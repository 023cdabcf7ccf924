"""Figures of proposals: how many, what came of them and how long it took. One query
finds them, however many there are, and they name nobody."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from workflows.engine.answers import BY_APPLICANT
from workflows.engine.models import Case
from workflows.engine.tables import (
    Bar,
    Table,
    in_words,
    lengths,
    percent,
    share,
    shares,
    spread,
)

from .models import Proposal, ProposalQuerySet
from .proposals import ANSWERED, DECLINED, LAPSED, MERGED

State = Proposal.State

# What becomes of a proposal, in the order in which it goes: first what is under way.
TREATED, WITHDRAWN, CLOSED = "treated", "withdrawn", "closed"
UNDER_WAY = {
    State.RECEIVED.value: gettext_lazy("to be looked at"),
    State.OPEN.value: gettext_lazy("open for support"),
    State.SHORTLISTED.value: gettext_lazy("shortlisted for a session"),
    State.PLANNED.value: gettext_lazy("a session will treat it"),
}
ENDS = {
    TREATED: gettext_lazy("treated in a session"),
    ANSWERED: gettext_lazy("answered without a session"),
    MERGED: gettext_lazy("merged into another"),
    DECLINED: gettext_lazy("declined, with a reason"),
    WITHDRAWN: gettext_lazy("withdrawn, or not amended in time"),
    CLOSED: gettext_lazy("closed by the team"),
}
# Ends in which who proposed it got what there was to say.
SETTLED = (TREATED, ANSWERED, MERGED, DECLINED)


class Row(NamedTuple):
    """What is known of one proposal."""

    state: str
    case_state: str
    outcome: str
    received: datetime
    published: datetime | None
    finished: datetime | None
    # Of the session that treats it.
    held: datetime | None
    link: str

    @property
    def year(self) -> int:
        return timezone.localdate(self.received).year

    @property
    def fate(self) -> str:
        """One of what is `UNDER_WAY` or of the `ENDS`."""
        if self.outcome in (BY_APPLICANT, LAPSED):
            return WITHDRAWN
        if self.case_state == Case.State.CANCELLED:
            return CLOSED
        if self.state == State.HELD:
            return TREATED
        if self.outcome == ANSWERED and self.held:
            return TREATED
        return self.outcome or self.state

    @property
    def is_settled(self) -> bool:
        return self.fate in SETTLED


_COLUMNS = (
    *("state", "case__state", "case__outcome", "case__created", "published"),
    *("case__finished", "session__ends", "link"),
)


class Figures:
    """Of `proposals`, hidden ones too: a figure names none of them."""

    def __init__(self, proposals: ProposalQuerySet) -> None:
        found = proposals.order_by().values_list(*_COLUMNS)
        self.rows = [Row(*values) for values in found]

    @property
    def in_short(self) -> list[tuple[str, str, str]]:
        """What is read first: what it is, the figure, and of how many."""
        rows = self.rows
        settled = sum(row.is_settled for row in rows)
        treated = sum(row.fate == TREATED for row in rows)
        of_all = ngettext("of %d proposal", "of %d proposals", len(rows)) % len(rows)
        of_settled = ngettext("of %d answer", "of %d answers", settled) % settled
        median = spread(_until_settled(rows)).median
        return [
            (_("Proposals"), str(len(rows)), ""),
            (_("With an answer"), percent(share(settled, len(rows))), of_all),
            (_("Treated in a session"), str(treated), of_settled),
            (_("Days to the answer, the median"), in_words(median), of_settled),
        ]

    @cached_property
    def all(self) -> list[Table]:
        return [self._by_year(), self._fates(), self._ways(), self._lengths()]

    def _by_year(self) -> Table:
        years: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows:
            years[row.year].append(row)
        in_order = sorted(years.items(), reverse=True)
        return Table(
            "years",
            _("Year by year"),
            [
                _("Year"),
                pgettext("many", "Proposed"),
                pgettext("many", "Published"),
                pgettext("many", "In a session"),
                pgettext("many", "Answered"),
                pgettext("many", "Merged"),
                pgettext("many", "Declined"),
                pgettext("many", "Withdrawn"),
                pgettext("many", "Under way"),
                _("Median"),
            ],
            [[str(year), *_of_year(rows)] for year, rows in in_order],
            _bars_of_years(in_order),
            _(
                "By the year in which they came in. The thick part of each bar is what "
                "has its answer, and the median is in how many days."
            ),
        )

    def _fates(self) -> Table:
        fates = Counter(row.fate for row in self.rows)
        words = UNDER_WAY | ENDS
        counted = [(str(words[key]), fates[key]) for key in words if fates[key]]
        head = [_("What came of it"), _("Proposals")]
        return shares("fates", _("What came of them"), head, counted)

    def _ways(self) -> Table:
        ways = Counter(_way(row) for row in self.rows if row.is_settled)
        words = {
            TREATED: _("in a session"),
            "link": _("in writing, with where to read more"),
            ANSWERED: _("in writing"),
            MERGED: _("with the proposal that says the same"),
            DECLINED: _("with the reason why not"),
        }
        counted = [(words[key], ways[key]) for key in words if ways[key]]
        head = [_("Answer"), _("Proposals")]
        return shares("ways", _("How they were answered"), head, counted)

    def _lengths(self) -> Table:
        rows = self.rows
        told = [
            (
                _("Until it is published"),
                [row.published - row.received for row in rows if row.published],
            ),
            (
                _("Until a session treats it"),
                [
                    row.held - row.received
                    for row in rows
                    if row.held and row.fate == TREATED
                ],
            ),
            (_("Until it has its answer"), _until_settled(rows)),
        ]
        return lengths(
            _("Proposals"),
            told,
            _(
                "In natural days. Half of the proposals took as long as the median or "
                "less, and nine in ten as long as the 90 %: the thick and the thin "
                "part of each bar."
            ),
        )


def _until_settled(rows: Iterable[Row]) -> list[timedelta]:
    """How long each of them that have their answer took."""
    return [
        row.finished - row.received for row in rows if row.finished and row.is_settled
    ]


def _of_year(rows: list[Row]) -> list[int | float | None]:
    fates = Counter(row.fate for row in rows)
    return [
        len(rows),
        sum(row.published is not None for row in rows),
        *(fates[end] for end in SETTLED),
        fates[WITHDRAWN] + fates[CLOSED],
        sum(fates[state] for state in UNDER_WAY),
        spread(_until_settled(rows)).median,
    ]


def _bars_of_years(years: list[tuple[int, list[Row]]]) -> list[Bar]:
    most = max((len(rows) for _year, rows in years), default=0) or 1
    drawn = []
    for year, rows in years:
        settled = sum(row.is_settled for row in rows)
        figure = _("%(all)d, %(settled)d of them answered")
        figure %= {"all": len(rows), "settled": settled}
        wide, thick = (round(100 * n / most) for n in (len(rows), settled))
        drawn.append(Bar(str(year), figure, wide, thick))
    return drawn


def _way(row: Row) -> str:
    return "link" if row.fate == ANSWERED and row.link else row.fate
