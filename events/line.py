"""The waiting list: who is next, who gets a place, and who is offered one.

Whoever calls this holds the session's lock (`registrations.locked`): it is that lock
that keeps the capacity. The verbs are in `registrations`, `offers` and `sessions`.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from community.models.bodies import search_key
from community.work import tasks

from . import mails
from .answering import answer_by
from .models import (
    Invitation,
    Offer,
    Registration,
    RegistrationQuerySet,
    Series,
    Session,
)
from .models.places import State


def fill(
    session: Session,
    newcomer: Registration | None = None,
    *,
    passing_over: Registration | None = None,
    now: datetime | None = None,
) -> list[Registration]:
    """Give the free places of `session` to those who wait, in order of arrival; in a
    series that offers them, offer them. Returns who has one by it.

    Whoever is over the limit of their body is passed over, and keeps their place in
    the list. All are told, except that the `newcomer`, who never knew of a wait, hears
    of a place and no more, and is never asked: who has just asked wants it. Within the
    hour before the start there is no time to ask, so places are given; and nobody is
    called in from the list to a session under way.
    """
    now = now or timezone.now()
    if session.state != Session.State.ANNOUNCED:
        return []
    waiting = session.registrations.waiting()
    if passing_over:
        waiting = waiting.exclude(pk=passing_over.pk)
    if session.starts <= now:
        waiting = waiting.filter(pk=newcomer.pk) if newcomer else waiting.none()
    chosen = list(_next_in_line(session, waiting))
    new = [registration for registration in chosen if registration == newcomer]
    waited = [registration for registration in chosen if registration != newcomer]
    if waited:
        _call(session, waited, now)
    give(new)
    mails.tell("registration_confirmed", new)
    return chosen


def give(registrations: Iterable[Registration]) -> None:
    """Confirm `registrations`, and have each hold an invitation to be sent."""
    given = list(registrations)
    end_offers([row for row in given if row.state == State.OFFERED])
    for registration in given:
        registration.state = State.CONFIRMED
    Registration.objects.bulk_update(given, ["state"])
    Invitation.objects.bulk_create(
        Invitation(registration=registration) for registration in given
    )


def offer(registrations: Iterable[Registration], expires: datetime) -> None:
    """Keep a place for each of `registrations` until it answers or `expires`."""
    offered = list(registrations)
    for registration in offered:
        registration.state = State.OFFERED
    Registration.objects.bulk_update(offered, ["state"])
    Offer.objects.bulk_create(
        Offer(registration=registration, expires=expires) for registration in offered
    )
    tasks.wake(at=expires)


def end_offers(
    registrations: Iterable[Registration],
    outcome: Offer.Outcome = Offer.Outcome.WITHDRAWN,
) -> None:
    """Write how the open offers of `registrations` ended."""
    if rows := list(registrations):
        Offer.objects.open().filter(registration__in=rows).update(
            outcome=outcome, ended=timezone.now()
        )


def back_to_the_line(offered: RegistrationQuerySet) -> None:
    """Take back what is offered to those of `offered`: they wait again, where they
    were."""
    rows = list(offered.filter(state=State.OFFERED))
    end_offers(rows)
    for registration in rows:
        registration.state = State.WAITING
    Registration.objects.bulk_update(rows, ["state"])


def hurry(session: Session, now: datetime) -> None:
    """Have the open offers of `session` end in time for its start, which is another
    than it was."""
    latest = answer_by(now, session.starts) or session.starts
    late = Offer.objects.open().filter(
        registration__session=session, expires__gt=latest
    )
    if late.update(expires=latest):
        tasks.wake(at=latest)


def put_at(session: Session, registration: Registration, position: int) -> bool:
    """Have `registration`, which waits, be number `position` of those who wait in its
    mode, or the last. Returns False if it is."""
    line = list(session.registrations.waiting().filter(mode=registration.mode))
    numbers = [row.arrival for row in line]
    line.insert(position - 1, line.pop(line.index(registration)))
    moved = []
    for row, number in zip(line, numbers, strict=True):
        if row.arrival != number:
            row.arrival = number
            moved.append(row)
    # Through numbers that nobody has: arrivals are unique at every moment.
    Registration.objects.filter(pk__in=[row.pk for row in moved]).update(
        arrival=F("arrival") + session.arrivals
    )
    Registration.objects.bulk_update(moved, ["arrival"], batch_size=500)
    return bool(moved)


def _call(session: Session, waited: list[Registration], now: datetime) -> None:
    """Give or offer a place to each of those who `waited`."""
    offers = session.series.promotion == Series.Promotion.OFFER
    expires = answer_by(now, session.starts) if offers else None
    if expires:
        offer(waited, expires)
        mails.tell("registration_offered", waited)
    else:
        give(waited)
        mails.tell("registration_promoted", waited)


def _next_in_line(
    session: Session, waiting: RegistrationQuerySet
) -> Iterable[Registration]:
    free = {str(mode): _free(session, mode) for mode in session.modes}
    if all(places == 0 for places in free.values()):
        return
    limit = session.body_limit
    held = _held_by_body(session) if limit else Counter()
    for registration in _candidates(waiting, free, limit):
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


def _candidates(
    waiting: RegistrationQuerySet, free: dict[str, int | None], limit: int | None
) -> Iterable[Registration]:
    """Those who may be next. With a limit for each body anybody may be passed over,
    so the whole list is; without one, no more than there are places."""
    waiting = waiting.filter(mode__in=free)
    if limit or None in free.values():
        return waiting.iterator(chunk_size=500)
    heads = [waiting.filter(mode=mode)[:places] for mode, places in free.items()]
    return [registration for head in heads for registration in head]


def over_limit(session: Session, *, with_room: bool = False) -> list[Registration]:
    """Those who wait and whose body has as many places of `session` as each may have;
    `with_room`, only those for whom a place is free, so that nothing else holds them
    up."""
    if not session.body_limit:
        return []
    waiting = session.registrations.waiting()
    if with_room:
        free = [mode for mode in session.modes if _free(session, mode) != 0]
        waiting = waiting.filter(mode__in=free)
    held = _held_by_body(session)
    return [
        registration
        for registration in waiting
        if (body := _body_key(registration)) and held[body] >= session.body_limit
    ]


def held_by_body_of(registration: Registration) -> int:
    """How many people of its body have a place; 0 if it did not say of which."""
    body = _body_key(registration)
    return _held_by_body(registration.session)[body] if body else 0


def _held_by_body(session: Session) -> Counter[str]:
    # With the session, or each row would be asked for it.
    holding = session.registrations.holding().only("session", "body", "body_text")
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
