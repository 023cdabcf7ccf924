"""What each calendar file says, read back with icalendar."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from icalendar import Event as VEvent

from events.calendar import Event, Person, cancel, feed, request, single

JOIN = "https://placa.example/j/0Jq-x_7/"
HOUR = timedelta(hours=1)

SessionEvent = Callable[..., Event]


def read(file: bytes) -> tuple[Calendar, VEvent]:
    calendar = Calendar.from_ical(file)
    (vevent,) = calendar.events
    return calendar, vevent


def test_an_invitation_asks_one_person_for_an_answer(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    calendar, vevent = read(request(session_event(sequence=3), organizer, attendee))

    assert calendar["METHOD"] == "REQUEST"
    assert vevent["ORGANIZER"].email == "cites@placa.example"
    assert vevent["ORGANIZER"].params["CN"] == "Comunitat de Govern Obert"
    assert vevent["ATTENDEE"].email == "nuria.prat@ajuntament.example"
    assert vevent["ATTENDEE"].params["CN"] == "Núria Prat i Ferrer"
    assert vevent["ATTENDEE"].params["RSVP"] == "TRUE"
    assert vevent["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert vevent["STATUS"] == "CONFIRMED"
    assert vevent["TRANSP"] == "OPAQUE"
    assert vevent["X-MICROSOFT-CDO-BUSYSTATUS"] == "BUSY"
    assert vevent["SEQUENCE"] == 3


def test_an_invitation_says_what_when_and_where(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    changed = datetime(2026, 5, 3, 20, 15, tzinfo=UTC)
    event = session_event(last_modified=changed)
    _, vevent = read(request(event, organizer, attendee))

    assert vevent["UID"] == event.uid
    assert vevent["SUMMARY"] == event.summary
    assert vevent["DESCRIPTION"] == event.description
    assert vevent["LOCATION"] == event.location
    assert vevent["URL"] == event.url
    assert vevent["DTSTART"].dt == event.starts
    assert vevent["DTEND"].dt == event.ends
    assert vevent["DTSTAMP"].dt == event.stamp
    assert vevent["LAST-MODIFIED"].dt == changed


def test_an_invitation_opens_the_participants_own_way_in(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    _, vevent = read(request(session_event(conference_url=JOIN), organizer, attendee))

    assert vevent["CONFERENCE"] == JOIN
    assert vevent["CONFERENCE"].params["VALUE"] == "URI"
    assert vevent["CONFERENCE"].params["FEATURE"] == "VIDEO"
    assert vevent["CONFERENCE"].params["LABEL"] == session_event().summary


def test_what_a_session_does_not_have_is_left_out(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    bare = session_event(description="", location=" ", url="")
    _, vevent = read(request(bare, organizer, Person("", attendee.email)))

    absent = {"DESCRIPTION", "LOCATION", "URL", "CONFERENCE", "LAST-MODIFIED"}
    assert not absent & set(vevent)
    assert "CN" not in vevent["ATTENDEE"].params


def test_a_cancellation_takes_back_the_same_entry(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    event = session_event(sequence=4, conference_url=JOIN)
    calendar, vevent = read(cancel(event, organizer, attendee))

    assert calendar["METHOD"] == "CANCEL"
    assert vevent["STATUS"] == "CANCELLED"
    assert vevent["UID"] == event.uid
    assert vevent["SEQUENCE"] == 4
    assert vevent["ORGANIZER"].email == organizer.email
    assert vevent["ATTENDEE"].email == attendee.email
    assert vevent["TRANSP"] == "TRANSPARENT"
    assert "CONFERENCE" not in vevent


def test_a_cancelled_event_cannot_be_sent_as_an_invitation(
    session_event: SessionEvent, organizer: Person, attendee: Person
) -> None:
    with pytest.raises(ValueError, match="cancel"):
        request(session_event(cancelled=True), organizer, attendee)


def test_a_file_to_add_by_hand_names_nobody_and_opens_no_personal_way_in(
    session_event: SessionEvent,
) -> None:
    file = single(session_event(conference_url=JOIN))
    calendar, vevent = read(file)

    assert "METHOD" not in calendar
    assert not {"ORGANIZER", "ATTENDEE", "CONFERENCE"} & set(vevent)
    assert JOIN.encode() not in file
    assert vevent["STATUS"] == "CONFIRMED"


def test_a_feed_keeps_cancelled_sessions_as_cancelled(
    session_event: SessionEvent,
) -> None:
    gone = session_event(uid="gone@placa.example", cancelled=True, conference_url=JOIN)
    calendar = Calendar.from_ical(feed([session_event(), gone], "Agenda", HOUR, "ca"))

    assert "METHOD" not in calendar
    assert [vevent["STATUS"] for vevent in calendar.events] == [
        "CONFIRMED",
        "CANCELLED",
    ]
    for vevent in calendar.events:
        assert not {"ORGANIZER", "ATTENDEE", "CONFERENCE"} & set(vevent)


def test_a_feed_says_its_name_and_how_often_to_ask_again() -> None:
    file = feed([], "Dijous, i més", timedelta(hours=6), "ca")

    assert b"\r\nNAME;LANGUAGE=ca;VALUE=TEXT:Dijous\\, i m\xc3\xa9s\r\n" in file
    assert b"\r\nX-WR-CALNAME:Dijous\\, i m\xc3\xa9s\r\n" in file
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in file


def test_a_feed_without_sessions_is_still_a_calendar() -> None:
    calendar = Calendar.from_ical(feed([], "Agenda", HOUR, "ca"))

    assert calendar.events == []
    assert len(calendar.timezones) == 1


def test_a_feed_is_never_asked_for_without_pause() -> None:
    with pytest.raises(ValueError, match="positive"):
        feed([], "Agenda", timedelta(0), "ca")


def test_the_zone_comes_before_the_events_and_only_once(
    session_event: SessionEvent,
) -> None:
    file = feed([session_event(), session_event(uid="b")], "Agenda", HOUR, "ca")

    assert file.count(b"BEGIN:VTIMEZONE") == 1
    assert file.index(b"END:VTIMEZONE") < file.index(b"BEGIN:VEVENT")


def test_the_product_is_written_in_ascii(session_event: SessionEvent) -> None:
    (product,) = [
        line for line in single(session_event()).splitlines() if b"PRODID" in line
    ]

    assert product.isascii()


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": datetime(2026, 6, 25, 10)},  # noqa: DTZ001
        {"stamp": datetime(2026, 6, 25, 10)},  # noqa: DTZ001
        {"ends": datetime(2026, 6, 25, 8, tzinfo=UTC)},
        {"uid": ""},
    ],
    ids=["start without zone", "stamp without zone", "ends as it starts", "no UID"],
)
def test_an_event_no_calendar_could_show_is_refused(
    session_event: SessionEvent, changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="calendar event"):
        session_event(**changes)
