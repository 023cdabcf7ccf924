"""Asking for a place, giving it up, and who gets it next.

Each verb is one short transaction that holds the session's row: it numbers the
arrival, sets the state and queues the mail. The row lock, not the count, keeps the
capacity: without it, as many as ask at once are let in.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from community.models import LocalBody, User

from . import mails
from .models import Invitation, Mode, Registration, Session
from .standing import standing_of


class RegistrationRefused(Exception):
    """No registration is taken now. `standing` says why."""

    def __init__(self, standing) -> None:
        super().__init__(standing.kind)
        self.standing = standing


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


@dataclass(frozen=True)
class Placed:
    """What came of asking. `already` is true if the address had registered before,
    with another form: nothing was changed, and a mail explains."""

    registration: Registration
    already: bool = False


def place(
    session: Session,
    applicant: Applicant,
    *,
    form_key: UUID | None = None,
    now: datetime | None = None,
) -> Placed:
    """Register `applicant` for `session`: a place if one is free, or else the end of
    the waiting list. The same form sent again gives the same registration.

    Raises RegistrationRefused if registration is not open at `now`.
    """
    now = now or timezone.now()
    with transaction.atomic():
        session = locked(session)
        before = session.registrations.active().of_address(applicant.email).first()
        if before:
            same_form = form_key is not None and before.form_key == form_key
            if not same_form:
                mails.tell("registration_again", [before])
            return Placed(before, already=not same_form)
        standing = standing_of(session, *_counts(session), now)
        if not standing.can_register:
            raise RegistrationRefused(standing)
        session.arrivals += 1
        session.save(update_fields=["arrivals"])
        registration = Registration.objects.create(
            session=session,
            arrival=session.arrivals,
            form_key=form_key,
            **vars(applicant),
        )
        if registration in fill(session, newcomer=registration):
            registration.state = Registration.State.CONFIRMED
        else:
            mails.tell("registration_waiting", [registration])
    return Placed(registration)


def cancel(
    registration: Registration,
    reason: str,
    *,
    by: User | None = None,
    now: datetime | None = None,
) -> bool:
    """Give up the place of `registration`; the first who waits gets it.

    Returns False if it was cancelled already: then nothing happens.
    """
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if not registration.is_active:
            return False
        registration.state = Registration.State.CANCELLED
        registration.reason = reason
        registration.save(update_fields=["state", "reason", "changed"])
        log(registration, "events.cancel_registration", user=by)
        mails.tell("registration_cancelled", [registration])
        if session.starts > (now or timezone.now()):
            fill(session)
    return True


def fill(session: Session, newcomer: Registration | None = None) -> list[Registration]:
    """Give the free places of `session` to those who wait, in order of arrival.

    The caller holds the session's lock. Returns who got a place. They are told that
    the wait is over, except the `newcomer`, who never knew of one.
    """
    if session.state != Session.State.ANNOUNCED:
        return []
    given: list[Registration] = []
    for mode in session.modes:
        given += _next_in_line(session, mode)
    for registration in given:
        registration.state = Registration.State.CONFIRMED
    Registration.objects.bulk_update(given, ["state"])
    Invitation.objects.bulk_create(
        Invitation(registration=registration) for registration in given
    )
    mails.tell("registration_promoted", [r for r in given if r != newcomer])
    mails.tell("registration_confirmed", [r for r in given if r == newcomer])
    return given


def would_wait(session: Session, mode: str) -> int | None:
    """Where in the waiting list somebody who asked now would be, from 1; None if
    there is a place."""
    waiting = session.registrations.waiting().filter(mode=mode).count()
    free = _free(session, mode)
    return None if free is None or free > waiting else waiting + 1


def locked(session: Session) -> Session:
    """`session` as it is now, held until the transaction ends."""
    # SQLite has no row locks: its transactions are IMMEDIATE, one at a time.
    return Session.objects.select_for_update().get(pk=session.pk)


def _counts(session: Session) -> tuple[int, int]:
    registrations = session.registrations
    return registrations.holding().count(), registrations.waiting().count()


def _next_in_line(session: Session, mode: str) -> list[Registration]:
    waiting = session.registrations.waiting().filter(mode=mode)
    return list(waiting[: _free(session, mode)])


def _free(session: Session, mode: str) -> int | None:
    """Places of `mode` that nobody holds; None if there is no limit."""
    capacity = session.capacity_of(mode)
    if capacity is None:
        return None
    taken = session.registrations.holding().filter(mode=mode).count()
    return max(capacity - taken, 0)
