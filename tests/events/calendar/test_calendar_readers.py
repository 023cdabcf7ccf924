"""Calendar programs that this project did not write read what it writes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from events.calendar import ZONE, Event, Person, cancel, feed, request, single
from tests.calendar_readers import DATED, READERS, Verdicts, marks

HOUR = timedelta(hours=1)

pytestmark = [*marks, pytest.mark.any_database]

# What each file's first event must show: method and start (UTC).
FILES = {
    "request": ("REQUEST", "20260625T080000Z"),
    "update": ("REQUEST", "20261029T090000Z"),
    "cancel": ("CANCEL", "20261029T090000Z"),
    "single": ("", "20260625T080000Z"),
    "feed": ("", "20260625T080000Z"),
    "spring": ("REQUEST", "20260329T080000Z"),
    "autumn": ("REQUEST", "20261025T090000Z"),
    "repeated_hour": ("REQUEST", "20261025T013000Z"),
    "hostile": ("REQUEST", "20260625T080000Z"),
    "hostile_feed": ("", "20260625T080000Z"),
}


def at(year: int, month: int, day: int, hour: int = 10) -> dict[str, datetime]:
    starts = datetime(year, month, day, hour, tzinfo=ZONE)
    return {"starts": starts, "ends": starts + HOUR}


def written(
    event: Callable[..., Event], organizer: Person, attendee: Person
) -> dict[str, bytes]:
    join = "https://placa.example/j/0Jq-x_7/"
    moved = event(
        **at(2026, 10, 29),
        sequence=1,
        stamp=datetime(2026, 5, 5, tzinfo=UTC),
        conference_url=join,
    )
    called_off = event(
        **at(2026, 10, 29), sequence=2, stamp=datetime(2026, 5, 6, tzinfo=UTC)
    )
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    repeated = event(starts=second_half_past_two, ends=second_half_past_two + 2 * HOUR)
    prickly = (
        '«Dades», a; b: "c" \\N \\ ^n 👩🏽‍💻 שלום مرحبا\x00'
        "\r\nATTENDEE:mailto:evil@attacker.example" + " ça" * 1650
        # No commas to make it long: calcurse 4.7.1 loses an escape that falls
        # across its buffer of 8 KiB.
    )
    hostile = event(
        summary=prickly,
        description=prickly,
        location=prickly,
        conference_url=join,
        last_modified=datetime(2026, 5, 4, tzinfo=UTC),
    )
    somebody = Person(prickly, "o'neill+a?b#c%d@bücher.example")
    agenda = [
        event(),
        event(**at(2026, 10, 29), uid="2@placa.example"),
        event(**at(2026, 11, 26), uid="3@placa.example", cancelled=True),
    ]
    return {
        "request": request(event(conference_url=join), organizer, attendee),
        "update": request(moved, organizer, attendee),
        "cancel": cancel(called_off, organizer, attendee),
        "single": single(event()),
        "feed": feed(agenda, "Agenda de la comunitat, i més", HOUR, "ca"),
        "spring": request(event(**at(2026, 3, 29)), organizer, attendee),
        "autumn": request(event(**at(2026, 10, 25)), organizer, attendee),
        "repeated_hour": request(repeated, organizer, attendee),
        "hostile": request(hostile, organizer, somebody),
        "hostile_feed": feed([hostile], prickly, HOUR, "ca"),
    }


@pytest.fixture(scope="module")
def verdicts(
    tmp_path_factory: pytest.TempPathFactory,
    session_event: Callable[..., Event],
    organizer: Person,
    attendee: Person,
) -> Verdicts:
    files = written(session_event, organizer, attendee)
    return Verdicts(files, tmp_path_factory.mktemp("ics"))


def test_every_reader_ran_and_the_script_found_no_fault(verdicts: Verdicts) -> None:
    assert verdicts.files == list(FILES)
    verdicts.assert_complete()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("file", FILES)
def test_a_reader_accepts_the_file(verdicts: Verdicts, file: str, reader: str) -> None:
    verdicts.assert_accepts(reader, file)


@pytest.mark.parametrize("reader", DATED)
@pytest.mark.parametrize("file", FILES)
def test_a_reader_shows_the_right_method_and_instant(
    verdicts: Verdicts, file: str, reader: str
) -> None:
    method, start = FILES[file]
    verdicts.assert_shows(reader, file, method, start)
