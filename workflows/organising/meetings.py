"""What the organiser reads of a session's online meeting."""

from typing import Any

from community.models import User
from events.meetings.rooms import Stage, meeting_of, room_of, stage_of
from events.meetings.troubles import in_words
from events.models import Session

from . import labels

# Of those, somebody may ask for another try; of what is ready, for another look.
ASKED_FOR = (
    Stage.READY,
    Stage.UNDER_WAY,
    Stage.LEAVING,
    Stage.RETRYING,
    Stage.FAILED,
)


def panel(session: Session, user: User) -> dict[str, Any] | None:
    """What the session's screen says of its meeting to `user`; None if it has none to
    speak of. The link itself is never in it."""
    stage = stage_of(session)
    if stage is None:
        return None
    meeting = meeting_of(session)
    reason, detail = "", ""
    if meeting and stage in (Stage.RETRYING, Stage.FAILED):
        reason, detail = in_words(meeting.error)
    has_door = room_of(session) is not None and stage != Stage.LEAVING
    may_ask = meeting is not None and user.has_perm("events.change_session")
    return {
        "stage": stage,
        "provider": session.get_provider_display(),
        "words": labels.MEETING[stage],
        "tone": labels.MEETING_TONES.get(stage, ""),
        "reason": reason,
        "detail": detail,
        "tried": meeting and meeting.tried,
        "next_try": meeting.next_try if stage == Stage.RETRYING and meeting else None,
        "may_enter": has_door and sees_who_comes(user),
        "may_ask": may_ask and stage in ASKED_FOR,
    }


def sees_who_comes(user: User) -> bool:
    """Whoever goes into a meeting sees who is there."""
    return user.has_perm("events.view_registration")
