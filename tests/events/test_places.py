"""Who gets a place, whatever happens at once."""

from collections import Counter
from datetime import timedelta
from itertools import count
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from community.models import Message
from events import followers, mails, registrations, sessions
from events.models import Invitation, Mode, Registration, Session
from tests.factories import a_registration, a_session, an_applicant
from tests.together import together

CONFIRMED = Registration.State.CONFIRMED
WAITING = Registration.State.WAITING
CANCELLED = Registration.State.CANCELLED

at_once = pytest.mark.django_db(transaction=True)


def states(session: Session) -> list[str]:
    """The state of each registration, in order of arrival."""
    return list(
        session.registrations.order_by("arrival").values_list("state", flat=True)
    )


def arrivals(session: Session) -> list[int]:
    return list(
        session.registrations.order_by("arrival").values_list("arrival", flat=True)
    )


def told(registration: Registration) -> list[str]:
    """The kinds of mail queued to the person, in order."""
    return list(
        Message.objects.filter(about=registration.pk)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


# One after the other -------------------------------------------------------------


@pytest.mark.django_db
def test_places_go_by_arrival_and_the_rest_wait():
    session = a_session(2)

    for _ in range(4):
        a_registration(session)

    assert states(session) == [CONFIRMED, CONFIRMED, WAITING, WAITING]
    assert arrivals(session) == [1, 2, 3, 4]


@pytest.mark.django_db
def test_without_a_limit_everybody_has_a_place():
    session = a_session(None)

    for _ in range(3):
        a_registration(session)

    assert states(session) == [CONFIRMED] * 3


@pytest.mark.django_db
def test_each_mode_has_its_own_places():
    session = a_session(1, format="hybrid", capacity_in_person=1, place="Sala")

    online, also_online, there = (
        a_registration(session, mode=mode)
        for mode in (Mode.ONLINE, Mode.ONLINE, Mode.IN_PERSON)
    )

    assert [online.state, also_online.state, there.state] == [
        CONFIRMED,
        WAITING,
        CONFIRMED,
    ]


@pytest.mark.django_db
def test_a_freed_place_goes_to_the_first_who_waits_in_that_mode():
    session = a_session(1, format="hybrid", capacity_in_person=1, place="Sala")
    a_registration(session, mode=Mode.ONLINE)
    there = a_registration(session, mode=Mode.IN_PERSON)
    online = a_registration(session, mode=Mode.ONLINE)
    also_there = a_registration(session, mode=Mode.IN_PERSON)

    registrations.cancel(there, Registration.Reason.PERSON)

    online.refresh_from_db()
    also_there.refresh_from_db()
    assert (online.state, also_there.state) == (WAITING, CONFIRMED)
    assert told(also_there) == ["registration_waiting", "registration_promoted"]


@pytest.mark.django_db
def test_cancelling_twice_frees_one_place():
    session = a_session(1)
    first, *_waiting = (a_registration(session) for _ in range(3))

    assert registrations.cancel(first, Registration.Reason.PERSON)
    assert not registrations.cancel(first, Registration.Reason.PERSON)

    assert states(session) == [CANCELLED, CONFIRMED, WAITING]
    assert told(first) == ["registration_confirmed", "registration_cancelled"]


@pytest.mark.django_db
def test_an_address_has_one_active_registration_however_it_is_written():
    session = a_session()
    first = a_registration(session, "ada@council.example")

    again = registrations.place(session, an_applicant("ADA@Council.Example"))

    assert again.already
    assert again.registration == first
    assert told(first) == ["registration_confirmed", "registration_again"]


@pytest.mark.django_db
def test_the_database_and_the_verb_agree_on_what_is_one_address():
    """To PostgreSQL the small letter of the Kelvin sign is an ordinary k."""
    session = a_session()
    a_registration(session, "ada@kat.example")

    again = registrations.place(session, an_applicant("ada@\N{KELVIN SIGN}at.example"))

    assert again.already == (session.registrations.count() == 1)


@pytest.mark.django_db
def test_who_cancelled_and_asks_again_joins_the_end():
    session = a_session(1)
    first = a_registration(session, "ada@council.example")
    a_registration(session)
    registrations.cancel(first, Registration.Reason.PERSON)
    a_registration(session)

    again = a_registration(session, "ada@council.example")

    assert again != first
    assert again.arrival == 4
    assert states(session) == [CANCELLED, CONFIRMED, WAITING, WAITING]
    assert again.queue_position == 2


@pytest.mark.django_db
def test_the_same_form_sent_again_is_the_same_registration_and_one_mail():
    session, applicant, form = a_session(), an_applicant(), uuid4()

    first = registrations.place(session, applicant, form_key=form)
    second = registrations.place(session, applicant, form_key=form)

    assert first == second
    assert told(first.registration) == ["registration_confirmed"]


@pytest.mark.django_db
def test_fewer_places_than_people_cost_nobody_a_place():
    session = a_session(3)
    for _ in range(4):
        a_registration(session)

    assert sessions.resize(session, online=1, in_person=None) == []

    assert states(session) == [CONFIRMED] * 3 + [WAITING]


@pytest.mark.django_db
def test_while_a_session_is_over_full_a_cancelled_place_goes_to_nobody():
    session = a_session(3)
    first, *_others = (a_registration(session) for _ in range(4))
    sessions.resize(session, online=2, in_person=None)

    registrations.cancel(first, Registration.Reason.PERSON)

    assert states(session) == [CANCELLED, CONFIRMED, CONFIRMED, WAITING]


@pytest.mark.django_db
def test_more_places_go_to_those_who_wait_in_their_order():
    session = a_session(1)
    people = [a_registration(session) for _ in range(4)]

    given = sessions.resize(session, online=3, in_person=None)

    assert given == people[1:3]
    assert states(session) == [CONFIRMED] * 3 + [WAITING]


@pytest.mark.django_db
def test_a_session_cancelled_meanwhile_gives_no_places():
    session = a_session(1)
    a_registration(session)
    a_registration(session)
    as_an_organiser_read_it = Session.objects.get(pk=session.pk)
    sessions.cancel(session)

    assert sessions.resize(as_an_organiser_read_it, online=9, in_person=None) == []

    assert states(session) == [CONFIRMED, WAITING]


@pytest.mark.django_db
def test_a_new_date_fills_the_places_that_there_are_now():
    session = a_session(1)
    a_registration(session)
    a_registration(session)
    sessions.postpone(session)
    as_an_organiser_read_it = Session.objects.get(pk=session.pk)
    sessions.resize(session, online=2, in_person=None)
    assert states(session) == [CONFIRMED, WAITING]

    starts = session.starts + timedelta(days=7)
    sessions.reschedule(
        as_an_organiser_read_it, starts=starts, ends=starts + timedelta(hours=1)
    )

    assert states(session) == [CONFIRMED, CONFIRMED]


# At once -------------------------------------------------------------------------


@at_once
def test_the_last_place_asked_for_twice_at_once_is_given_once():
    session = a_session(1)

    together(*[lambda: a_registration(session)] * 2)

    assert states(session) == [CONFIRMED, WAITING]
    assert arrivals(session) == [1, 2]


@at_once
def test_a_double_click_is_one_registration_and_one_mail():
    session, applicant, form = a_session(1), an_applicant(), uuid4()

    def click():
        return registrations.place(session, applicant, form_key=form)

    first, second = together(click, click)

    assert first == second
    assert states(session) == [CONFIRMED]
    assert told(first.registration) == ["registration_confirmed"]


@at_once
def test_two_forms_for_one_address_at_once_are_one_registration():
    session = a_session()

    placed = together(
        lambda: registrations.place(session, an_applicant("ada@council.example")),
        lambda: registrations.place(session, an_applicant("Ada@council.example")),
    )

    assert sorted(p.already for p in placed) == [False, True]
    assert states(session) == [CONFIRMED]


@at_once
def test_a_place_given_up_beside_a_registration_goes_to_the_first_who_waits():
    for _ in range(10):
        session = a_session(1)
        first = a_registration(session)
        waiting = a_registration(session)

        together(
            lambda first=first: registrations.cancel(first, Registration.Reason.PERSON),
            lambda session=session: a_registration(session),
        )

        assert states(session) == [CANCELLED, CONFIRMED, WAITING]
        assert told(waiting) == ["registration_waiting", "registration_promoted"]


@at_once
def test_the_last_place_given_up_beside_a_registration_is_not_lost():
    """Nobody waits: whoever comes gets the place, be it before or after."""
    for _ in range(10):
        session = a_session(1)
        first = a_registration(session)

        together(
            lambda first=first: registrations.cancel(first, Registration.Reason.PERSON),
            lambda session=session: a_registration(session),
        )

        assert states(session) == [CANCELLED, CONFIRMED]


@at_once
def test_places_raised_while_others_cancel_promote_each_person_once():
    session = a_session(10)
    people = [a_registration(session) for _ in range(30)]

    together(
        lambda: sessions.resize(session, online=15, in_person=None),
        *(
            lambda person=person: registrations.cancel(
                person, Registration.Reason.PERSON
            )
            for person in people[:5]
        ),
    )

    assert states(session) == [CANCELLED] * 5 + [CONFIRMED] * 15 + [WAITING] * 10
    promoted = Message.objects.filter(kind="registration_promoted")
    assert Counter(promoted.values_list("about", flat=True)) == Counter(
        person.pk for person in people[10:20]
    )
    assert Invitation.objects.count() == 20


@at_once
def test_two_questions_to_follow_at_once_are_one_follower():
    series = a_session().series

    together(*[lambda: followers.follow(series, "ada@council.example", "ca")] * 4)

    assert series.followers.count() == 1


# Many at once, through the form ------------------------------------------------------

PLACES, POSTS, CLIENTS, RUNS = 30, 60, 16, 20


def rush(session: Session) -> list[int]:
    """`POSTS` people send the form of `session` through `CLIENTS` browsers at once;
    returns the status of each answer."""
    address = reverse("register", args=[session.code])
    numbers = count(1)

    def browse() -> list[int]:
        client, answers = Client(raise_request_exception=False), []
        while (number := next(numbers)) <= POSTS:
            form = {
                "name": f"Persona {number}",
                "email": f"person-{number}@{session.code}.example",
                "body": "Vila-real",
                "other_body": "on",
                "language": "ca",
                "form_key": str(uuid4()),
            }
            answers.append(client.post(address, form).status_code)
        return answers

    return [status for answers in together(*[browse] * CLIENTS) for status in answers]


@at_once
@pytest.mark.postgres
@pytest.mark.slow
def test_sixty_posts_by_sixteen_clients_fill_thirty_places_exactly():
    for _ in range(RUNS):
        session = a_session(PLACES)

        answers = rush(session)

        assert answers == [302] * POSTS
        assert states(session) == [CONFIRMED] * PLACES + [WAITING] * PLACES
        assert arrivals(session) == list(range(1, POSTS + 1))
        kinds = Message.objects.filter(
            about__in=session.registrations.values("pk")
        ).values_list("kind", flat=True)
        assert Counter(kinds) == {
            "registration_confirmed": PLACES,
            "registration_waiting": PLACES,
        }


@at_once
@pytest.mark.postgres
def test_without_the_lock_the_same_rush_oversells(monkeypatch):
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
        sleep(0.1)
        tell(*args, **options)

    tell = mails.tell
    monkeypatch.setattr(registrations, "locked", read_only)
    monkeypatch.setattr(mails, "tell", slowly)
    session = a_session(PLACES)

    rush(session)

    assert session.registrations.holding().count() > PLACES
