"""Asking for a place, giving it up, and who gets it next.

Each verb is one short transaction that holds the session's row: it numbers the
arrival, sets the state and queues the mail. The row lock, not the count, keeps the
capacity: without it, as many as ask at once are let in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from community.models import LocalBody, User
from community.models.bodies import search_key

from . import links, mails
from .models import (
    AccessibilityNeeds,
    Invitation,
    Mode,
    Registration,
    Session,
    new_token,
)
from .signals import places_changed
from .standing import Standing, standing_of

State = Registration.State
Reason = Registration.Reason


class RegistrationRefused(Exception):
    """No registration is taken now. `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.kind)
        self.standing = standing


class NotForYou(Exception):
    """The session is for the people of other bodies."""


@dataclass(frozen=True)
class Needs:
    """What somebody needs to follow the session, given with express consent."""

    sign_language: bool = False
    materials_before: bool = False
    telephone: bool = False
    other: str = ""


@dataclass(frozen=True)
class Applicant:
    """Who asks for a place, as the form has it."""

    name: str
    email: str
    language: str
    mode: str = Mode.ONLINE
    body: LocalBody | None = None
    body_text: str = ""
    position: str = ""
    question: str = ""
    notice_version: str = ""
    user: User | None = None
    needs: Needs | None = None

    def columns(self) -> dict[str, Any]:
        """What of this is in the registration's own row."""
        return {name: value for name, value in vars(self).items() if name != "needs"}


@dataclass(frozen=True)
class Placed:
    """What came of asking. `already` is true if the address had registered before,
    with another form: nothing was changed, and a mail explains."""

    registration: Registration
    already: bool = False


@dataclass(frozen=True)
class Outlook:
    """How somebody would stand, and where in the waiting list, from 1."""

    state: State
    position: int | None


def place(
    session: Session,
    applicant: Applicant,
    *,
    form_key: UUID | None = None,
    by: User | None = None,
    over_capacity: bool = False,
    now: datetime | None = None,
) -> Placed:
    """Register `applicant` for `session`: a place if one is free, or else the end of
    the waiting list. The same form sent again gives the same registration.

    Staff (`by`) may register somebody out of time and whatever the audience, and give
    a place `over_capacity`. Where registrations are approved, those that people make
    themselves wait for that first. Raises RegistrationRefused if registration is not
    open at `now`, NotForYou if the session is for other bodies.
    """
    with transaction.atomic():
        session = locked(session)
        before = session.registrations.active().of_address(applicant.email).first()
        if before:
            same_form = form_key is not None and before.form_key == form_key
            if not same_form:
                mails.tell("registration_again", [before])
            return Placed(before, already=not same_form)
        if by is None:
            _check(session, applicant, now or timezone.now())
        pending = session.approval and by is None
        registration = _arrive(session, applicant, form_key, pending)
        if over_capacity:
            _give([registration])
            mails.tell("registration_confirmed", [registration])
        elif pending:
            mails.tell("registration_pending", [registration])
        else:
            _queue_up(session, registration)
        if by is not None:
            log(registration, "events.register", user=by)
    return Placed(registration)


def place_all(
    session: Session,
    applicants: Sequence[Applicant],
    *,
    form_key: UUID | None = None,
    by: User | None = None,
    now: datetime | None = None,
) -> list[Placed]:
    """Register several people, as `place` does each: all of them or none."""
    with transaction.atomic():
        locked(session)
        return [
            place(session, applicant, form_key=form_key, by=by, now=now)
            for applicant in applicants
        ]


def cancel(
    registration: Registration,
    reason: str,
    *,
    by: User | None = None,
    notify: bool = True,
    now: datetime | None = None,
) -> bool:
    """Give up the place of `registration`; the first who waits gets it.

    Without `notify` no mail goes, and the entry stays in the person's calendar.
    Returns False if it was cancelled already: then nothing happens.
    """
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if not registration.is_active:
            return False
        _end(registration, reason, by)
        if notify:
            mails.tell("registration_cancelled", [registration])
        _refill(session, now)
    return True


def not_me(registration: Registration, *, now: datetime | None = None) -> bool:
    """Somebody else had used the address: the place is freed and what was written
    in its name is forgotten. Returns False if it was cancelled already."""
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if not registration.is_active:
            return False
        _end(registration, Reason.NOT_ME, None)
        # The calendar entry goes too, if it ever came.
        mails.tell("registration_cancelled", [registration])
        Registration.objects.filter(pk=registration.pk).update(
            name="", position="", question="", body=None, body_text=""
        )
        AccessibilityNeeds.objects.filter(registration=registration).delete()
        session.series.followers.filter(email__iexact=registration.email).delete()
        _refill(session, now)
    return True


def approve(registration: Registration, *, by: User) -> bool:
    """Let `registration` in: a place if one is free, or else the waiting list.
    Returns False if nobody has to decide about it any more."""
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if registration.state != State.PENDING:
            return False
        registration.state = State.WAITING
        registration.save(update_fields=["state", "changed"])
        log(registration, "events.approve", user=by)
        _queue_up(session, registration)
    return True


def decline(registration: Registration, *, by: User, notify: bool = True) -> bool:
    """Do not let `registration` in. Returns False if it was decided already."""
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if registration.state != State.PENDING:
            return False
        _end(registration, Reason.DECLINED, by)
        if notify:
            mails.tell("registration_declined", [registration])
    return True


def grant(registration: Registration, *, by: User, reason: str) -> bool:
    """Give `registration` a place out of turn, over the capacity if need be, for a
    `reason` that is kept. Returns False if it has a place or was cancelled."""
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if registration.state not in (State.PENDING, State.WAITING):
            return False
        waited = registration.state == State.WAITING
        _give([registration])
        log(registration, "events.grant", user=by, data={"reason": reason})
        kind = "registration_promoted" if waited else "registration_confirmed"
        mails.tell(kind, [registration])
    return True


def merge(kept: Registration, other: Registration, *, by: User) -> bool:
    """Make one of two registrations of the same person in the same session.

    `kept` gets the better place of both, in that place's mode, and the earlier
    arrival; `other` is cancelled, and its calendar entry taken back. Returns False if
    either was cancelled already. Raises ValueError if they are of different sessions.
    """
    if kept.session_id != other.session_id or kept.pk == other.pk:
        raise ValueError("Only two registrations of one session can be merged.")
    with transaction.atomic():
        session = locked(kept.session)
        kept.refresh_from_db()
        other.refresh_from_db()
        if not (kept.is_active and other.is_active):
            return False
        had_place = other.state in Registration.HOLDING
        earlier, later = sorted((kept.arrival, other.arrival))
        _end(other, Reason.MERGED, by)
        if kept.arrival != earlier:
            # Through a number nobody has: arrivals are unique at every moment.
            session.arrivals += 1
            session.save(update_fields=["arrivals"])
            _renumber(other, session.arrivals)
            _renumber(kept, earlier)
            _renumber(other, later)
        if had_place and kept.state not in Registration.HOLDING:
            # The place is of a mode: online there may be room where here there is not.
            kept.mode = other.mode
            kept.save(update_fields=["mode"])
            _give([kept])
            mails.tell("registration_promoted", [kept])
        mails.tell("registration_cancelled", [other])
        log(kept, "events.merge", user=by, data={"other": other.pk})
        _refill(session, None)
    return True


def correct(
    registration: Registration, *, by: User | None = None, **fields: Any
) -> bool:
    """Change what a person said of themselves: name, body, body_text, position,
    question, language, needs. Neither the address nor the place can be changed so.
    Returns False if the registration was cancelled or erased."""
    needs = fields.pop("needs", None)
    unknown = fields.keys() - {*CORRECTABLE}
    if unknown:
        raise TypeError(f"These cannot be corrected: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if not registration.is_active or registration.erased:
            return False
        for name, value in fields.items():
            setattr(registration, name, value)
        registration.save(update_fields=[*fields, "changed"])
        _write_needs(registration, needs)
        log(registration, "events.correct", user=by)
    return True


def renew_links(registration: Registration, *, by: User) -> bool:
    """Make the personal links of `registration` anew and mail them; those of before
    lead nowhere from now on, since somebody else may have them. Returns False if there
    is nothing left to link to."""
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        gone = not registration.is_active or registration.erased
        if gone or links.have_run_out(session):
            return False
        registration.token = new_token()
        registration.save(update_fields=["token", "changed"])
        for invitation in registration.invitations.all():
            invitation.join_token = new_token()
            invitation.save(update_fields=["join_token"])
        log(registration, "events.renew_links", user=by)
        mails.tell("registration_links", [registration])
    return True


CORRECTABLE = ("name", "body", "body_text", "position", "question", "language")


def fill(session: Session, newcomer: Registration | None = None) -> list[Registration]:
    """Give the free places of `session` to those who wait, in order of arrival.

    The caller holds the session's lock. Whoever is over the limit of their body is
    passed over, and keeps their place in the list. Returns who got a place. They are
    told that the wait is over, except the `newcomer`, who never knew of one.
    """
    if session.state != Session.State.ANNOUNCED:
        return []
    given = list(_next_in_line(session))
    _give(given)
    mails.tell("registration_promoted", [r for r in given if r != newcomer])
    mails.tell("registration_confirmed", [r for r in given if r == newcomer])
    return given


def rehearse(
    session: Session, applicant: Applicant, *, now: datetime | None = None
) -> Outlook:
    """What `place` would answer if the address of `applicant` were new here, so that
    nobody can ask us whose is not. Nothing is kept. Raises as `place`."""
    return rehearse_all(session, [applicant], now=now)[0]


def rehearse_all(
    session: Session, applicants: Iterable[Applicant], *, now: datetime | None = None
) -> list[Outlook]:
    """What `place_all` would answer if all the addresses were new here."""
    newcomers = [
        replace(applicant, email=f"{uuid4()}@{settings.MAIL_DOMAIN}")
        for applicant in applicants
    ]
    with transaction.atomic():
        placed = place_all(session, newcomers, now=now)
        outlooks = [
            Outlook(State(one.registration.state), one.registration.queue_position)
            for one in placed
        ]
        transaction.set_rollback(True)
    return outlooks


def locked(session: Session) -> Session:
    """`session` as it is now, held until the transaction ends. Whoever holds it means
    to change it or its places: `places_changed` is sent once that is committed."""
    transaction.on_commit(partial(places_changed.send, Session))
    # SQLite has no row locks: its transactions are IMMEDIATE, one at a time.
    return Session.objects.select_for_update().get(pk=session.pk)


def _check(session: Session, applicant: Applicant, now: datetime) -> None:
    # How many wait decides nothing, and counting them takes ever longer.
    standing = standing_of(session, session.registrations.holding().count(), 0, now)
    if not standing.can_register:
        raise RegistrationRefused(standing)
    if not welcomes(session, applicant.body):
        raise NotForYou


def welcomes(session: Session, body: LocalBody | None) -> bool:
    """Whether `session` is for the people of `body`; None is a body we do not know."""
    if session.audience == Session.Audience.OPEN:
        return True
    if body is None:
        return False
    if session.audience == Session.Audience.LOCAL_BODIES:
        return True
    return session.bodies.filter(pk=body.pk).exists()


def _arrive(
    session: Session, applicant: Applicant, form_key: UUID | None, pending: bool
) -> Registration:
    session.arrivals += 1
    session.save(update_fields=["arrivals"])
    registration = Registration.objects.create(
        session=session,
        arrival=session.arrivals,
        form_key=form_key,
        state=State.PENDING if pending else State.WAITING,
        **applicant.columns(),
    )
    _write_needs(registration, applicant.needs)
    return registration


def _queue_up(session: Session, registration: Registration) -> None:
    """Have `registration`, the newest, get a place or hear that it waits."""
    if registration in fill(session, newcomer=registration):
        registration.state = State.CONFIRMED
    else:
        mails.tell("registration_waiting", [registration])


def _write_needs(registration: Registration, needs: Needs | None) -> None:
    if needs is None:
        return
    if needs == Needs():
        AccessibilityNeeds.objects.filter(registration=registration).delete()
        return
    AccessibilityNeeds.objects.update_or_create(
        registration=registration, defaults=asdict(needs)
    )


def _give(registrations: Iterable[Registration]) -> None:
    """Confirm `registrations`, and have each hold an invitation to be sent."""
    given = list(registrations)
    for registration in given:
        registration.state = State.CONFIRMED
    Registration.objects.bulk_update(given, ["state"])
    Invitation.objects.bulk_create(
        Invitation(registration=registration) for registration in given
    )


def _end(registration: Registration, reason: str, by: User | None) -> None:
    registration.state = State.CANCELLED
    registration.reason = reason
    registration.save(update_fields=["state", "reason", "changed"])
    log(registration, "events.cancel_registration", user=by)


def _refill(session: Session, now: datetime | None) -> None:
    # Nobody is called in from the waiting list to a session under way.
    if session.starts > (now or timezone.now()):
        fill(session)


def _renumber(registration: Registration, arrival: int) -> None:
    registration.arrival = arrival
    registration.save(update_fields=["arrival"])


def _next_in_line(session: Session) -> Iterable[Registration]:
    free = {str(mode): _free(session, mode) for mode in session.modes}
    if all(places == 0 for places in free.values()):
        return
    limit = session.body_limit
    held = _held_by_body(session) if limit else Counter()
    for registration in _waiting(session, free, limit):
        body = _body_key(registration)
        if limit and body and held[body] >= limit:
            continue
        places = free[registration.mode]
        if places == 0:
            continue
        if places is not None:
            free[registration.mode] = places - 1
        held[body] += 1
        yield registration


def _waiting(
    session: Session, free: dict[str, int | None], limit: int | None
) -> Iterable[Registration]:
    """Those who may be next. With a limit for each body anybody may be passed over,
    so the whole list is; without one, no more than there are places."""
    waiting = session.registrations.waiting().filter(mode__in=free)
    if limit or None in free.values():
        return waiting.iterator(chunk_size=500)
    heads = [waiting.filter(mode=mode)[:places] for mode, places in free.items()]
    return [registration for head in heads for registration in head]


def _held_by_body(session: Session) -> Counter[str]:
    holding = session.registrations.holding().only("body_id", "body_text")
    return Counter(_body_key(registration) for registration in holding)


def _body_key(registration: Registration) -> str:
    """What makes two people of the same body; "" if none was said."""
    if registration.body_id:
        return f"#{registration.body_id}"
    return search_key(registration.body_text)


def _free(session: Session, mode: str) -> int | None:
    """Places of `mode` that nobody holds; None if there is no limit."""
    capacity = session.capacity_of(mode)
    if capacity is None:
        return None
    taken = session.registrations.holding().filter(mode=mode).count()
    return max(capacity - taken, 0)
