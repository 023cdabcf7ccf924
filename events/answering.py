"""By when somebody answers who is asked about a session."""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
# With less than this left, whoever is asked may not read it in time.
TOO_SHORT = timedelta(hours=1)


def answer_by(
    now: datetime, starts: datetime, within: timedelta = DAY
) -> datetime | None:
    """By when somebody answers who is asked at `now` about what `starts` then.

    It is `within` a day, and at most half of the time left, so that somebody else can
    still be asked; on a full minute, as people read it. None if it starts within the
    hour, or has begun: there is no time to ask.
    """
    left = starts - now
    if left < TOO_SHORT:
        return None
    return (now + min(within, left / 2)).replace(second=0, microsecond=0)
