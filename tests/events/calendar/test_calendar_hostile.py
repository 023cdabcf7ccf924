"""Whatever people type, a file stays one well-formed calendar."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from events.calendar import Event, Person, cancel, feed, request, single

pytestmark = pytest.mark.any_database

SessionEvent = Callable[..., Event]

PRICKLY = [
    "\r\nATTENDEE:mailto:evil@attacker.example",
    "\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
    "\r\n X-EVIL:1",
    "\rMETHOD:CANCEL",
    "\x00\x01\x1b\x7f\x85\u2028\u2029\ufeff\ufffe",
    ";RSVP=TRUE:mailto:evil@attacker.example",
    '";X-EVIL="1":mailto:evil@attacker.example',
    "\\",
    "\\N",
    "^n^'^^",
    "a,b;c:d=e%0D%0A",
    "\u202eمرحبا שלום\u202c",
    "👩🏽‍💻🏳️‍🌈",
    "\ud800",
    "ç" * 5000,
    "👍" * 5000,
    " " * 200 + "x",
]
ANYTHING = st.lists(
    st.one_of(st.text(st.characters(), max_size=40), st.sampled_from(PRICKLY)),
    max_size=5,
).map("".join)


def logical_lines(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def properties(file: bytes) -> list[str]:
    return [re.split("[;:]", line, maxsplit=1)[0] for line in logical_lines(file)]


def value_of(name: str, file: bytes) -> str:
    """One property's text, unescaped by our own reading of RFC 5545, 3.3.11."""
    (value,) = [
        line.split(":", 1)[1]
        for line in logical_lines(file)
        if line.startswith(f"{name}:")
    ]
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def assert_well_formed(file: bytes) -> None:
    assert file.endswith(b"END:VCALENDAR\r\n")
    for physical_line in file.split(b"\r\n"):
        assert len(physical_line) <= 75
        assert b"\r" not in physical_line
        assert b"\n" not in physical_line
        text = physical_line.decode()
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", text)
    assert Calendar.from_ical(file).to_ical()


@settings(deadline=None)
@given(summary=ANYTHING, description=ANYTHING, location=ANYTHING, name=ANYTHING)
@pytest.mark.parametrize("send", [request, cancel])
def test_an_invitation_never_gains_a_property_or_an_attendee(
    session_event: SessionEvent,
    attendee: Person,
    send: Callable[[Event, Person, Person], bytes],
    summary: str,
    description: str,
    location: str,
    name: str,
) -> None:
    event = session_event(
        # Never empty: an empty text is left out, which is another promise.
        summary="x" + summary,
        description="x" + description,
        location="x" + location,
        conference_url="https://placa.example/j/0Jq-x_7/",
    )
    organizer = Person(name, "cites@placa.example")
    file = send(event, organizer, Person(name, attendee.email))

    plain = session_event(conference_url="https://placa.example/j/0Jq-x_7/")
    assert_well_formed(file)
    assert properties(file) == properties(send(plain, organizer, attendee))
    (vevent,) = Calendar.from_ical(file).events
    assert vevent["ATTENDEE"].email == attendee.email
    assert vevent["ORGANIZER"].email == "cites@placa.example"


@settings(deadline=None)
@given(summary=ANYTHING, name=ANYTHING)
def test_a_feed_never_gains_a_property(
    session_event: SessionEvent, summary: str, name: str
) -> None:
    hour = timedelta(hours=1)
    file = feed([session_event(summary="x" + summary)], name, hour, "ca")

    assert_well_formed(file)
    assert properties(file) == properties(feed([session_event()], "x", hour, "ca"))


@settings(deadline=None)
@given(
    words=st.text(
        st.characters(categories=["L", "M", "N", "P", "S"], include_characters="\n ")
    )
)
def test_what_can_be_seen_arrives_as_it_was_written(
    session_event: SessionEvent, words: str
) -> None:
    file = single(session_event(description=f"»{words}«"))

    assert value_of("DESCRIPTION", file) == f"»{words}«"


def test_a_backslash_and_a_capital_n_are_no_line_break(
    session_event: SessionEvent,
) -> None:
    file = single(session_event(location="\\\\servidor\\Notes, sala 3; fons"))

    assert value_of("LOCATION", file) == "\\\\servidor\\Notes, sala 3; fons"


def test_a_title_stays_on_one_line(session_event: SessionEvent) -> None:
    file = single(session_event(summary="Dades\r\nobertes\u2028avui\x00"))

    assert value_of("SUMMARY", file) == "Dades obertes avui"


def test_quotes_and_backslashes_in_a_name_become_lookalikes(
    session_event: SessionEvent, organizer: Person
) -> None:
    attendee = Person('Núria "Nuri" Prat \\', "nuria@ajuntament.example")
    file = request(session_event(), organizer, attendee)

    (line,) = [each for each in logical_lines(file) if each.startswith("ATTENDEE")]
    assert line.startswith("ATTENDEE;CN=\"Núria 'Nuri' Prat /\";")


def test_right_to_left_words_and_composed_emoji_arrive_whole(
    session_event: SessionEvent, organizer: Person
) -> None:
    attendee = Person("مريم 👩🏽‍💻", "maryam@ajuntament.example")
    file = request(session_event(summary="שלום 🏳️‍🌈"), organizer, attendee)

    assert value_of("SUMMARY", file) == "שלום 🏳️‍🌈"
    assert "مريم 👩🏽‍💻" in "".join(logical_lines(file))


@pytest.mark.parametrize(
    "email",
    [
        "nuria@ajuntament.example\r\nATTENDEE:mailto:evil@attacker.example",
        "nuria@ajuntament.example\n",
        "nuria\x00@ajuntament.example",
        "nuria prat@ajuntament.example",
        "nuria\u200b@ajuntament.example",
        "nuria@ajuntament.example,evil@attacker.example",
        "nuria",
        "@ajuntament.example",
        "nuria@",
        "",
        "nuria@ajuntament..example",
        "n" * 5000 + "@ajuntament.example",
        "nuria\ud800@ajuntament.example",
    ],
    ids=range(13),
)
@pytest.mark.parametrize("send", [request, cancel])
def test_an_unusable_address_is_refused_in_clear_words(
    session_event: SessionEvent,
    organizer: Person,
    attendee: Person,
    send: Callable[[Event, Person, Person], bytes],
    email: str,
) -> None:
    clear = "^The (domain of the )?e-mail address "
    with pytest.raises(ValueError, match=clear) as refused:
        send(session_event(), organizer, Person("Núria", email))
    assert "nuria" not in str(refused.value)
    with pytest.raises(ValueError, match=clear):
        send(session_event(), Person("Comunitat", email), attendee)


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ("nuria.prat+dg@ajuntament.example", "nuria.prat+dg@ajuntament.example"),
        ("o'neill_1@ajuntament.example", "o'neill_1@ajuntament.example"),
        ("núria@ajuntament.example", "n%C3%BAria@ajuntament.example"),
        ("nuria@bücher.example", "nuria@xn--bcher-kva.example"),
        ("a?b#c%d@ajuntament.example", "a%3Fb%23c%25d@ajuntament.example"),
        ('"a,b;c:d"@ajuntament.example', "%22a%2Cb%3Bc%3Ad%22@ajuntament.example"),
    ],
)
def test_an_unusual_address_is_one_attendee(
    session_event: SessionEvent, organizer: Person, email: str, written: str
) -> None:
    file = request(session_event(), organizer, Person("", email))

    (line,) = [each for each in logical_lines(file) if each.startswith("ATTENDEE")]
    assert line.endswith(f":mailto:{written}")
    assert_well_formed(file)


@pytest.mark.parametrize(
    "url",
    [
        "https://placa.example/\r\nATTENDEE:mailto:evil@attacker.example",
        "https://placa.example/s/x/\n",
        "https://placa.example/a b",
        "javascript:alert(1)",
        "/s/dg-1/",
    ],
)
def test_a_link_that_is_no_web_address_is_refused(
    session_event: SessionEvent, organizer: Person, attendee: Person, url: str
) -> None:
    with pytest.raises(ValueError, match="absolute http"):
        single(session_event(url=url))
    with pytest.raises(ValueError, match="absolute http"):
        request(session_event(conference_url=url), organizer, attendee)
