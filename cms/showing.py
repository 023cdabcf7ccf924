"""The sessions that pages show, each list in one query."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Min, Prefetch, Q
from django.utils import timezone

from cms.models.furniture import Alert
from cms.models.media import CustomImage
from events.models import Session, SessionQuerySet

# The rendition of a speaker's photo, as the template asks for it.
PORTRAIT = "fill-96x96"

_turns: list[Callable[[datetime], datetime | None]] = []


def session_to_show(**which: Any) -> Session:
    """The session with all that its page says."""
    sessions = _whole(Session.objects.all()).with_places()
    return sessions.prefetch_related(
        Prefetch("speakers__photo", CustomImage.objects.prefetch_renditions(PORTRAIT)),
        "materials__document",
    ).get(**which)


def coming_of(sessions: SessionQuerySet) -> SessionQuerySet:
    """Those that anybody may find and that have not ended, the next first."""
    return _whole(sessions.public()).with_places().upcoming(timezone.now())


def past_of(sessions: SessionQuerySet) -> SessionQuerySet:
    """Those that anybody may find and that have ended, the latest first."""
    held = _whole(sessions.public()).past(timezone.now())
    return held.prefetch_related("materials__document")


def next_of(coming: Iterable[Session]) -> Session | None:
    """The first of `coming` that will really be held."""
    held = (s for s in coming if s.state == Session.State.ANNOUNCED)
    return next(held, None)


def turns(find: Callable[[datetime], datetime | None]) -> None:
    """Have `find` say when the clock next changes what pages show of other rooms;
    called at start-up."""
    if find not in _turns:
        _turns.append(find)


def next_turn(now: datetime) -> datetime | None:
    """When a session next opens, closes, starts or ends, an alert comes or goes, or
    another room's rows turn: until then the clock alone changes nothing that pages
    say."""
    times = ("opens", "closes", "starts", "ends")
    sessions = Session.objects.filter(ends__gt=now).aggregate(
        **{time: Min(time, filter=Q(**{f"{time}__gt": now})) for time in times}
    )
    alerts = Alert.objects.not_over(now).aggregate(
        starts=Min("starts", filter=Q(starts__gt=now)), until=Min("until")
    )
    others = (find(now) for find in _turns)
    times = (*sessions.values(), *alerts.values(), *others)
    return min(filter(None, times), default=None)


def by_year(sessions: Iterable[Session]) -> list[tuple[int, list[Session]]]:
    """`sessions`, which are in order, under the year of each."""
    years = groupby(sessions, key=lambda s: timezone.localtime(s.starts).year)
    return [(year, list(held)) for year, held in years]


def _whole(sessions: SessionQuerySet) -> SessionQuerySet:
    return sessions.select_related("series", "topic")
