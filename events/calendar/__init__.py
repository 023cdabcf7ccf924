"""Sessions as iCalendar files (RFC 5545, RFC 5546, RFC 7986): values in, bytes out;
and what calendars answer, the other way round.

Pure: no models, settings, database or translation. Texts arrive already in the
reader's language, addresses already absolute.
"""

from events.calendar.files import cancel, feed, request, single
from events.calendar.replies import Reply, reply
from events.calendar.values import Event, Person
from events.calendar.zone import ZONE

__all__ = [
    "ZONE",
    "Event",
    "Person",
    "Reply",
    "cancel",
    "feed",
    "reply",
    "request",
    "single",
]
