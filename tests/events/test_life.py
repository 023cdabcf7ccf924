"""What happens to a registration and a session in real life."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.models import LocalBody, Message
from community.privacy import runs
from events import followers, registrations, sessions
from events.models import AccessibilityNeeds, Follower, Registration, Session
from events.registrations import Needs, NotForYou
from tests.factories import (
    a_registration,
    a_session,
    a_user,
    an_applicant,
    in_two_weeks,
)

State = Registration.State

pytestmark = pytest.mark.django_db


def a_body(name: str = "Vic") -> LocalBody:
    return LocalBody.objects.create(code=name, name=name, kind="municipality")


def told(registration: Registration) -> list[str]:
    rows = Message.objects.filter(about=registration.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.state


# The limit of each body -----------------------------------------------------------


def test_who_is_over_the_limit_of_their_body_is_passed_over_and_keeps_their_turn():
    session = a_session(3, body_limit=1)
    body = a_body()
    first, second = (a_registration(session, body=body) for _ in range(2))
    other = a_registration(session, body_text="Ens nou")

    assert [r.state for r in (first, second, other)] == [
        State.CONFIRMED,
        State.WAITING,
        State.CONFIRMED,
    ]

    registrations.cancel(first, Registration.Reason.PERSON)

    assert state(second) == State.CONFIRMED


def test_a_body_that_was_written_by_hand_is_the_same_however_it_is_written():
    session = a_session(3, body_limit=1)

    one = a_registration(session, body_text="Consorci d'Exemple")
    other = a_registration(session, body_text="consorci d’exemple")

    assert (one.state, other.state) == (State.CONFIRMED, State.WAITING)


# For whom -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "known", "chosen"),
    [
        ("open", True, True),
        ("local_bodies", True, True),
        ("chosen", False, True),
    ],
)
def test_a_session_takes_the_bodies_it_is_for(audience, known, chosen):
    session = a_session(9, audience=audience)
    a_guest, a_neighbour = a_body("Vic"), a_body("Manlleu")
    session.bodies.add(a_guest)

    def may(**who) -> bool:
        try:
            a_registration(session, **who)
        except NotForYou:
            return False
        return True

    assert may(body=a_guest) == chosen
    assert may(body=a_neighbour) == known
    assert may(body_text="No és a la llista") == (audience == "open")


def test_staff_may_register_anybody_at_any_time():
    session = a_session(1, audience="chosen", closes=timezone.now())

    placed = registrations.place(session, an_applicant(), by=a_user())

    assert placed.registration.state == State.CONFIRMED


def test_staff_may_go_over_the_capacity_and_it_is_seen():
    session = a_session(1)
    a_registration(session)

    extra = registrations.place(
        session, an_applicant(), by=a_user(), over_capacity=True
    ).registration

    assert extra.state == State.CONFIRMED
    assert told(extra) == ["registration_confirmed"]
    standing = Session.objects.get(pk=session.pk).standing
    assert (standing.taken, standing.capacity, standing.free) == (2, 1, 0)


# Approval -------------------------------------------------------------------------


def test_where_registrations_are_approved_nobody_has_a_place_before():
    session = a_session(1, approval=True)

    asked, late, unwanted = (a_registration(session) for _ in range(3))
    assert {r.state for r in (asked, late, unwanted)} == {State.PENDING}
    assert told(asked) == ["registration_pending"]

    assert registrations.approve(asked, by=a_user())
    assert registrations.approve(late, by=a_user())
    assert registrations.decline(unwanted, by=a_user())

    assert [state(r) for r in (asked, late, unwanted)] == [
        State.CONFIRMED,
        State.WAITING,
        State.CANCELLED,
    ]
    assert told(asked)[1:] == ["registration_confirmed"]
    assert told(late)[1:] == ["registration_waiting"]
    assert told(unwanted)[1:] == ["registration_declined"]


def test_what_was_decided_is_not_decided_again():
    session = a_session(1, approval=True)
    asked = a_registration(session)
    registrations.decline(asked, by=a_user())

    assert not registrations.approve(asked, by=a_user())
    assert not registrations.decline(asked, by=a_user())
    assert told(asked) == ["registration_pending", "registration_declined"]


# Out of turn, merging, correcting -----------------------------------------------------


def test_a_place_out_of_turn_moves_nobody_back():
    session = a_session(1)
    a_registration(session)
    first, second = (a_registration(session) for _ in range(2))

    assert registrations.grant(second, by=a_user(), reason="Hi parla")

    assert state(second) == State.CONFIRMED
    assert state(first) == State.WAITING
    assert first.queue_position == 1
    assert not registrations.grant(second, by=a_user(), reason="Un altre cop")


def test_merging_keeps_the_better_place_and_the_earlier_turn():
    session = a_session(1)
    has_place = a_registration(session, "a@work.example")
    next_in_line = a_registration(session)
    same_person = a_registration(session, "a@home.example")

    assert registrations.merge(same_person, has_place, by=a_user())

    assert state(same_person) == State.CONFIRMED
    assert state(has_place) == State.CANCELLED
    assert has_place.reason == Registration.Reason.MERGED
    assert (same_person.arrival, has_place.arrival) == (1, 3)
    assert state(next_in_line) == State.WAITING
    assert not registrations.merge(same_person, has_place, by=a_user())


def test_a_place_merged_stays_in_its_mode_so_that_none_is_over_full():
    session = a_session(1, format="hybrid", capacity_in_person=1, place="Sala")
    a_registration(session, mode="in_person")
    online = a_registration(session, mode="online")
    waiting = a_registration(session, mode="in_person")

    registrations.merge(waiting, online, by=a_user())

    assert (state(waiting), waiting.mode) == (State.CONFIRMED, "online")
    held = session.registrations.holding()
    assert held.filter(mode="in_person").count() == 1


def test_two_places_merged_free_one():
    session = a_session(2)
    one, other = a_registration(session), a_registration(session)
    waiting = a_registration(session)

    registrations.merge(one, other, by=a_user())

    assert state(waiting) == State.CONFIRMED


def test_data_can_be_corrected_and_a_place_cannot():
    registration = a_registration(a_session(1), name="Maria Güel")

    assert registrations.correct(
        registration, name="Maria Güell", needs=Needs(telephone=True)
    )

    registration.refresh_from_db()
    assert registration.name == "Maria Güell"
    assert registration.needs.telephone
    for field in ("email", "state", "arrival"):
        with pytest.raises(TypeError):
            registrations.correct(registration, **{field: "x"})


def test_this_was_not_me_frees_the_place_and_forgets_what_was_written():
    session = a_session(1)
    stranger = a_registration(
        session, name="Nom Inventat", question="Res", needs=Needs(other="Una cosa")
    )
    waiting = a_registration(session)
    followers.follow(session.series, stranger.email, "ca", confirmed=True)

    assert registrations.not_me(stranger)

    assert state(stranger) == State.CANCELLED
    assert (stranger.name, stranger.question, stranger.body_text) == ("", "", "")
    assert not AccessibilityNeeds.objects.exists()
    assert not Follower.objects.exists()
    assert state(waiting) == State.CONFIRMED
    assert not registrations.not_me(stranger)


def test_several_colleagues_are_registered_together_or_not_at_all():
    session = a_session(2, audience="local_bodies")
    body = a_body()

    placed = registrations.place_all(
        session, [an_applicant(body=body) for _ in range(3)]
    )
    assert [p.registration.state for p in placed] == [
        State.CONFIRMED,
        State.CONFIRMED,
        State.WAITING,
    ]

    with pytest.raises(NotForYou):
        registrations.place_all(session, [an_applicant(body=body), an_applicant()])
    assert session.registrations.count() == 3


def test_needs_are_erased_thirty_days_after_the_session(time_machine):
    session = a_session(1)
    a_registration(session, needs=Needs(sign_language=True))

    time_machine.move_to(session.ends + timedelta(days=29))
    runs.run_all()
    assert AccessibilityNeeds.objects.exists()

    time_machine.move_to(session.ends + timedelta(days=31))
    runs.run_all()
    assert not AccessibilityNeeds.objects.exists()


# Sessions -------------------------------------------------------------------------


def test_a_session_is_postponed_and_given_a_new_date_without_losing_anybody():
    session = a_session(1)
    placed, waiting = a_registration(session), a_registration(session)

    assert sessions.postpone(session, "Ponent indisposada")
    assert not sessions.postpone(session, "Un altre cop")
    assert not session.standing.can_register

    starts = in_two_weeks() + timedelta(days=30)
    sessions.reschedule(session, starts=starts, ends=starts + timedelta(hours=1))

    assert session.state == Session.State.ANNOUNCED
    assert (state(placed), state(waiting)) == (State.CONFIRMED, State.WAITING)
    assert told(placed)[1:] == ["session_postponed", "session_rescheduled"]
    with pytest.raises(ValidationError):
        sessions.reschedule(session, starts=starts, ends=starts + timedelta(hours=1))


def test_a_place_given_up_while_postponed_is_given_with_the_new_date():
    session = a_session(1)
    placed, waiting = a_registration(session), a_registration(session)
    sessions.postpone(session)
    registrations.cancel(placed, Registration.Reason.PERSON)
    assert state(waiting) == State.WAITING

    starts = in_two_weeks() + timedelta(days=30)
    sessions.reschedule(session, starts=starts, ends=starts + timedelta(hours=1))

    assert state(waiting) == State.CONFIRMED
    assert told(waiting).count("session_rescheduled") == 0


def test_a_duplicate_is_a_draft_without_people():
    session = a_session(7, opens=timezone.now(), approval=True, body_limit=2)
    session.bodies.add(a_body())
    a_registration(session)
    starts = session.starts + timedelta(days=28)

    copy = sessions.duplicate(
        session, code="copia", starts=starts, ends=starts + timedelta(hours=1)
    )

    assert copy.state == Session.State.DRAFT
    assert (copy.capacity_online, copy.body_limit, copy.approval) == (7, 2, True)
    assert copy.opens == session.opens + timedelta(days=28)
    assert copy.registrations.count() == 0
    assert copy.bodies.count() == 1
    with pytest.raises(ValidationError):
        sessions.duplicate(
            session, code="copia", starts=starts, ends=starts + timedelta(hours=1)
        )


def test_a_session_is_closed_once_it_has_been_held(time_machine):
    session = a_session(1)
    with pytest.raises(ValidationError):
        sessions.close(session)

    time_machine.move_to(session.ends + timedelta(hours=1))

    assert sessions.close(session)
    assert not sessions.close(session)


# Who wants to hear ------------------------------------------------------------------


def test_a_follower_hears_once_and_only_after_saying_yes():
    draft = a_session(1, state=Session.State.DRAFT)
    followers.follow(draft.series, "yes@council.example", "es")
    followers.follow(draft.series, "silent@council.example", "ca")
    followers.confirm(Follower.objects.get(email="yes@council.example"))

    sessions.announce(draft)
    sessions.announce(draft)

    news = Message.objects.filter(kind="session_announced")
    assert [(m.recipient, m.language) for m in news] == [("yes@council.example", "es")]


def test_following_again_is_one_following_and_leaving_leaves_nothing():
    series = a_session(1).series
    followers.follow(series, "me@council.example", "ca")
    followers.follow(series, "ME@council.example", "es", confirmed=True)

    follower = Follower.objects.get()
    assert (follower.language, follower.confirmed) == ("es", True)

    followers.leave(follower)
    assert not Follower.objects.exists()
