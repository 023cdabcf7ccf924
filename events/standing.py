"""How a session stands at a moment: derived from the row, never stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Session

# From here on, what is said is how many places are left.
FEW = 20


class Kind(StrEnum):
    """The one word that a session's box says."""

    DRAFT = "draft"
    NOT_OPEN = "not_open"
    OPEN = "open"
    FEW_LEFT = "few_left"
    FULL = "full"
    SHUT = "shut"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Standing:
    """How a session stands. `capacity` and `free` are None when there is no limit."""

    kind: Kind
    capacity: int | None
    taken: int
    waiting: int
    opens: datetime | None
    closes: datetime

    @property
    def free(self) -> int | None:
        """Places left; never under 0, even if staff went over the capacity."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    @property
    def can_register(self) -> bool:
        """Whether a registration is taken now, be it for the waiting list."""
        return self.kind in (Kind.OPEN, Kind.FEW_LEFT, Kind.FULL)


def standing_of(
    session: "Session", taken: int, waiting: int, now: datetime
) -> Standing:
    """The standing of `session` at `now`, with `taken` places and `waiting` people."""
    closes = session.closes or session.starts
    capacity = session.capacity
    return Standing(
        kind=_kind(session, capacity, taken, now, closes),
        capacity=capacity,
        taken=taken,
        waiting=waiting,
        opens=session.opens,
        closes=closes,
    )


def _kind(
    session: "Session",
    capacity: int | None,
    taken: int,
    now: datetime,
    closes: datetime,
) -> Kind:
    states = type(session).State
    if session.state in (states.DRAFT, states.POSTPONED, states.CANCELLED):
        return Kind(session.state)
    if session.state == states.CLOSED or now >= session.ends:
        return Kind.HELD
    if session.opens and now < session.opens:
        return Kind.NOT_OPEN
    if now >= closes:
        return Kind.SHUT
    if capacity is None:
        return Kind.OPEN
    left = capacity - taken
    if left <= 0:
        return Kind.FULL
    return Kind.FEW_LEFT if left <= min(FEW, capacity // 2) else Kind.OPEN
