"""What an organiser does with a session. Each verb tells everybody who must know."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User

from . import announcing, mails
from .announcing import Told
from .followers import tell_followers
from .line import back_to_the_line, fill, hurry
from .meetings import sync as meetings
from .models import Registration, Session
from .registrations import locked

DUPLICATED = (
    "series",
    "topic",
    "title",
    "summary",
    "format",
    "place",
    "provider",
    "join_url",
    "capacity_online",
    "capacity_in_person",
    "audience",
    "body_limit",
    "approval",
    "notes",
    "listed",
)


@dataclass(frozen=True)
class Audience:
    """Who would be told of a change: how many in each language, and one of them."""

    languages: Counter[str]
    example: Registration | None

    @property
    def total(self) -> int:
        return self.languages.total()


def audience(session: Session) -> Audience:
    """Who is told when `session` moves or is cancelled."""
    people = session.registrations.active().of_somebody()
    return Audience(
        languages=Counter(people.values_list("language", flat=True)),
        example=people.order_by("state", "arrival").first(),
    )


def announce(session: Session, *, by: User | None = None) -> list[Told]:
    """Show `session` to everybody and open its registration. Returns the mails that
    leave. Announcing it again changes nothing; a cancelled one cannot be announced
    (ValidationError)."""
    with transaction.atomic():
        held = locked(session)
        if held.state == Session.State.ANNOUNCED:
            return []
        if held.state != Session.State.DRAFT:
            raise ValidationError(_("Only a draft can be announced."))
        _save(session, state=Session.State.ANNOUNCED)
        log(session, "events.announce", user=by)
        meetings.wanted(session)
        return [*tell_followers(session), *announcing.tell(session)]


def move(
    session: Session,
    *,
    starts: datetime,
    ends: datetime,
    place: Any = None,
    by: User | None = None,
    now: datetime | None = None,
) -> bool:
    """Hold `session` at another time, or at another `place` if one is given.

    Everybody registered hears of it, once however often it is moved within a
    minute. The closing of registration keeps its distance to the start. Returns
    False if nothing changed. Raises ValidationError if it cannot be moved so.
    """
    _check_dates(starts, ends, now or timezone.now())
    with transaction.atomic():
        held = locked(session)
        if held.state not in (Session.State.DRAFT, Session.State.ANNOUNCED):
            raise ValidationError(_("This session can no longer be moved."))
        changes = _new_dates(held, starts, ends, place)
        if (held.starts, held.ends, held.place) == (starts, ends, changes["place"]):
            return False
        _save(session, **changes)
        log(session, "events.move", user=by, data=_from_to(held, starts))
        meetings.wanted(session)
        if held.state == Session.State.ANNOUNCED:
            hurry(session, now or timezone.now())
            people = session.registrations.active()
            mails.tell("session_moved", people, wait=mails.COALESCE)
    return True


def postpone(session: Session, reason: Any = "", *, by: User | None = None) -> bool:
    """Put `session` off without a new date: it leaves every calendar, and everybody
    registered keeps what they have. Returns False if that was done already. Raises
    ValidationError unless it is announced."""
    with transaction.atomic():
        held = locked(session)
        if held.state == Session.State.POSTPONED:
            return False
        if held.state != Session.State.ANNOUNCED:
            raise ValidationError(_("Only an announced session can be postponed."))
        _save(session, state=Session.State.POSTPONED, state_reason=reason)
        log(session, "events.postpone", user=by)
        meetings.wanted(session)
        back_to_the_line(session.registrations.all())
        mails.tell("session_postponed", session.registrations.active())
    return True


def reschedule(
    session: Session,
    *,
    starts: datetime,
    ends: datetime,
    place: Any = None,
    by: User | None = None,
    now: datetime | None = None,
) -> None:
    """Give the postponed `session` a new date: everybody registered is invited anew.

    Raises ValidationError if it is not postponed, or the dates cannot be.
    """
    _check_dates(starts, ends, now or timezone.now())
    with transaction.atomic():
        held = locked(session)
        if held.state != Session.State.POSTPONED:
            raise ValidationError(_("This session is not postponed."))
        _save(
            session,
            state=Session.State.ANNOUNCED,
            state_reason="",
            **_new_dates(held, starts, ends, place),
        )
        log(session, "events.reschedule", user=by, data=_from_to(held, starts))
        meetings.wanted(session)
        given = fill(locked(session))
        others = session.registrations.active().exclude(pk__in=[r.pk for r in given])
        mails.tell("session_rescheduled", others)


def duplicate(
    session: Session,
    *,
    code: str,
    starts: datetime,
    ends: datetime,
    by: User | None = None,
) -> Session:
    """A draft like `session` at another time, without its people. Raises
    ValidationError if `code` is taken or the dates cannot be."""
    if ends <= starts:
        raise ValidationError({"ends": _("The session must end after it starts.")})
    same = {name: getattr(session, name) for name in DUPLICATED}
    copy = Session(code=code, starts=starts, ends=ends, **same)
    shift = starts - session.starts
    copy.opens = session.opens and session.opens + shift
    copy.closes = session.closes and session.closes + shift
    with transaction.atomic():
        copy.full_clean()
        copy.save()
        copy.bodies.set(session.bodies.all())
        log(copy, "events.duplicate", user=by, data={"of": session.code})
    return copy


def close(session: Session, *, by: User | None = None) -> bool:
    """Say that `session` has been held and settled. Returns False if it was said
    already. Raises ValidationError unless it was announced and has ended."""
    with transaction.atomic():
        held = locked(session)
        if held.state == Session.State.CLOSED:
            return False
        if held.state != Session.State.ANNOUNCED or held.ends > timezone.now():
            raise ValidationError(_("Only a session that has ended can be closed."))
        _save(session, state=Session.State.CLOSED)
        log(session, "events.close", user=by)
    return True


def cancel(session: Session, reason: Any = "", *, by: User | None = None) -> bool:
    """Cancel `session` for good, and tell everybody registered why.

    Invitations that have not left yet will not. Returns False if it was cancelled
    already. Raises ValidationError if it has been held and settled.
    """
    with transaction.atomic():
        held = locked(session)
        if held.state == Session.State.CANCELLED:
            return False
        if held.state == Session.State.CLOSED:
            raise ValidationError(_("This session has been held."))
        _save(session, state=Session.State.CANCELLED, state_reason=reason)
        log(session, "events.cancel", user=by)
        meetings.wanted(session)
        back_to_the_line(session.registrations.all())
        mails.tell("session_cancelled", session.registrations.active())
    return True


def resize(
    session: Session,
    *,
    online: int | None,
    in_person: int | None,
    by: User | None = None,
) -> list[Registration]:
    """Give `session` so many places of each mode; None is no limit.

    Nobody loses a place: with fewer places than people it is over-full. With more,
    those who wait get them at once. Returns who did.
    """
    with transaction.atomic():
        held = locked(session)
        _save(session, capacity_online=online, capacity_in_person=in_person)
        log(
            session,
            "events.resize",
            user=by,
            data={
                "from": [held.capacity_online, held.capacity_in_person],
                "to": [online, in_person],
            },
        )
        # As it is now: the caller may have read it before somebody changed it.
        return fill(locked(session))


def _check_dates(starts: datetime, ends: datetime, now: datetime) -> None:
    if ends <= starts:
        raise ValidationError({"ends": _("The session must end after it starts.")})
    if starts <= now:
        raise ValidationError({"starts": _("Choose a moment that is still to come.")})


def _new_dates(
    held: Session, starts: datetime, ends: datetime, place: Any
) -> dict[str, Any]:
    """What another date changes in the row. The closing of registration keeps its
    distance to the start."""
    return {
        "starts": starts,
        "ends": ends,
        "place": held.place if place is None else place,
        "closes": held.closes and held.closes + (starts - held.starts),
        "revision": held.revision + 1,
    }


def _from_to(held: Session, starts: datetime) -> dict[str, str]:
    return {"from": held.starts.isoformat(), "to": starts.isoformat()}


def _save(session: Session, **values: Any) -> None:
    """Write `values`, and no other column, of the locked `session`."""
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=[*values, "changed"])
