"""Where people meet online for a session or an appointment, and how far its meeting is
from ready."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from events.models import Meeting, Occasion, Provider, Session

from .providers import MADE


@dataclass(frozen=True)
class Room:
    """The way in: a link and, if there is one, a telephone and its code. It is shown to
    nobody: people are led there."""

    url: str
    phone: str = ""
    phone_code: str = ""


class Stage(StrEnum):
    """How far a meeting is from ready."""

    READY = "ready"
    # Nobody has said yet where it is.
    MISSING = "missing"
    # Made once the session is announced, and taken away when it is not held.
    NOT_YET = "not_yet"
    GONE = "gone"
    LEAVING = "leaving"
    UNDER_WAY = "under_way"
    RETRYING = "retrying"
    FAILED = "failed"


def meeting_of(occasion: Occasion) -> Meeting | None:
    """What is made for `occasion`, or was; None if nothing ever."""
    return getattr(occasion, "meeting", None)


def room_of(occasion: Occasion) -> Room | None:
    """The room of `occasion`; None as long as there is none."""
    if not occasion.is_online:
        return None
    if occasion.provider == Provider.LINK:
        return Room(occasion.join_url) if occasion.join_url else None
    meeting = meeting_of(occasion)
    # Of another provider, it is about to be taken away.
    if meeting and meeting.join_url and meeting.provider == occasion.provider:
        return Room(meeting.join_url, meeting.phone, meeting.phone_code)
    return None


def stage_of(occasion: Occasion) -> Stage | None:
    """How far the meeting of `occasion` is; None if it is held in person, or over
    without one."""
    if not occasion.is_online:
        return None
    meeting = meeting_of(occasion)
    if meeting and not meeting.is_synced:
        if meeting.state == Meeting.State.FAILED:
            return Stage.FAILED
        if meeting.state == Meeting.State.RETRYING:
            return Stage.RETRYING
    has_room = room_of(occasion) is not None
    if occasion.ends <= timezone.now():
        return Stage.READY if has_room else None
    if occasion.provider not in MADE:
        return Stage.READY if has_room else Stage.MISSING
    return _stage_of_made(occasion, meeting, has_room)


def _stage_of_made(
    occasion: Occasion, meeting: Meeting | None, has_room: bool
) -> Stage:
    if occasion.state == Session.State.DRAFT:
        return Stage.NOT_YET
    is_right = meeting is None or meeting.is_synced
    if not occasion.takes_place:
        return Stage.GONE if is_right else Stage.LEAVING
    return Stage.READY if has_room and is_right else Stage.UNDER_WAY
