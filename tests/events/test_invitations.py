"""What arrives: read back from what a mail server received."""

from collections.abc import Callable
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from community.messages import outbox
from community.messages.models import Message
from events import registrations, sessions
from events.models import Registration, Session
from tests.factories import a_registration, a_session, a_user
from tests.mail import calendar_parts, entry, story
from tests.together import meanwhile

PERSON = Registration.Reason.PERSON
ADA = "ada@council.example"
HOUR = timedelta(hours=1)


def moved_by(session: Session, **delta: float) -> datetime:
    """Move `session` that much later; returns when it starts now."""
    session.refresh_from_db()
    starts, ends = (m + timedelta(**delta) for m in (session.starts, session.ends))
    assert sessions.move(session, starts=starts, ends=ends)
    return starts


@pytest.fixture
def in_a_minute(work: Callable[[], None]) -> Callable[[], None]:
    """Call it to have the worker do all that is due when the minute, in which
    changes are one, is over."""

    def wait_and_work() -> None:
        with time_machine.travel(timezone.now() + timedelta(seconds=61)):
            call_command("sweep")
            work()

    return wait_and_work


# One mail ------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_has_a_place_gets_one_invitation_that_calendars_accept(smtp_server, work):
    session = a_session()
    a_registration(session, ADA, name="Ada Puig")

    work()

    [mail] = smtp_server.mails_to(ADA)
    method, event = entry(mail)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 0)
    assert event["DTSTART"].dt == session.starts
    assert event["DTEND"].dt == session.ends
    assert event["ATTENDEE"] == f"mailto:{ADA}"  # A list, if there were two.
    assert event["ATTENDEE"].params["CN"] == "Ada Puig"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ORGANIZER"] == "mailto:agenda@placa.example"
    assert mail["From"].addresses[0].addr_spec == "agenda@placa.example"
    assert [a.addr_spec for a in mail["To"].addresses] == [ADA]


@pytest.mark.django_db
def test_an_invitation_is_built_as_outlook_gmail_and_thunderbird_want_it(
    smtp_server, work
):
    a_registration(a_session())

    work()

    [mail] = smtp_server.mails
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attached = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    plain, html, calendar = alternative.iter_parts()
    assert [part.get_content_type() for part in (plain, html, calendar)] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar["Content-Type"].params["charset"].lower() == "utf-8"
    assert attached.get_content_type() == "application/ics"
    assert attached.get_filename() == "invite.ics"
    as_text = calendar.get_content().encode().splitlines()
    assert attached.get_content().splitlines() == as_text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title"),
    [("ca", "Dades obertes"), ("es", "Datos abiertos"), ("en", "Open data")],
)
def test_mail_and_calendar_speak_the_readers_language(
    smtp_server, work, language, title
):
    a_registration(a_session(), language=language)

    work()

    [mail] = smtp_server.mails
    _, event = entry(mail)
    assert event["SUMMARY"] == title
    assert title in mail["Subject"]


@pytest.mark.django_db
def test_the_entry_has_the_door_and_the_mail_alone_has_the_keys(smtp_server, work):
    """A calendar is shared with others; a mail is not."""
    registration = a_registration(a_session())

    work()

    [mail] = smtp_server.mails
    [part] = calendar_parts(mail)
    _, event = entry(mail)
    door = registration.invitations.get().join_token
    assert event["LOCATION"].endswith(f"/j/{door}/")
    assert registration.token not in part.get_content()
    assert registration.token in mail.get_body(("plain",)).get_content()


@pytest.mark.django_db
def test_nobody_sees_who_else_comes(smtp_server, work):
    session = a_session()
    a_registration(session, ADA)
    a_registration(session, "mar@council.example")

    work()

    [mail] = smtp_server.mails_to(ADA)
    assert b"mar@council.example" not in mail.as_bytes()


# Waiting and promotion -------------------------------------------------------------


@pytest.mark.django_db
def test_who_waits_gets_no_calendar_part_until_a_place_is_free(smtp_server, work):
    session = a_session(1)
    first = a_registration(session)
    a_registration(session, ADA)
    work()
    assert story(smtp_server.mails_to(ADA)) == [None]

    registrations.cancel(first, PERSON)
    work()

    assert story(smtp_server.mails_to(ADA)) == [None, ("REQUEST", 0, session.starts)]


@pytest.mark.django_db
def test_a_place_freed_before_the_mail_left_is_one_mail(smtp_server, work):
    session = a_session(1)
    first = a_registration(session)
    a_registration(session, ADA)
    registrations.cancel(first, PERSON)

    work()

    assert story(smtp_server.mails_to(ADA)) == [("REQUEST", 0, session.starts)]


@pytest.mark.django_db
def test_who_is_promoted_in_the_minute_after_a_move_is_invited_to_the_new_date(
    smtp_server, work, in_a_minute
):
    session = a_session(1)
    first = a_registration(session)
    a_registration(session, ADA)
    work()
    starts = moved_by(session, days=7)
    registrations.cancel(first, PERSON)

    in_a_minute()

    assert story(smtp_server.mails_to(ADA)) == [None, ("REQUEST", 0, starts)]


# Moving ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_moved_twice_in_a_minute_is_one_update_with_the_last_date(
    smtp_server, work, in_a_minute
):
    session = a_session()
    before = session.starts
    a_registration(session, ADA)
    work()

    moved_by(session, days=1)
    starts = moved_by(session, days=1)
    work()
    assert len(smtp_server.octets) == 1
    in_a_minute()

    mails = smtp_server.mails_to(ADA)
    assert story(mails) == [("REQUEST", 0, before), ("REQUEST", 1, starts)]
    (_, invited), (_, moved) = map(entry, mails)
    assert moved["UID"] == invited["UID"]
    assert moved["DTSTAMP"].dt >= invited["DTSTAMP"].dt


@pytest.mark.django_db
def test_each_move_that_is_told_raises_the_sequence(smtp_server, work, in_a_minute):
    session = a_session()
    before = session.starts
    a_registration(session, ADA)
    work()

    first = moved_by(session, days=1)
    in_a_minute()
    second = moved_by(session, days=1)
    in_a_minute()

    assert story(smtp_server.mails_to(ADA)) == [
        ("REQUEST", 0, before),
        ("REQUEST", 1, first),
        ("REQUEST", 2, second),
    ]


@pytest.mark.django_db
def test_moved_before_the_first_mail_left_is_one_invitation(smtp_server, in_a_minute):
    session = a_session()
    a_registration(session, ADA)
    starts = moved_by(session, days=1)

    in_a_minute()

    assert story(smtp_server.mails_to(ADA)) == [("REQUEST", 0, starts)]


@pytest.mark.django_db
def test_moved_while_the_mail_server_is_away_is_one_invitation(
    smtp_server, work, in_a_minute
):
    session = a_session()
    a_registration(session, ADA)
    smtp_server.down()
    work()
    starts = moved_by(session, days=1)

    smtp_server.up()
    in_a_minute()

    assert story(smtp_server.mails_to(ADA)) == [("REQUEST", 0, starts)]


@pytest.mark.django_db
def test_what_is_not_a_change_is_told_to_nobody(smtp_server, work, in_a_minute):
    session = a_session(place="Sala 1")
    a_registration(session, ADA)
    work()
    session.refresh_from_db()

    assert not sessions.move(session, starts=session.starts, ends=session.ends)
    assert not sessions.move(
        session, starts=session.starts, ends=session.ends, place=session.place
    )
    in_a_minute()

    assert len(smtp_server.octets) == 1


@pytest.mark.django_db
def test_a_move_over_the_change_of_clock_keeps_the_hour_of_the_town(smtp_server, work):
    """22 October 2026 at 11 is 9 in UTC; 29 October at 11 is 10."""
    with time_machine.travel(datetime(2026, 10, 1, 8, tzinfo=UTC), tick=False) as clock:
        session = a_session(starts=datetime(2026, 10, 22, 9, tzinfo=UTC))
        a_registration(session, ADA)
        work()
        starts = datetime(2026, 10, 29, 10, tzinfo=UTC)
        sessions.move(session, starts=starts, ends=starts + HOUR)
        clock.shift(61)
        work()

    mails = smtp_server.mails_to(ADA)
    assert story(mails) == [
        ("REQUEST", 0, datetime(2026, 10, 22, 9, tzinfo=UTC)),
        ("REQUEST", 1, starts),
    ]
    for mail in mails:
        _, event = entry(mail)
        assert event["DTSTART"].dt.hour == 11
        assert event["DTSTART"].params["TZID"] == "Europe/Madrid"


@pytest.mark.django_db(transaction=True)
def test_a_move_not_yet_committed_is_not_missed_by_the_worker_of_the_last_one(
    smtp_server, work
):
    """The mail of the first move leaves just as the second one is being saved."""
    session = a_session()
    a_registration(session, ADA)
    work()
    moved_by(session, days=1)
    about_to_commit, may_commit = Event(), Event()
    starts = session.starts + timedelta(days=1)

    def move_again() -> None:
        with transaction.atomic():
            again = Session.objects.get(pk=session.pk)
            sessions.move(again, starts=starts, ends=starts + HOUR)
            about_to_commit.set()
            may_commit.wait(10)

    with (
        time_machine.travel(timezone.now() + timedelta(seconds=61)),
        meanwhile(move_again),
    ):
        assert about_to_commit.wait(10)
        with meanwhile(lambda: outbox.send_due(10)) as sending:
            # Had nothing held it back, it would be through long before.
            wait([sending], timeout=1)
            may_commit.set()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        outbox.send_due(10)

    assert story(smtp_server.mails_to(ADA))[-1][2] == starts


# Cancelling ------------------------------------------------------------------------


@pytest.mark.django_db
def test_giving_up_the_place_takes_the_entry_away(smtp_server, work):
    session = a_session()
    registration = a_registration(session, ADA)
    work()

    registrations.cancel(registration, PERSON)
    work()

    mails = smtp_server.mails_to(ADA)
    assert story(mails) == [
        ("REQUEST", 0, session.starts),
        ("CANCEL", 1, session.starts),
    ]
    (_, invited), (_, cancelled) = map(entry, mails)
    assert cancelled["UID"] == invited["UID"]
    assert cancelled["STATUS"] == "CANCELLED"
    assert calendar_parts(mails[1])[0]["Content-Type"].params["method"] == "CANCEL"


@pytest.mark.django_db
def test_given_up_before_the_invitation_left_is_a_mail_without_calendar(
    smtp_server, work
):
    registration = a_registration(a_session(), ADA)
    registrations.cancel(registration, PERSON)

    work()

    assert story(smtp_server.mails_to(ADA)) == [None]


@pytest.mark.django_db
def test_who_comes_back_gets_a_new_entry(smtp_server, work):
    session = a_session()
    first = a_registration(session, ADA)
    work()
    registrations.cancel(first, PERSON)
    a_registration(session, ADA)

    work()

    mails = smtp_server.mails_to(ADA)
    assert [heard[0] for heard in story(mails)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert entry(mails[2])[1]["UID"] != entry(mails[0])[1]["UID"]


@pytest.mark.django_db
def test_a_place_given_up_after_a_move_is_only_told_as_given_up(
    smtp_server, work, in_a_minute
):
    session = a_session()
    registration = a_registration(session, ADA)
    work()
    starts = moved_by(session, days=1)
    registrations.cancel(registration, PERSON)

    in_a_minute()

    assert story(smtp_server.mails_to(ADA))[1:] == [("CANCEL", 1, starts)]


@pytest.mark.django_db
@pytest.mark.slow
def test_a_session_cancelled_with_500_mails_queued_invites_nobody_afterwards(
    smtp_server,
):
    session = a_session(400)
    people = [a_registration(session) for _ in range(500)]
    outbox.send_due(100)
    sent, unsent, waiting = people[:100], people[100:400], people[400:]

    sessions.cancel(session, {"ca": "Vaga de trens."})
    smtp_server.octets.clear()
    smtp_server.recipients.clear()
    outbox.send_due(1000)

    heard = {
        to: story([mail])
        for to, mail in zip(smtp_server.recipients, smtp_server.mails, strict=True)
    }
    assert len(smtp_server.octets) == 500
    assert {p.email: heard[p.email] for p in sent} == {
        p.email: [("CANCEL", 1, session.starts)] for p in sent
    }
    assert {p.email: heard[p.email] for p in unsent + waiting} == {
        p.email: [None] for p in unsent + waiting
    }
    dropped = Message.objects.filter(state=Message.State.DROPPED)
    assert set(dropped.values_list("about", flat=True)) == {
        p.pk for p in unsent + waiting
    }


@pytest.mark.django_db
def test_cancelling_a_session_twice_tells_once(smtp_server, work):
    session = a_session()
    a_registration(session, ADA)
    work()

    assert sessions.cancel(session)
    assert not sessions.cancel(session)
    work()

    assert [heard[0] for heard in story(smtp_server.mails_to(ADA))] == [
        "REQUEST",
        "CANCEL",
    ]


@pytest.mark.django_db
def test_moved_and_then_cancelled_in_a_minute_is_only_cancelled(
    smtp_server, work, in_a_minute
):
    session = a_session()
    a_registration(session, ADA)
    work()
    starts = moved_by(session, days=1)
    sessions.cancel(session)

    in_a_minute()

    assert story(smtp_server.mails_to(ADA))[1:] == [("CANCEL", 1, starts)]


# What was written and could not leave ------------------------------------------------


def take_again(smtp_server, work: Callable[[], None]) -> None:
    """The server takes Ada's mail again, some hours later."""
    smtp_server.answers = {}
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        for _ in range(3):
            call_command("sweep")
            work()


@pytest.mark.django_db
def test_an_entry_once_taken_back_is_taken_back_though_a_new_date_came_meanwhile(
    smtp_server, work
):
    """Else the first date would stay in the calendar beside the new one."""
    session = a_session()
    a_registration(session, ADA)
    work()
    smtp_server.answers = {ADA: "451 4.2.1 Come back later"}
    sessions.postpone(session)
    work()
    starts = session.starts + timedelta(days=7)
    sessions.reschedule(session, starts=starts, ends=starts + HOUR)

    take_again(smtp_server, work)

    mails = smtp_server.mails_to(ADA)
    assert story(mails) == [
        ("REQUEST", 0, session.starts - timedelta(days=7)),
        ("CANCEL", 1, session.starts - timedelta(days=7)),
        ("REQUEST", 0, starts),
    ]
    invited, taken_back, anew = (entry(mail)[1]["UID"] for mail in mails)
    assert invited == taken_back != anew


@pytest.mark.django_db
def test_an_entry_is_taken_back_though_the_person_gave_up_the_place_meanwhile(
    smtp_server, work
):
    session = a_session()
    registration = a_registration(session, ADA)
    work()
    smtp_server.answers = {ADA: "451 4.2.1 Come back later"}
    sessions.cancel(session)
    work()
    registrations.cancel(registration, PERSON)

    take_again(smtp_server, work)

    assert story(smtp_server.mails_to(ADA)) == [
        ("REQUEST", 0, session.starts),
        ("CANCEL", 1, session.starts),
        None,
    ]


@pytest.mark.django_db
def test_a_new_date_before_the_postponing_was_told_is_one_update(smtp_server, work):
    session = a_session()
    before = session.starts
    a_registration(session, ADA)
    work()
    sessions.postpone(session)
    starts = before + timedelta(days=7)
    sessions.reschedule(session, starts=starts, ends=starts + HOUR)

    work()

    assert story(smtp_server.mails_to(ADA)) == [
        ("REQUEST", 0, before),
        ("REQUEST", 1, starts),
    ]


@pytest.mark.django_db
def test_who_is_let_in_in_the_minute_after_a_move_is_invited_once(
    smtp_server, work, in_a_minute
):
    session = a_session(approval=True)
    registration = a_registration(session, ADA)
    work()
    starts = moved_by(session, days=7)
    registrations.approve(registration, by=a_user())

    in_a_minute()

    assert story(smtp_server.mails_to(ADA)) == [None, ("REQUEST", 0, starts)]
