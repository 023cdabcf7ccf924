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

from . import mails
from .models import Registration, Session
from .registrations import fill, locked


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
    people = session.registrations.active()
    return Audience(
        languages=Counter(people.values_list("language", flat=True)),
        example=people.order_by("state", "arrival").first(),
    )


def announce(session: Session, *, by: User | None = None) -> None:
    """Show `session` to everybody and open its registration. Announcing it again
    changes nothing; a cancelled one cannot be announced (ValidationError)."""
    with transaction.atomic():
        held = locked(session)
        if held.state == Session.State.ANNOUNCED:
            return
        if held.state != Session.State.DRAFT:
            raise ValidationError(_("Only a draft can be announced."))
        _save(session, state=Session.State.ANNOUNCED)
        log(session, "events.announce", user=by)


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
    now = now or timezone.now()
    if ends <= starts:
        raise ValidationError({"ends": _("The session must end after it starts.")})
    if starts <= now:
        raise ValidationError({"starts": _("Choose a moment that is still to come.")})
    with transaction.atomic():
        held = locked(session)
        if held.state not in (Session.State.DRAFT, Session.State.ANNOUNCED):
            raise ValidationError(_("This session can no longer be moved."))
        before = (held.starts, held.ends, held.place)
        place = held.place if place is None else place
        if before == (starts, ends, place):
            return False
        closes = held.closes and held.closes + (starts - held.starts)
        _save(
            session,
            starts=starts,
            ends=ends,
            place=place,
            closes=closes,
            revision=held.revision + 1,
        )
        log(
            session,
            "events.move",
            user=by,
            data={"from": held.starts.isoformat(), "to": starts.isoformat()},
        )
        if held.state == Session.State.ANNOUNCED:
            people = session.registrations.active()
            mails.tell("session_moved", people, wait=mails.COALESCE)
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
        # As it is now: the caller may have read it before somebody cancelled it.
        return fill(locked(session))


def _save(session: Session, **values: Any) -> None:
    """Write `values`, and no other column, of the locked `session`."""
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=[*values, "changed"])
