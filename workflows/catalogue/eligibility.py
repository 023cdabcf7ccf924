"""What a local body can request, and why not the rest: plain data in, plain data out.
No words, no rows: `wording` says it, `offers` fetches it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    """The answer in one word. UNSURE: what we know of the body does not say it."""

    YES = "yes"
    LATER = "later"
    WAIT = "wait"
    UNSURE = "unsure"
    NO = "no"


class Rule(StrEnum):
    """What is looked at, in the order in which a no is explained."""

    KIND = "kind"
    BAND = "band"
    INSTRUMENT = "instrument"
    WINDOW = "window"
    LIMIT = "limit"


class Body(NamedTuple):
    """A local body: its population with the year of the figure, if both are known, the
    codes of the instruments in force, and whether it has a page for everybody."""

    code: str
    name: str
    kind: str
    population: int | None = None
    population_year: int | None = None
    instruments: frozenset[str] = frozenset()
    is_public: bool = False


class Window(NamedTuple):
    """When an edition can be requested: from `opens` until just before `closes`, or
    without an end."""

    year: int
    opens: datetime
    closes: datetime | None = None

    @property
    def last_moment(self) -> datetime | None:
        """The last at which it is open: what closes at midnight does on the day
        before."""
        return self.closes and self.closes - timedelta.resolution


class Terms(NamedTuple):
    """Who can request a resource and when. None is no limit; `instrument` is a code or
    "" for none."""

    kinds: frozenset[str]
    windows: tuple[Window, ...] = ()
    least: int | None = None
    most: int | None = None
    limit: int | None = None
    instrument: str = ""


class Reason(NamedTuple):
    """A rule and whether it holds; None where what we know does not say it."""

    rule: Rule
    holds: bool | None


# Made once: a catalogue is answered in thousands of them.
_KIND, _BAND, _INSTRUMENT, _WINDOW, _LIMIT = (
    {holds: Reason(rule, holds) for holds in (True, False, None)} for rule in Rule
)


class Answer(NamedTuple):
    """Whether a body can request a resource now, each rule that was looked at, and the
    window that counts, if there is any. `requests` are the numbers of those that the
    body has made of it in the year of the window."""

    tone: Tone
    reasons: tuple[Reason, ...]
    window: Window | None
    requests: tuple[str, ...] = ()

    @property
    def can(self) -> bool:
        return self.tone is Tone.YES

    @property
    def first_no(self) -> Reason | None:
        """What explains the answer when it is not yes."""
        broken = (reason for reason in self.reasons if reason.holds is False)
        unsure = (reason for reason in self.reasons if reason.holds is None)
        return next(broken, None) or next(unsure, None)


def window_at(windows: Iterable[Window], now: datetime) -> Window | None:
    """The one that counts at `now`: open, or else the next to open, or else the last
    that closed."""
    open_ones, coming, past = [], [], []
    for window in windows:
        if window.closes is not None and window.closes <= now:
            past.append(window)
        elif window.opens > now:
            coming.append(window)
        else:
            open_ones.append(window)
    if open_ones:
        # That which stays open longest.
        return max(open_ones, key=lambda w: (w.closes is None, w.closes or now))
    if coming:
        return min(coming, key=lambda w: w.opens)
    return max(past, key=lambda w: w.closes, default=None)


def is_open(window: Window | None, now: datetime) -> bool:
    return (
        window is not None
        and window.opens <= now
        and (window.closes is None or window.closes > now)
    )


def answer(
    body: Body, terms: Terms, now: datetime, requests: tuple[str, ...] = ()
) -> Answer:
    """Whether `body` can request at `now` what has those `terms`, having made the
    `requests` (numbers) of it in the year of the window."""
    window = window_at(terms.windows, now)
    reasons = [_KIND[body.kind in terms.kinds]]
    if terms.least is not None or terms.most is not None:
        reasons.append(_BAND[_in_band(body.population, terms)])
    if terms.instrument:
        reasons.append(_INSTRUMENT[terms.instrument in body.instruments])
    reasons.append(_WINDOW[is_open(window, now)])
    if terms.limit is not None:
        reasons.append(_LIMIT[len(requests) < terms.limit])
    return Answer(_tone(reasons, window, now), tuple(reasons), window, requests)


def _in_band(population: int | None, terms: Terms) -> bool | None:
    if population is None:
        return None
    if terms.least is not None and population < terms.least:
        return False
    return terms.most is None or population <= terms.most


def _tone(reasons: list[Reason], window: Window | None, now: datetime) -> Tone:
    broken = [reason for reason in reasons if reason.holds is False]
    if not broken:
        unsure = _BAND[None] in reasons
        return Tone.UNSURE if unsure else Tone.YES
    # What nothing mends comes first, then what time does.
    if broken[0] is not _WINDOW[False] and broken[0] is not _LIMIT[False]:
        return Tone.NO
    if broken[-1] is _LIMIT[False]:
        return Tone.WAIT
    coming = window is not None and window.opens > now
    return Tone.LATER if coming else Tone.NO
