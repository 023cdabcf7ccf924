"""Where the online part of a session is, and how far its meeting is from ready."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from events.models import Meeting, Mode, Provider, Session

from .providers import MADE


@dataclass(frozen=True)
class Room:
    """The way in: a link and, if there is one, a telephone and its code. It is shown to
    nobody: people are led there."""

    url: str
    phone: str = ""
    phone_code: str = ""


class Stage(StrEnum):
    """How far the meeting of a session is from ready."""

    READY = "ready"
    # Nobody has said yet where it is.
    MISSING = "missing"
    # Made once the session is announced, and taken away when it is not held.
    NOT_YET = "not_yet"
    GONE = "gone"
    UNDER_WAY = "under_way"
    RETRYING = "retrying"
    FAILED = "failed"


def meeting_of(session: Session) -> Meeting | None:
    """What is made for `session`, or was; None if nothing ever."""
    return getattr(session, "meeting", None)


def room_of(session: Session) -> Room | None:
    """The room of `session`; None as long as there is none."""
    if Mode.ONLINE not in session.modes:
        return None
    if session.provider == Provider.LINK:
        return Room(session.join_url) if session.join_url else None
    meeting = meeting_of(session)
    # Of another provider, it is about to be taken away.
    if meeting and meeting.join_url and meeting.provider == session.provider:
        return Room(meeting.join_url, meeting.phone, meeting.phone_code)
    return None


def stage_of(session: Session) -> Stage | None:
    """How far the meeting of `session` is; None if it is held in person, or over
    without one."""
    if Mode.ONLINE not in session.modes:
        return None
    meeting = meeting_of(session)
    if meeting and not meeting.is_synced:
        if meeting.state == Meeting.State.FAILED:
            return Stage.FAILED
        if meeting.state == Meeting.State.RETRYING:
            return Stage.RETRYING
    has_room = room_of(session) is not None
    if session.ends <= timezone.now():
        return Stage.READY if has_room else None
    if session.provider not in MADE:
        return Stage.READY if has_room else Stage.MISSING
    return _stage_of_made(session, meeting, has_room)


def _stage_of_made(session: Session, meeting: Meeting | None, has_room: bool) -> Stage:
    states = Session.State
    if session.state == states.DRAFT:
        return Stage.NOT_YET
    is_right = meeting is None or meeting.is_synced
    if session.state in (states.POSTPONED, states.CANCELLED):
        return Stage.GONE if is_right else Stage.UNDER_WAY
    return Stage.READY if has_room and is_right else Stage.UNDER_WAY
