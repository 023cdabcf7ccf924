"""A place that is freed is offered to who waits, with a limit, and passes on."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from time import sleep
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from community.messages import outbox
from community.models import Heartbeat, Message
from community.work.heartbeat import RESTORED
from events import line, mails, offers, registrations, sessions
from events.answering import answer_by
from events.models import Invitation, Offer, Registration, Session
from events.registrations import Needs, RegistrationRefused
from tests.factories import (
    a_registration,
    a_series,
    a_session,
    a_user,
    an_applicant,
)
from tests.mail import story
from tests.together import together

State, Reason = Registration.State, Registration.Reason
CONFIRMED, OFFERED, WAITING, CANCELLED = (
    State.CONFIRMED,
    State.OFFERED,
    State.WAITING,
    State.CANCELLED,
)

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)

# Thursday at ten in Barcelona, in winter.
STARTS = datetime(2027, 2, 25, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = STARTS - 10 * DAY


def offering(places: int | None, **values: Any) -> Session:
    """A session of a series that offers its freed places."""
    return a_session(places, series=a_series(promotion="offer"), **values)


class World:
    """A session with one place: Ada has it, Biel and Carla wait."""

    def __init__(self) -> None:
        self.session = offering(1, starts=STARTS)
        self.ada, self.biel, self.carla = (
            a_registration(self.session, f"{name}@council.example", name=name.title())
            for name in ("ada", "biel", "carla")
        )

    def free_the_place(self) -> None:
        registrations.cancel(self.ada, Reason.PERSON)

    def states(self) -> list[str]:
        rows = self.session.registrations.order_by("arrival")
        return list(rows.values_list("state", flat=True))


@pytest.fixture
def clock() -> Iterator[Any]:
    """Ten days before, and standing still."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def world(clock: Any) -> World:
    return World()


@pytest.fixture
def offered(world: World) -> World:
    """Ada has given up her place, and it is offered to Biel."""
    world.free_the_place()
    return world


@pytest.fixture
def at(clock: Any, work: Callable[[], None]) -> Callable[[datetime], None]:
    """Call it with a moment: it comes, and the worker does what is due."""

    def come(moment: datetime) -> None:
        clock.move_to(moment)
        call_command("sweep")
        work()

    return come


def told(registration: Registration) -> list[str]:
    """The kinds of mail queued to the person, in order."""
    rows = Message.objects.filter(about=registration.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def outcome(registration: Registration) -> tuple[str, str, list[str]]:
    """State, reason, and how each offer ended."""
    registration.refresh_from_db()
    ends = registration.offers.values_list("outcome", flat=True)
    return registration.state, registration.reason, list(ends)


# By when ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "limit"),
    [
        (30 * DAY, DAY),
        (2 * DAY, DAY),
        (20 * HOUR, 10 * HOUR),
        (HOUR, HOUR / 2),
        (HOUR - timedelta(seconds=1), None),
        (timedelta(), None),
        (-HOUR, None),
    ],
)
def test_an_offer_is_for_a_day_or_half_of_the_time_left_and_not_in_the_last_hour(
    left, limit
):
    assert answer_by(STARTS - left, STARTS) == (limit and STARTS - left + limit)


def test_the_limit_is_a_full_minute_never_later_than_half_of_the_time():
    asked = STARTS - 3 * HOUR + timedelta(seconds=59, microseconds=7)

    limit = answer_by(asked, STARTS)

    assert (limit.second, limit.microsecond) == (0, 0)
    assert timedelta() <= asked + (STARTS - asked) / 2 - limit < timedelta(minutes=1)


# Being offered ------------------------------------------------------------------------


def test_a_freed_place_is_offered_to_the_first_who_waits(offered):
    assert offered.states() == [CANCELLED, OFFERED, WAITING]
    assert offered.biel.offers.get().expires == NOW + DAY
    assert told(offered.biel) == ["registration_waiting", "registration_offered"]
    assert told(offered.carla) == ["registration_waiting"]
    assert not Invitation.objects.filter(registration=offered.biel).exists()


def test_what_is_offered_is_nobody_elses(offered):
    newcomer = a_registration(offered.session)

    assert newcomer.state == WAITING
    assert offered.session.standing.taken == 1


def test_who_asks_while_a_place_is_free_and_nobody_waits_has_it_at_once(clock):
    session = offering(1, starts=STARTS)

    newcomer = a_registration(session)

    assert newcomer.state == CONFIRMED
    assert told(newcomer) == ["registration_confirmed"]


def test_who_is_approved_has_a_free_place_at_once_and_who_then_waits_is_offered_one(
    clock,
):
    session, staff = offering(1, starts=STARTS, approval=True), a_user()
    ada, biel = (a_registration(session) for _ in range(2))

    for registration in (ada, biel):
        registrations.approve(registration, by=staff)
    registrations.cancel(ada, Reason.PERSON)

    assert outcome(biel) == (OFFERED, "", [""])


def test_who_is_over_the_limit_of_their_body_is_not_offered_a_place(clock):
    session = offering(2, starts=STARTS, body_limit=1)
    first, *_, same, other = (
        a_registration(session, body_text=body) for body in ("A", "B", "B", "C")
    )

    registrations.cancel(first, Reason.PERSON)

    assert (outcome(same)[0], outcome(other)[0]) == (WAITING, OFFERED)


def test_an_offer_is_of_the_mode_that_was_freed(clock):
    session = offering(
        1, starts=STARTS, format="hybrid", capacity_in_person=1, place="Sala"
    )
    _online, there, online, also_there = (
        a_registration(session, mode=mode)
        for mode in ("online", "in_person", "online", "in_person")
    )

    registrations.cancel(there, Reason.PERSON)

    assert (outcome(online)[0], outcome(also_there)[0]) == (WAITING, OFFERED)


def test_more_places_are_offered_at_once_to_as_many_as_there_are(world):
    given = sessions.resize(world.session, online=3, in_person=None)

    assert given == [world.biel, world.carla]
    assert world.states() == [CONFIRMED, OFFERED, OFFERED]


def test_fewer_places_take_no_offer_back(offered):
    sessions.resize(offered.session, online=0, in_person=None)

    assert outcome(offered.biel) == (OFFERED, "", [""])
    assert offers.accept(offered.biel)


def test_within_the_last_hour_the_place_is_given(world, clock):
    clock.move_to(STARTS - HOUR / 2)

    world.free_the_place()

    assert outcome(world.biel) == (CONFIRMED, "", [])
    assert told(world.biel)[-1] == "registration_promoted"


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.free_the_place(),
        lambda w: sessions.resize(w.session, online=3, in_person=None),
    ],
)
def test_nobody_is_called_in_from_the_list_to_a_session_under_way(world, clock, act):
    clock.move_to(STARTS + HOUR / 4)

    act(world)

    assert world.states()[1:] == [WAITING, WAITING]


def test_who_stands_at_the_door_of_a_session_under_way_has_a_free_place(world, clock):
    clock.move_to(STARTS + HOUR / 4)
    world.free_the_place()

    here = registrations.place(world.session, an_applicant(), by=a_user()).registration

    assert here.state == CONFIRMED
    assert world.states()[1:3] == [WAITING, WAITING]


# How it ends --------------------------------------------------------------------------


def expire(world: World) -> None:
    with time_machine.travel(NOW + DAY, tick=False):
        offers.expire_due(100)


def merged_into_biel(world: World) -> None:
    registrations.merge(world.biel, world.carla, by=a_user())


BY, WHY = a_user, "Hi parla"
ENDS: dict[str, tuple[Callable[[World], Any], tuple, str, str]] = {
    # what happens: Biel's state, reason and offers; Biel's last mail; Carla's state
    "accepted": (
        lambda w: offers.accept(w.biel),
        (CONFIRMED, "", ["accepted"]),
        "registration_confirmed",
        WAITING,
    ),
    "declined": (
        lambda w: offers.decline(w.biel),
        (CANCELLED, "refused", ["declined"]),
        "registration_cancelled",
        OFFERED,
    ),
    "expired": (
        expire,
        (CANCELLED, "expired", ["expired"]),
        "offer_expired",
        OFFERED,
    ),
    "left": (
        lambda w: registrations.cancel(w.biel, Reason.PERSON),
        (CANCELLED, "person", ["declined"]),
        "registration_cancelled",
        OFFERED,
    ),
    "cancelled by staff": (
        lambda w: registrations.cancel(w.biel, Reason.STAFF, by=BY()),
        (CANCELLED, "staff", ["withdrawn"]),
        "registration_cancelled",
        OFFERED,
    ),
    "not me": (
        lambda w: registrations.not_me(w.biel),
        (CANCELLED, "not_me", ["withdrawn"]),
        "registration_cancelled",
        OFFERED,
    ),
    "taken back": (
        lambda w: offers.take_back(w.biel, by=BY(), reason=WHY),
        (WAITING, "", ["withdrawn"]),
        "offer_withdrawn",
        OFFERED,
    ),
    "given by staff": (
        lambda w: registrations.grant(w.biel, by=BY(), reason=WHY),
        (CONFIRMED, "", ["withdrawn"]),
        "registration_promoted",
        WAITING,
    ),
    "merged, and kept": (
        merged_into_biel,
        (OFFERED, "", [""]),
        "registration_offered",
        CANCELLED,
    ),
    "session cancelled": (
        lambda w: sessions.cancel(w.session),
        (WAITING, "", ["withdrawn"]),
        "session_cancelled",
        WAITING,
    ),
    "session postponed": (
        lambda w: sessions.postpone(w.session),
        (WAITING, "", ["withdrawn"]),
        "session_postponed",
        WAITING,
    ),
    "session moved": (
        lambda w: sessions.move(
            w.session, starts=STARTS + DAY, ends=STARTS + DAY + HOUR
        ),
        (OFFERED, "", [""]),
        "session_moved",
        WAITING,
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_an_offer_ends_in_one_way_with_one_mail_and_the_place_goes_on(offered, how):
    act, biels, mail, carlas = ENDS[how]

    act(offered)

    assert outcome(offered.biel) == biels
    assert told(offered.biel)[-1] == mail
    assert outcome(offered.carla)[0] == carlas
    assert offered.session.registrations.holding().count() <= 1


@pytest.mark.parametrize("how", ENDS)
def test_what_has_ended_is_neither_accepted_nor_declined_nor_passed_on(offered, how):
    act, biels, _mail, carlas = ENDS[how]
    act(offered)
    if biels[0] == OFFERED:
        return

    late = [
        offers.accept(offered.biel),
        offers.decline(offered.biel),
        offers.take_back(offered.biel, by=a_user(), reason=WHY),
    ]
    Offer.objects.exclude(registration=offered.biel).update(expires=NOW + 9 * DAY)
    with time_machine.travel(NOW + 8 * DAY, tick=False):
        offers.expire_due(100)

    assert late == [False, False, False]
    assert (outcome(offered.biel), outcome(offered.carla)[0]) == (biels, carlas)


def test_the_better_of_two_merged_is_the_place_and_then_the_offer(offered):
    registrations.merge(offered.carla, offered.biel, by=a_user())
    assert outcome(offered.carla) == (OFFERED, "", [""])
    assert offered.carla.offers.get().expires == NOW + DAY

    sessions.resize(offered.session, online=2, in_person=None)
    dora = a_registration(offered.session)
    assert dora.state == CONFIRMED
    registrations.merge(offered.carla, dora, by=a_user())

    assert outcome(offered.carla) == (CONFIRMED, "", ["withdrawn"])


def test_who_comes_too_late_has_the_place_as_long_as_nobody_else_has_it(offered, clock):
    """The worker was away: the place has not passed on."""
    clock.move_to(NOW + DAY + 3 * HOUR)

    assert offers.accept(offered.biel)
    assert offers.expire_due(100) == 0
    assert outcome(offered.biel) == (CONFIRMED, "", ["accepted"])


def test_when_the_session_is_over_nothing_is_accepted(offered, clock):
    clock.move_to(STARTS + HOUR)

    assert not offers.accept(offered.biel)


def test_a_new_date_offers_the_place_anew_with_a_limit_of_its_own(offered):
    sessions.postpone(offered.session)
    starts = STARTS + 7 * DAY
    with time_machine.travel(starts - 4 * HOUR, tick=False):
        sessions.reschedule(
            Session.objects.get(pk=offered.session.pk),
            starts=starts,
            ends=starts + HOUR,
        )

    assert outcome(offered.biel) == (OFFERED, "", ["withdrawn", ""])
    assert offered.biel.offered_until == starts - 2 * HOUR
    assert told(offered.biel)[-1] == "registration_offered"


def test_a_session_that_comes_nearer_shortens_what_is_offered(offered):
    starts = NOW + 10 * HOUR

    sessions.move(offered.session, starts=starts, ends=starts + HOUR)

    offered.biel.refresh_from_db()
    assert offered.biel.offered_until == NOW + 5 * HOUR


def test_a_place_taken_back_while_nobody_else_waits_is_free(offered):
    registrations.cancel(offered.carla, Reason.PERSON)

    offers.take_back(offered.biel, by=a_user(), reason=WHY)

    assert offered.states() == [CANCELLED, WAITING, CANCELLED]


def test_it_expires_at_its_minute_and_not_before(offered, clock):
    clock.move_to(NOW + DAY - timedelta(seconds=1))
    assert offers.expire_due(100) == 0

    clock.move_to(NOW + DAY)
    assert offers.expire_due(100) == 1
    assert offered.carla.offers.get().expires == NOW + 2 * DAY


def test_the_worker_wakes_at_the_minute_by_itself(offered, clock, work):
    work()
    clock.move_to(NOW + DAY)

    work()

    assert offered.states() == [CANCELLED, CANCELLED, OFFERED]


def test_a_worker_that_was_away_for_three_hours_passes_each_place_on_once(offered, at):
    at(NOW + DAY + 3 * HOUR)
    at(NOW + DAY + 3 * HOUR)

    assert offered.states() == [CANCELLED, CANCELLED, OFFERED]
    assert told(offered.biel).count("offer_expired") == 1
    assert offered.carla.offers.get().expires == NOW + 2 * DAY + 3 * HOUR


def test_a_restored_site_gives_an_hour_to_answer_once_more(offered, clock):
    restored = NOW + DAY + 3 * HOUR
    Heartbeat.objects.create(name=RESTORED, at=restored)

    clock.move_to(restored + HOUR - timedelta(seconds=1))
    assert offers.expire_due(100) == 0

    clock.move_to(restored + HOUR)
    assert offers.expire_due(100) == 1


def test_a_worker_killed_while_passing_on_leaves_all_or_nothing(
    offered, clock, monkeypatch
):
    clock.move_to(NOW + DAY)
    with monkeypatch.context() as dying:
        dying.setattr(line, "offer", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            offers.expire_due(100)
    assert outcome(offered.biel) == (OFFERED, "", [""])

    offers.expire_due(100)

    assert offered.states() == [CANCELLED, CANCELLED, OFFERED]
    assert told(offered.biel).count("offer_expired") == 1


# Asking again -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_who_lost_an_offer_may_ask_again_at_the_end_of_the_list(offered, how):
    registrations.correct(offered.biel, needs=Needs(telephone=True))
    dora = a_registration(offered.session)
    ENDS[how][0](offered)

    again = registrations.ask_again(offered.biel).registration
    twice = registrations.ask_again(offered.biel).registration

    assert again == twice != offered.biel
    assert again.state == WAITING
    assert again.arrival > dora.arrival
    assert (again.name, again.email) == (offered.biel.name, offered.biel.email)
    assert again.needs.telephone
    assert told(again) == ["registration_waiting"]


def test_nobody_asks_again_once_registration_is_closed(offered, clock):
    offers.decline(offered.biel)
    clock.move_to(STARTS)

    with pytest.raises(RegistrationRefused):
        registrations.ask_again(offered.biel)


# The list -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "position", "line"),
    [
        ("d", 1, "dbc"),
        ("b", 2, "cbd"),
        ("b", 3, "cdb"),
        ("b", 99, "cdb"),
        ("c", 2, None),
    ],
)
def test_somebody_is_moved_in_the_list_of_their_mode_and_nobody_else_is_passed(
    clock, who, position, line
):
    session = a_session(
        1, starts=STARTS, format="hybrid", capacity_in_person=1, place="Sala"
    )
    people = {
        name: a_registration(session, f"{name}@council.example", name=name, mode=mode)
        for name, mode in (
            ("a", "online"),
            ("z", "in_person"),
            ("b", "online"),
            ("y", "in_person"),
            ("c", "online"),
            ("x", "in_person"),
            ("d", "online"),
        )
    }

    def in_line(mode: str) -> str:
        rows = session.registrations.waiting().filter(mode=mode)
        return "".join(rows.values_list("name", flat=True))

    moved = registrations.move_in_line(
        people[who], position, by=a_user(), reason="Ponent"
    )

    assert moved == (line is not None)
    assert in_line("online") == (line or "bcd")
    assert in_line("in_person") == "yx"
    arrivals = session.registrations.order_by("arrival")
    assert list(arrivals.values_list("arrival", flat=True)) == [*range(1, 8)]


def test_only_who_waits_is_moved(offered):
    assert not registrations.move_in_line(offered.biel, 1, by=a_user(), reason=WHY)


# What people read ---------------------------------------------------------------------


def test_who_is_offered_has_no_entry_until_accepting(world, smtp_server, at):
    at(NOW)
    world.free_the_place()
    at(NOW)
    waiting, offer = smtp_server.mails_to("biel@council.example")
    assert story([waiting, offer]) == [None, None]
    assert "fins al dimarts 16 de febrer de 2027, a les 10" in offer["subject"]

    offers.accept(world.biel)
    at(NOW)

    place = smtp_server.mails_to("biel@council.example")[-1]
    assert story([place]) == [("REQUEST", 0, STARTS)]


@pytest.mark.parametrize("how", ENDS)
def test_a_mail_that_is_no_longer_true_when_it_would_leave_is_dropped(
    offered, smtp_server, at, how
):
    """The offer had not left when it ended."""
    act, biels, _mail, _carlas = ENDS[how]

    act(offered)
    at(NOW)

    left = [kind for kind in told(offered.biel) if kind == "registration_offered"]
    sent = Message.objects.filter(
        about=offered.biel.pk, kind="registration_offered", state="done"
    )
    assert sent.count() == (len(left) if biels[0] == OFFERED else 0)


def test_two_offers_that_had_not_left_are_one_mail(offered, at, smtp_server):
    sessions.postpone(offered.session)
    with time_machine.travel(NOW + HOUR, tick=False):
        sessions.reschedule(
            Session.objects.get(pk=offered.session.pk),
            starts=STARTS + DAY,
            ends=STARTS + DAY + HOUR,
        )

    at(NOW + HOUR)

    mails = smtp_server.mails_to("biel@council.example")
    assert ["contesteu fins al" in mail["subject"] for mail in mails] == [True]


def test_an_expired_offer_is_not_told_to_who_has_asked_again(offered, at, smtp_server):
    expire(offered)
    registrations.ask_again(offered.biel)

    at(NOW + DAY)

    row = Message.objects.get(about=offered.biel.pk, kind="offer_expired")
    assert row.state == "dropped"


# At once ------------------------------------------------------------------------------


def consistent(session: Session) -> None:
    """Whoever is offered a place has one open offer, and nobody else has any."""
    open_offers = Offer.objects.open().filter(registration__session=session)
    holders = session.registrations.filter(state=OFFERED)
    assert sorted(open_offers.values_list("registration", flat=True)) == sorted(
        holders.values_list("pk", flat=True)
    )


@at_once
@pytest.mark.parametrize(
    "other",
    [
        lambda biel: offers.expire_due(100),
        lambda biel: offers.decline(biel),
        lambda biel: registrations.cancel(biel, Reason.PERSON),
        lambda biel: offers.take_back(biel, by=None, reason="-"),
    ],
    ids=["expires", "declined", "cancelled", "taken back"],
)
def test_of_an_offer_accepted_at_the_second_it_ends_one_comes_true(other):
    for _ in range(8):
        session = offering(1)
        ada, biel, carla = (a_registration(session) for _ in range(3))
        registrations.cancel(ada, Reason.PERSON)
        Offer.objects.open().update(expires=timezone.now())

        accepted, _ended = together(
            lambda biel=biel: offers.accept(biel),
            lambda biel=biel: other(biel),
        )

        biel.refresh_from_db()
        carla.refresh_from_db()
        gave_up = biel.reason == "person"
        assert accepted or biel.state != CONFIRMED
        assert (biel.state == CONFIRMED) == (carla.state == WAITING)
        assert ("registration_confirmed" in told(biel)) == accepted
        assert accepted == (biel.state == CONFIRMED) or gave_up
        assert session.registrations.holding().count() == 1
        consistent(session)


@at_once
def test_an_offer_accepted_twice_at_once_is_one_place_and_one_mail():
    session = offering(1)
    ada, biel = (a_registration(session) for _ in range(2))
    registrations.cancel(ada, Reason.PERSON)

    accepted = together(*[lambda: offers.accept(biel)] * 2)

    assert sorted(accepted) == [False, True]
    assert told(biel).count("registration_confirmed") == 1
    assert Invitation.objects.filter(registration=biel).count() == 1


@at_once
def test_places_raised_while_others_cancel_and_accept_offer_each_person_one():
    session = offering(10)
    people = [a_registration(session) for _ in range(30)]
    for person in people[:3]:
        registrations.cancel(person, Reason.PERSON)

    together(
        lambda: sessions.resize(session, online=15, in_person=None),
        *(
            lambda person=person: registrations.cancel(person, Reason.PERSON)
            for person in people[3:6]
        ),
        *(lambda person=person: offers.accept(person) for person in people[10:13]),
    )

    states = session.registrations.order_by("arrival").values_list("state", flat=True)
    assert list(states) == (
        [CANCELLED] * 6 + [CONFIRMED] * 7 + [OFFERED] * 8 + [WAITING] * 9
    )
    assert Counter(Offer.objects.values_list("registration", flat=True)) == Counter(
        person.pk for person in people[10:21]
    )
    consistent(session)


# Many at once -------------------------------------------------------------------------

PLACES, PEOPLE, CROWD = 50, 200, 16
# The mail that is true of each end of a registration.
TRUE_MAIL = {
    (CONFIRMED, ""): "registration_confirmed",
    (OFFERED, ""): "registration_offered",
    (WAITING, ""): "registration_waiting",
    (CANCELLED, "person"): "registration_cancelled",
    (CANCELLED, "refused"): "registration_cancelled",
    (CANCELLED, "expired"): "offer_expired",
}


def crowd(session: Session) -> list[int]:
    """`PEOPLE` ask for a place, in `CROWD` threads, while offers run out and people
    accept, decline and cancel; returns how many had one, each time somebody looked."""
    numbers, seen = count(1), []

    def one(number: int) -> None:
        chance = Random(number)
        mine = a_registration(session, f"p{number}@{session.code}.example")
        # Somebody who is offered a place answers, or does not.
        for other in session.registrations.filter(state=OFFERED)[:3]:
            chance.choice(
                [
                    offers.accept,
                    offers.accept,
                    offers.decline,
                    lambda row: (
                        Offer.objects.open()
                        .filter(registration=row)
                        .update(expires=timezone.now())
                    ),
                ]
            )(other)
        if chance.random() < 0.4:
            mine.refresh_from_db()
            registrations.cancel(mine, Reason.PERSON)
        if chance.random() < 0.3:
            offers.expire_due(5)
        seen.append(session.registrations.holding().count())

    def run() -> None:
        while (number := next(numbers)) <= PEOPLE:
            one(number)

    together(*[run] * CROWD)
    return seen


@at_once
@pytest.mark.postgres
@pytest.mark.slow
def test_200_people_for_50_places_while_offers_expire_and_people_cancel(smtp_server):
    session = offering(PLACES)

    seen = crowd(session)
    offers.expire_due(PEOPLE)
    outbox.send_due(5 * PEOPLE)

    assert len(seen) == PEOPLE
    assert max(seen) <= PLACES
    rows = list(session.registrations.order_by("arrival"))
    assert [row.arrival for row in rows] == [*range(1, PEOPLE + 1)]
    holding = [row for row in rows if row.state in Registration.HOLDING]
    waiting = [row for row in rows if row.state == WAITING]
    assert len(holding) == PLACES or not waiting
    # Order: nobody who waits came before somebody who was called.
    called = Offer.objects.filter(registration__session=session)
    last_called = max(called.values_list("registration__arrival", flat=True))
    assert all(row.arrival > last_called for row in waiting)
    consistent(session)
    assert {*Message.objects.values_list("state", flat=True)} <= {"done", "dropped"}
    arrived = Counter(smtp_server.recipients)
    for row in rows:
        sent = Message.objects.filter(about=row.pk, state="done").order_by("pk")
        kinds = list(sent.values_list("kind", flat=True))
        assert kinds[-1] == TRUE_MAIL[row.state, row.reason]
        assert arrived[row.email] == len(kinds) == len({*kinds})


@at_once
@pytest.mark.postgres
def test_without_the_lock_the_same_crowd_oversells(monkeypatch):
    """The control: it is the lock that keeps the promise above."""
    numbers = count(1)

    def read_only(session: Session) -> Session:
        found = Session.objects.get(pk=session.pk)
        # Numbering the arrival would hold the row as well.
        found.arrivals = next(numbers)
        found.save = lambda **_: None
        return found

    def slowly(*args: Any, **options: Any) -> None:
        # The others count while this one, which has counted, is not done yet.
        sleep(0.05)
        tell(*args, **options)

    tell = mails.tell
    monkeypatch.setattr(registrations, "locked", read_only)
    monkeypatch.setattr(mails, "tell", slowly)
    session = offering(PLACES)

    together(
        *[
            lambda: [
                a_registration(session, f"p{next(numbers)}@{session.code}.example")
                for _ in range(6)
            ]
        ]
        * CROWD
    )

    assert session.registrations.holding().count() > PLACES
