"""What goes into a calendar file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Somebody a calendar can write to: the organiser's mailbox or a participant."""

    name: str
    email: str


@dataclass(frozen=True)
class Event:
    """One session as one reader's calendar shows it.

    The datetimes are aware. `uid` stays the same for ever; each time a change is
    sent, `sequence` and `stamp` (when this version was written) both rise
    (RFC 5546, 2.1.4 and 2.1.5). Empty texts and an empty `url` are left out.
    `conference_url` is the participant's own way in and only goes to them.
    """

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    description: str
    location: str
    url: str
    stamp: datetime
    sequence: int = 0
    cancelled: bool = False
    conference_url: str | None = None
    last_modified: datetime | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what no calendar could show."""
        moments = [self.starts, self.ends, self.stamp, self.last_modified]
        if any(moment and moment.utcoffset() is None for moment in moments):
            raise ValueError("A calendar event needs datetimes with a time zone.")
        if self.ends <= self.starts:
            raise ValueError("A calendar event must end after it starts.")
        if not self.uid:
            raise ValueError("A calendar event needs a UID.")
