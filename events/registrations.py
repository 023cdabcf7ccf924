"""Asking for a place, giving it up, and who gets it next.

Each verb is one short transaction that holds the session's row: it numbers the
arrival, sets the state and queues the mail. The row lock, not the count, keeps the
capacity: without it, as many as ask at once are let in. Who is next is in `line`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from community.models import LocalBody, User

from . import line, links, mails
from .line import end_offers, fill, give
from .models import (
    AccessibilityNeeds,
    Mode,
    Offer,
    Registration,
    Session,
    new_token,
)
from .models.places import State
from .signals import places_changed
from .standing import Kind, Standing, standing_of

Reason = Registration.Reason
Outcome = Offer.Outcome
# How an offer ends together with its registration; else it was withdrawn.
OUTCOMES: dict[str, Offer.Outcome] = {
    Reason.PERSON: Outcome.DECLINED,
    Reason.REFUSED: Outcome.DECLINED,
    Reason.EXPIRED: Outcome.EXPIRED,
}


class RegistrationRefused(Exception):
    """No registration is taken now. `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.kind)
        self.standing = standing


class NotForYou(Exception):
    """The session is for the people of other bodies."""


class HasPlace(Exception):
    """The person has a place in the session already."""


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
        return {name: getattr(self, name) for name in ASKED}


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
    early: bool = False,
    now: datetime | None = None,
) -> Placed:
    """Register `applicant` for `session`: a place if one is free, or else the end of
    the waiting list. The same form sent again gives the same registration.

    Staff (`by`) may register somebody out of time and whatever the audience, and give
    a place `over_capacity`. Where registrations are approved, those that people make
    themselves wait for that first. With `early` it may be before registration opens,
    where `takes_early`. Raises RegistrationRefused if registration is not
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
            _check(session, applicant, early, now or timezone.now())
        pending = session.approval and by is None
        registration = _arrive(session, applicant, form_key, pending)
        if over_capacity:
            give([registration])
            mails.tell("registration_confirmed", [registration])
        elif pending:
            mails.tell("registration_pending", [registration])
        else:
            _queue_up(session, registration, now)
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
        end(registration, reason, by)
        if notify:
            mails.tell("registration_cancelled", [registration])
        fill(session, now=now)
    return True


def not_me(registration: Registration, *, now: datetime | None = None) -> bool:
    """Somebody else had used the address: the place is freed and what was written
    in its name is forgotten. Returns False if it was cancelled already."""
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if not registration.is_active:
            return False
        end(registration, Reason.NOT_ME, None)
        # The calendar entry goes too, if it ever came.
        mails.tell("registration_cancelled", [registration])
        Registration.objects.filter(pk=registration.pk).update(
            name="", position="", question="", body=None, body_text=""
        )
        AccessibilityNeeds.objects.filter(registration=registration).delete()
        session.series.followers.filter(email__iexact=registration.email).delete()
        fill(session, now=now)
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


def decline(
    registration: Registration, *, by: User, notify: bool = True, reason: str = ""
) -> bool:
    """Do not let `registration` in, for a `reason` that the mail says. Returns False
    if it was decided already."""
    return _turn_away(registration, State.PENDING, by, reason, notify)


def turn_away(registration: Registration, *, by: User, reason: str) -> bool:
    """Take `registration` off the waiting list for good, for a `reason` that the mail
    says. Returns False if it does not wait."""
    return _turn_away(registration, State.WAITING, by, reason)


def _turn_away(
    registration: Registration,
    state: State,
    by: User,
    reason: str,
    notify: bool = True,
) -> bool:
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if registration.state != state:
            return False
        registration.refusal = reason
        registration.save(update_fields=["refusal"])
        end(registration, Reason.DECLINED, by)
        if notify:
            mails.tell("registration_declined", [registration])
    return True


def grant(registration: Registration, *, by: User, reason: str) -> bool:
    """Give `registration` a place out of turn, over the capacity if need be, for a
    `reason` that is kept. Returns False if it has a place or was cancelled."""
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if registration.state not in WITHOUT_PLACE:
            return False
        waited = registration.state != State.PENDING
        give([registration])
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
        held, until = other.state, other.offered_until
        earlier, later = sorted((kept.arrival, other.arrival))
        end(other, Reason.MERGED, by)
        if kept.arrival != earlier:
            # Through a number nobody has: arrivals are unique at every moment.
            session.arrivals += 1
            session.save(update_fields=["arrivals"])
            _renumber(other, session.arrivals)
            _renumber(kept, earlier)
            _renumber(other, later)
        _inherit(kept, other.mode, held, until)
        mails.tell("registration_cancelled", [other])
        log(kept, "events.merge", user=by, data={"other": other.pk})
        fill(session)
    return True


def pass_on(
    registration: Registration,
    colleague: Applicant,
    *,
    by: User | None = None,
    now: datetime | None = None,
) -> Registration:
    """Give the place of `registration` to `colleague`, for the same body and in the
    same mode, so that every limit holds and nobody who waits is passed over. One who
    waits, waits no more. Returns the colleague's registration.

    The caller holds the session's lock and knows that there is a place to pass on.
    Raises HasPlace, and does nothing, if the colleague has one already.
    """
    session = registration.session
    theirs = session.registrations.active().of_address(colleague.email).first()
    if theirs and theirs.state == State.CONFIRMED:
        raise HasPlace
    inherited = ("mode", "body", "body_text")
    same = {name: getattr(registration, name) for name in inherited}
    colleague = replace(colleague, **same)
    end(registration, Reason.SUBSTITUTE, by)
    if theirs:
        _rewrite(theirs, colleague)
    else:
        theirs = _arrive(session, colleague, form_key=None, pending=False)
    give([theirs])
    log(theirs, "events.substitute", user=by, data={"of": registration.pk})
    mails.tell("registration_cancelled", [registration])
    mails.tell("registration_confirmed", [theirs])
    # Another one may have been kept for them.
    fill(session, now=now)
    return theirs


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
        _renew_tokens(registration)
        log(registration, "events.renew_links", user=by)
        mails.tell("registration_links", [registration])
    return True


def correct_address(registration: Registration, email: str, *, by: User) -> bool:
    """Write to `email` from now on, and tell there how things stand, with links of its
    own: those of before lead nowhere. Returns False if it is cancelled, or was written
    to there already.

    Raises HasPlace, and does nothing, if that address is registered too.
    """
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        same = registration.email.lower() == email.lower()
        if not registration.is_active or registration.erased or same:
            return False
        if session.registrations.active().of_address(email).exists():
            raise HasPlace
        registration.email, registration.user = email, None
        registration.save(update_fields=["email", "user", "changed"])
        _renew_tokens(registration)
        log(registration, "events.correct_address", user=by)
        tell_standing(registration)
    return True


def tell_standing(registration: Registration) -> None:
    """Write to `registration`, which is active, whether it has a place."""
    mails.tell(STANDING[registration.state], [registration])


def ask_again(registration: Registration, *, now: datetime | None = None) -> Placed:
    """Ask once more for the place that `registration` lost: a new one, as `place`
    makes it, behind those who wait. Raises as `place`."""
    same = {name: getattr(registration, name) for name in ASKED}
    applicant = Applicant(**same, needs=_read_needs(registration))
    # Of a double click, both ask for the same.
    form_key = uuid5(registration.session.uuid, registration.token)
    return place(registration.session, applicant, form_key=form_key, now=now)


def move_in_line(
    registration: Registration, position: int, *, by: User, reason: str
) -> bool:
    """Put `registration` at `position`, from 1, of the waiting list of its mode, or at
    its end, for a `reason` that is kept. Returns False if it does not wait any more, or
    is there already."""
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        before = registration.queue_position
        if before is None or not line.put_at(session, registration, position):
            return False
        registration.refresh_from_db()
        data = {"from": before, "to": registration.queue_position, "reason": reason}
        log(registration, "events.move_in_line", user=by, data=data)
        of_session = data | {"registration": registration.pk}
        log(session, "events.move_in_line", user=by, data=of_session)
    return True


# What of a registration is asked for again.
ASKED = [field.name for field in fields(Applicant) if field.name != "needs"]
# Who may be given a place.
WITHOUT_PLACE = (State.PENDING, State.WAITING, State.OFFERED)
# What somebody is told who asks how things stand.
STANDING: dict[str, str] = {
    State.PENDING: "registration_pending",
    State.WAITING: "registration_waiting",
    State.OFFERED: "registration_offered",
    State.CONFIRMED: "registration_confirmed",
}
CORRECTABLE = ("name", "body", "body_text", "position", "question", "language")


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


def _check(session: Session, applicant: Applicant, early: bool, now: datetime) -> None:
    # How many wait decides nothing, and counting them takes ever longer.
    standing = standing_of(session, session.registrations.holding().count(), 0, now)
    is_early = early and takes_early(session, applicant.mode, now=now)
    if not (standing.can_register or is_early):
        raise RegistrationRefused(standing)
    if not welcomes(session, applicant.body):
        raise NotForYou


def takes_early(session: Session, mode: str, *, now: datetime | None = None) -> bool:
    """Whether those who asked for `session` may register in `mode` before the others:
    its series lets them, registration has not opened, and a place is free."""
    # Of who has a place it says nothing yet.
    standing = standing_of(session, 0, 0, now or timezone.now())
    if not (session.series.early and standing.kind == Kind.NOT_OPEN):
        return False
    places = session.capacity_of(mode)
    holding = session.registrations.holding().filter(mode=mode)
    return places is None or holding.count() < places


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


def _rewrite(registration: Registration, applicant: Applicant) -> None:
    """Have `registration` say what `applicant` says; what they leave empty stays."""
    own = ("email", "user", "question")
    said = {name: v for name, v in applicant.columns().items() if name not in own}
    for name, value in said.items():
        if value or name in ("body", "body_text"):
            setattr(registration, name, value)
    registration.save(update_fields=[*said, "changed"])
    _write_needs(registration, applicant.needs)


def _queue_up(
    session: Session, registration: Registration, now: datetime | None = None
) -> None:
    """Have `registration`, the newest, get a place or hear that it waits."""
    if registration in fill(session, newcomer=registration, now=now):
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


def _read_needs(registration: Registration) -> Needs | None:
    kept = AccessibilityNeeds.objects.filter(registration=registration).first()
    if kept is None:
        return None
    return Needs(**{f.name: getattr(kept, f.name) for f in fields(Needs)})


def end(registration: Registration, reason: str, by: User | None) -> None:
    """Cancel `registration`, and what is offered to it. The caller holds the lock, and
    tells whom it concerns."""
    if registration.state == State.OFFERED:
        end_offers([registration], OUTCOMES.get(reason, Outcome.WITHDRAWN))
    registration.state = State.CANCELLED
    registration.reason = reason
    registration.save(update_fields=["state", "reason", "changed"])
    log(registration, "events.cancel_registration", user=by)


def _inherit(kept: Registration, mode: str, held: str, until: datetime | None) -> None:
    """Have `kept` hold what another `held` in `mode`, if that is better: a place, or
    the offer of one `until` then."""
    # The place is of a mode: online there may be room where here there is not.
    if held == State.CONFIRMED != kept.state:
        kept.mode = mode
        kept.save(update_fields=["mode"])
        give([kept])
        mails.tell("registration_promoted", [kept])
    elif until and kept.state not in Registration.HOLDING:
        kept.mode = mode
        kept.save(update_fields=["mode"])
        line.offer([kept], until)
        mails.tell("registration_offered", [kept])


def _renew_tokens(registration: Registration) -> None:
    registration.token = new_token()
    registration.save(update_fields=["token", "changed"])
    for invitation in registration.invitations.all():
        invitation.join_token = new_token()
        invitation.save(update_fields=["join_token"])


def _renumber(registration: Registration, arrival: int) -> None:
    registration.arrival = arrival
    registration.save(update_fields=["arrival"])
