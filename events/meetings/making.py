"""What a maker of meetings is told, and what it tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Wanted:
    """The meeting that should be: nothing of anybody. Times are aware. `key` is our
    name for it, by which it is found again."""

    key: str
    subject: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Made:
    """The meeting that is; the telephone if it has one."""

    external_id: str
    join_url: str
    phone: str = ""
    phone_code: str = ""


class Maker(Protocol):
    """Makes meetings somewhere. What a verb does can be done twice; it raises what
    `community.work.rows` knows, in words of `troubles`."""

    def make(self, wanted: Wanted) -> Made:
        """The meeting called `wanted.key`: the one that there is, or a new one. It
        need not be as wanted in anything else yet."""

    def change(self, external_id: str, wanted: Wanted) -> Made | None:
        """Have a meeting be as wanted. None if it has been deleted."""

    def take_away(self, external_id: str) -> None:
        """Delete a meeting, unless it has been deleted already."""
