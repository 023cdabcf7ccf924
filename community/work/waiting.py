"""For how long a far side that is busy asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Nobody is asked to wait longer: the day after, what is due is looked at anew.
LONGEST_WAIT = timedelta(days=1)


def asked_to_wait(headers: Mapping[str, str]) -> timedelta | None:
    """What `headers` say of it, in seconds or as a date (RFC 9110, 10.2.3); a day at
    most. None if they say nothing that can be read.

    `headers` find a name however it is capitalised, or have theirs in small letters.
    """
    said = headers.get("retry-after", "")
    try:
        if said.isdecimal():
            wait = timedelta(seconds=int(said))
        else:
            wait = parsedate_to_datetime(said) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(wait, LONGEST_WAIT)
