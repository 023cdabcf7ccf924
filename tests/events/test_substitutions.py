"""A place passes to a colleague who says yes, and to nobody else; and whatever happens
meanwhile or at once, the last mail of each person is true."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.models import Message
from events import registrations, sessions, substitutions
from events.models import Invitation, Mode, Registration, Series, Session, Substitution
from events.registrations import Applicant, Needs
from tests.factories import (
    a_body,
    a_registration,
    a_series,
    a_session,
    a_user,
    an_applicant,
)
from tests.mail import entry, story
from tests.together import together

ADA, MAR, POL = (f"{name}@council.example" for name in ("ada", "mar", "pol"))
CONFIRMED = Registration.State.CONFIRMED
WAITING = Registration.State.WAITING
CANCELLED = Registration.State.CANCELLED
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)


def a_place(session: Session | None = None, **values: Any) -> Registration:
    """Ada's, in a session with two places."""
    who = {"name": "Ada Puig", **values}
    return a_registration(session or a_session(2), ADA, **who)


def ask(registration: Registration, email: str = MAR, **values: Any) -> Substitution:
    who = {"name": "Mar Serra", "email": email, "language": "es", **values}
    return substitutions.ask(registration, **who)


def yes(substitution: Substitution, **values: Any) -> bool:
    return substitutions.confirm(substitution, mar(**values))


def mar(**values: Any) -> Applicant:
    return Applicant(**{"name": "Mar Serra", "email": MAR, "language": "es", **values})


def settle() -> None:
    substitutions.settle_due(100)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def state(registration: Registration) -> tuple[str, str]:
    row = fresh(registration)
    return row.state, row.reason


def told(address: str) -> list[str]:
    rows = Message.objects.filter(recipient=address).order_by("pk")
    return list(rows.values_list("kind", flat=True))


KEEPS = (CONFIRMED, "")
PASSED_ON = (CANCELLED, Registration.Reason.SUBSTITUTE)


# Yes -------------------------------------------------------------------------------


def test_who_says_yes_has_the_place_of_the_same_body_in_the_same_mode():
    vic = a_body("Vic")
    session = a_session(
        1, format="hybrid", capacity_in_person=1, place="Sala", body_limit=1
    )
    ada = a_place(session, body=vic, body_text="", mode=Mode.IN_PERSON)
    waiting = a_registration(session, POL, mode=Mode.IN_PERSON)
    asked = ask(ada)
    assert state(ada) == KEEPS, "until the colleague says yes"

    assert yes(asked, name="Mar Serra i Vila", needs=Needs(telephone=True))

    assert state(ada) == PASSED_ON
    assert state(waiting) == (WAITING, "")
    successor = fresh(ada).successor
    assert successor.email == MAR
    assert successor.name == "Mar Serra i Vila"
    assert (successor.state, successor.body, successor.mode, successor.arrival) == (
        CONFIRMED,
        vic,
        Mode.IN_PERSON,
        3,
    )
    assert successor.needs.telephone
    assert successor.predecessor == ada
    assert told(ADA) == ["registration_confirmed", "registration_cancelled"]
    assert told(MAR) == ["substitution_asked", "registration_confirmed"]
    # Her name and address are in her own registration, and nowhere else.
    assert (fresh(asked).name, fresh(asked).email) == ("", "")


def test_the_entry_leaves_one_calendar_and_comes_to_the_other(work, smtp_server):
    ada = a_place()
    work()
    asked = ask(ada)
    work()
    yes(asked)
    work()

    starts = ada.session.starts
    hers = smtp_server.mails_to(ADA)
    theirs = smtp_server.mails_to(MAR)
    assert story(hers) == [("REQUEST", 0, starts), ("CANCEL", 1, starts)]
    assert story(theirs) == [None, ("REQUEST", 0, starts)]
    assert entry(hers[0])[1]["UID"] == entry(hers[1])[1]["UID"]
    assert entry(hers[0])[1]["UID"] != entry(theirs[1])[1]["UID"]
    assert "Hi va Mar Serra en lloc vostre" in hers[1]["Subject"]
    assert "Ada Puig" in theirs[0].get_body(("plain",)).get_content()
    assert fresh(ada).token not in str(theirs[0])


@pytest.mark.parametrize("how", ["waiting", "offered"])
def test_who_waits_gets_the_place_with_what_they_had_written(how):
    offers = {"promotion": Series.Promotion.OFFER} if how == "offered" else {}
    session = a_session(2, series=a_series(**offers))
    ada, other = a_place(session), a_registration(session)
    theirs = a_registration(
        session,
        MAR,
        question="Com?",
        position="Cap",
        needs=Needs(telephone=True),
        body_text="Vic",
    )
    behind = a_registration(session, POL)
    if how == "offered":
        registrations.cancel(other, Registration.Reason.PERSON)
    asked = ask(ada)
    assert fresh(theirs).state == how

    assert yes(asked, name="Mar Serra Vila")

    row = fresh(theirs)
    assert fresh(ada).successor == row
    assert (row.state, row.body_text, row.position) == (CONFIRMED, "Vila-real", "Cap")
    assert row.name == "Mar Serra Vila"
    assert (row.question, row.needs.telephone) == ("Com?", True)
    assert session.registrations.active().of_address(MAR).count() == 1
    assert Invitation.objects.filter(registration=row).count() == 1
    # What was kept for Mar is offered to the next.
    assert fresh(behind).state == ("offered" if how == "offered" else WAITING)
    assert session.registrations.holding().count() == 2
    assert told(MAR)[-1] == "registration_confirmed"


def test_an_over_full_session_gets_no_fuller():
    session = a_session(2)
    ada, _other = a_place(session), a_registration(session)
    sessions.resize(session, online=1, in_person=None)

    assert yes(ask(ada))

    assert session.registrations.holding().count() == 2


# No --------------------------------------------------------------------------------


def has_a_place(asked: Substitution) -> None:
    a_registration(asked.registration.session, MAR)
    yes(asked)


def time_is_up(asked: Substitution) -> None:
    Substitution.objects.update(expires=timezone.now())
    settle()


ENDS: dict[str, tuple[Callable[[Substitution], Any], tuple, str, list[str], list[str]]]
ENDS = {
    # What happens; how Ada stands; the outcome; the last mails of Ada and of Mar.
    "says no": (
        substitutions.refuse,
        KEEPS,
        "refused",
        ["substitution_refused"],
        [],
    ),
    "has a place": (
        has_a_place,
        KEEPS,
        "refused",
        ["substitution_refused"],
        ["registration_confirmed"],
    ),
    "does not answer": (
        time_is_up,
        KEEPS,
        "expired",
        ["substitution_expired"],
        [],
    ),
    "is asked no more": (
        substitutions.withdraw,
        KEEPS,
        "withdrawn",
        [],
        ["substitution_withdrawn"],
    ),
    "the place is given up": (
        lambda asked: (registrations.cancel(asked.registration, "person"), settle()),
        (CANCELLED, "person"),
        "withdrawn",
        ["registration_cancelled"],
        ["substitution_withdrawn"],
    ),
    "the session is cancelled": (
        lambda asked: (sessions.cancel(asked.registration.session), settle()),
        KEEPS,
        "withdrawn",
        ["session_cancelled"],
        ["substitution_withdrawn"],
    ),
    "the session is postponed": (
        lambda asked: (sessions.postpone(asked.registration.session), settle()),
        KEEPS,
        "withdrawn",
        ["session_postponed"],
        ["substitution_withdrawn"],
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_comes_to_nothing_is_told_to_who_must_know(how):
    happens, stands, outcome, to_ada, to_mar = ENDS[how]
    ada = a_place()
    asked = ask(ada)

    happens(asked)

    assert state(ada) == stands
    assert fresh(asked).outcome == outcome
    assert told(ADA) == ["registration_confirmed", *to_ada]
    assert told(MAR) == ["substitution_asked", *to_mar]
    # Now it is too late for anything else, and nobody is told twice.
    assert not yes(asked)
    assert not substitutions.refuse(asked)
    assert not substitutions.withdraw(asked)
    settle()
    assert told(ADA) == ["registration_confirmed", *to_ada]
    assert told(MAR) == ["substitution_asked", *to_mar]
    assert state(ada) == stands


@pytest.mark.parametrize(
    "happens",
    [
        lambda ada: Substitution.objects.update(expires=timezone.now()),
        lambda ada: registrations.cancel(ada, "person"),
        lambda ada: sessions.cancel(ada.session),
        lambda ada: sessions.postpone(ada.session),
        lambda ada: Session.objects.update(starts=timezone.now()),
    ],
    ids=["late", "given up", "cancelled", "postponed", "begun"],
)
def test_nobody_says_yes_to_what_no_longer_stands_though_no_worker_has_seen_it(
    happens,
):
    ada = a_place()
    asked = ask(ada)

    happens(ada)

    assert not substitutions.is_open(fresh(asked))
    assert not yes(asked)
    assert fresh(ada).successor is None


def test_when_the_session_moves_the_colleague_is_asked_anew(work, smtp_server, sweep):
    ada = a_place()
    asked = ask(ada)
    work()
    starts = ada.session.starts + timedelta(days=7)
    sessions.move(ada.session, starts=starts, ends=starts + HOUR)

    sweep()
    sweep()

    assert fresh(asked).outcome == ""
    assert told(MAR) == ["substitution_asked"] * 2
    day = timezone.localtime(starts).day
    assert f" {day} " in smtp_server.mails_to(MAR)[1]["Subject"]
    assert yes(asked)


def test_when_it_moves_too_near_the_time_to_answer_is_over():
    ada = a_place()
    asked = ask(ada)
    soon = timezone.now() + HOUR / 2
    sessions.move(ada.session, starts=soon, ends=soon + HOUR)

    settle()

    assert fresh(asked).outcome == "expired"
    assert told(ADA)[-1] == "substitution_expired"


@pytest.fixture
def sweep(work: Callable[[], None]) -> Callable[[], None]:
    def sweep() -> None:
        call_command("sweep")
        work()

    return sweep


def test_who_was_never_told_that_they_are_asked_is_not_told_that_they_are_not(
    work, smtp_server
):
    asked = ask(a_place())
    substitutions.withdraw(asked)

    work()

    assert smtp_server.mails_to(MAR) == []


def test_who_is_asked_again_at_once_does_not_read_last_that_nobody_asks(
    work, smtp_server
):
    ada = a_place()
    asked = ask(ada)
    work()
    substitutions.withdraw(asked)
    ask(ada)

    work()

    subjects = [mail["Subject"] for mail in smtp_server.mails_to(MAR)]
    assert len(subjects) == 2
    assert subjects[0] == subjects[1]


# Asking ----------------------------------------------------------------------------


def begins_in(ada: Registration, left: timedelta) -> None:
    starts = timezone.now() + left
    ada.session.starts, ada.session.ends = starts, starts + HOUR
    ada.session.save()


@pytest.mark.parametrize(
    ("left", "to_answer"),
    [
        (timedelta(days=14), timedelta(hours=48)),
        (timedelta(days=2), timedelta(hours=24)),
        (timedelta(hours=2), HOUR),
    ],
)
def test_there_are_two_days_to_answer_and_at_most_half_of_what_is_left(left, to_answer):
    ada = a_place()
    begins_in(ada, left)

    waits = ask(ada).expires - timezone.now()

    assert timedelta() < to_answer - waits < timedelta(minutes=2)


def three_have_been_asked(ada: Registration) -> None:
    for number in range(substitutions.TRIES):
        substitutions.refuse(ask(ada, f"colleague-{number}@council.example"))


def of_no_body(ada: Registration) -> None:
    Registration.objects.update(body_text="")


def approved_one_by_one(ada: Registration) -> None:
    Session.objects.update(approval=True)


@pytest.mark.parametrize(
    ("happens", "email"),
    [
        (lambda ada: None, "ADA@Council.example"),
        (lambda ada: begins_in(ada, timedelta(minutes=50)), MAR),
        (lambda ada: registrations.cancel(ada, "person"), MAR),
        (lambda ada: sessions.cancel(ada.session), MAR),
        (lambda ada: sessions.postpone(ada.session), MAR),
        (lambda ada: Registration.objects.update(state=WAITING), MAR),
        (lambda ada: ask(ada, POL), MAR),
        (three_have_been_asked, MAR),
        (of_no_body, MAR),
        (approved_one_by_one, MAR),
    ],
    ids=[
        "oneself",
        "within the hour",
        "given up",
        "cancelled",
        "postponed",
        "waits",
        "somebody else was asked",
        "three were asked",
        "of no body",
        "approved one by one",
    ],
)
def test_nobody_is_asked(happens, email):
    ada = a_place()
    happens(ada)

    with pytest.raises(ValidationError):
        ask(ada, email)

    assert not Message.objects.filter(recipient__iexact=MAR).exists()
    assert told("ADA@Council.example") == []


def test_asking_the_same_colleague_twice_is_one_question_and_one_mail():
    ada = a_place()

    assert ask(ada) == ask(ada, MAR.upper())

    assert told(MAR) == ["substitution_asked"]


def test_after_a_no_somebody_else_can_be_asked_though_no_worker_has_come_by():
    ada = a_place()
    ask(ada)
    Substitution.objects.update(expires=timezone.now())

    second = ask(ada, POL)

    assert [row.outcome for row in ada.substitutions.all()] == ["expired", ""]
    assert substitutions.confirm(second, an_applicant(POL))
    assert fresh(ada).successor.email == POL


def test_whether_somebody_is_registered_shows_only_once_they_have_answered():
    """Who asks learns no more of a colleague with a place than of one who cannot."""
    answers = []
    for is_registered in (False, True):
        session = a_session(3)
        ada = a_place(session)
        if is_registered:
            a_registration(session, MAR)
        asked = ask(ada)
        before = substitutions.prospect(fresh(ada))
        _ = yes(asked) if is_registered else substitutions.refuse(asked)
        after = substitutions.prospect(fresh(ada))
        kinds = list(
            Message.objects.filter(order_key=ada.thread).values_list("kind", flat=True)
        )
        answers.append(
            (before.asked.outcome, after.answered.outcome, after.can_ask, kinds)
        )

    assert answers[0] == answers[1]


# By the staff ----------------------------------------------------------------------


def by_telephone(ada: Registration, email: str = MAR) -> Registration:
    return substitutions.substitute(
        ada, name="Mar Serra", email=email, language="ca", by=a_user()
    )


@pytest.mark.parametrize("before", [None, MAR, POL])
def test_the_staff_pass_a_place_on_at_once_whoever_was_asked_before(before):
    ada = a_place()
    asked = ask(ada, before) if before else None

    successor = by_telephone(ada)

    assert (successor.state, successor.email) == (CONFIRMED, MAR)
    assert state(ada) == PASSED_ON
    assert told(ADA)[-1] == "registration_cancelled"
    assert told(MAR)[-1] == "registration_confirmed"
    if before == POL:
        assert told(POL) == ["substitution_asked", "substitution_withdrawn"]
    if asked:
        assert not yes(asked)
    settle()
    assert told(MAR)[-1] == "registration_confirmed"
    logged = ModelLogEntry.objects.get(action="events.substitute")
    assert (logged.object_id, bool(logged.user)) == (str(successor.pk), True)


def test_where_people_are_approved_the_staff_still_can():
    ada = a_place()
    approved_one_by_one(ada)

    assert by_telephone(ada).state == CONFIRMED


@pytest.mark.parametrize("who", ["oneself", "has a place", "has none to pass on"])
def test_the_staff_are_told_why_not_and_nothing_is_done(who):
    ada = a_place()
    ask(ada, POL)
    email = ADA if who == "oneself" else MAR
    if who == "has a place":
        a_registration(ada.session, MAR)
    if who == "has none to pass on":
        registrations.cancel(ada, "person")
    before = told(ADA), told(MAR), told(POL), state(ada)

    with pytest.raises(ValidationError):
        by_telephone(ada, email)

    assert (told(ADA), told(MAR), told(POL), state(ada)) == before


# At once ---------------------------------------------------------------------------


def both(ada: Registration, asked: Substitution, meanwhile: Callable) -> None:
    together(lambda: yes(asked), lambda: meanwhile(ada, asked))
    settle()


RUNS = 5


@at_once
@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda ada, asked: registrations.cancel(ada, "person"),
        lambda ada, asked: a_registration(ada.session, MAR),
        lambda ada, asked: yes(asked),
        lambda ada, asked: substitutions.refuse(asked),
        lambda ada, asked: substitutions.withdraw(asked),
        lambda ada, asked: sessions.cancel(ada.session),
        lambda ada, asked: (
            Substitution.objects.update(expires=timezone.now()),
            settle(),
        ),
    ],
    ids=["cancels", "registers", "twice", "no", "taken back", "cancelled", "expires"],
)
def test_at_the_same_second_one_thing_happens_and_every_last_mail_says_it(meanwhile):
    for _ in range(RUNS):
        Message.objects.all().delete()
        session = a_session(1)
        ada = a_place(session)
        waiting = a_registration(session, POL)

        both(ada, ask(ada), meanwhile)

        assert session.registrations.holding().count() == 1
        asked = ada.substitutions.get()
        assert asked.outcome != ""
        passed_on = state(ada) == PASSED_ON
        assert passed_on == (asked.outcome == "confirmed")
        hers = session.registrations.active().of_address(MAR)
        assert hers.count() <= 1
        over = fresh(session).state == Session.State.CANCELLED
        if over:
            assert told(ADA)[-1] == (
                "registration_cancelled" if passed_on else "session_cancelled"
            )
        elif passed_on:
            assert hers.get().state == CONFIRMED
            assert told(ADA)[-1] == "registration_cancelled"
            assert told(MAR)[-1] in ("registration_confirmed", "registration_again")
            assert state(waiting) == (WAITING, "")
        else:
            assert asked.outcome != "confirmed"
            assert told(MAR)[-1] != "registration_confirmed"
