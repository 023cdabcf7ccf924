"""The hour a reader shows, around the changes of clock and over the years."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from icalendar import Calendar

from events.calendar import ZONE, Event, single

pytestmark = pytest.mark.any_database

HOUR = timedelta(hours=1)


def zone_of(file: bytes) -> tzinfo:
    """The zone as the file itself describes it, without the reader's own database."""
    (vtimezone,) = Calendar.from_ical(file).timezones
    return vtimezone.to_tz(lookup_tzid=False)


def instant_shown(file: bytes) -> datetime:
    """When the event starts for a reader that only knows what the file says."""
    (vevent,) = Calendar.from_ical(file).events
    starts = vevent["DTSTART"]
    if starts.params.get("TZID"):
        assert starts.params["TZID"] == "Europe/Madrid"
        return starts.dt.replace(tzinfo=zone_of(file)).astimezone(UTC)
    return starts.dt.astimezone(UTC)


@pytest.mark.parametrize(
    ("on_the_clock", "in_utc"),
    [
        ("2026-03-28T10:00", "2026-03-28T09:00"),
        ("2026-03-29T01:59", "2026-03-29T00:59"),
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-03-29T10:00", "2026-03-29T08:00"),
        ("2026-06-25T10:00", "2026-06-25T08:00"),
        ("2026-10-24T10:00", "2026-10-24T08:00"),
        ("2026-10-25T01:59", "2026-10-24T23:59"),
        ("2026-10-25T03:00", "2026-10-25T02:00"),
        ("2026-10-25T10:00", "2026-10-25T09:00"),
        ("2026-12-17T10:00", "2026-12-17T09:00"),
    ],
)
def test_the_hour_on_the_clock_is_the_right_instant(
    session_event: Callable[..., Event], on_the_clock: str, in_utc: str
) -> None:
    starts = datetime.fromisoformat(on_the_clock).replace(tzinfo=ZONE)
    file = single(session_event(starts=starts, ends=starts + HOUR))

    written = on_the_clock.replace("-", "").replace(":", "") + "00"
    assert f"\r\nDTSTART;TZID=Europe/Madrid:{written}\r\n".encode() in file
    assert instant_shown(file) == datetime.fromisoformat(in_utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("minutes", [-90, -30, 0, 30, 60, 90])
def test_octobers_repeated_hour_is_not_confused(
    session_event: Callable[..., Event], minutes: int
) -> None:
    back = datetime(2026, 10, 25, 1, tzinfo=UTC)
    starts = back + timedelta(minutes=minutes)

    file = single(session_event(starts=starts, ends=back + 3 * HOUR))
    assert instant_shown(file) == starts


def test_a_session_keeps_its_length_through_the_repeated_hour(
    session_event: Callable[..., Event],
) -> None:
    starts = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    file = single(session_event(starts=starts, ends=starts + HOUR))

    (vevent,) = Calendar.from_ical(file).events
    assert vevent["DTEND"].dt.astimezone(UTC) == starts + HOUR
    assert instant_shown(file) == starts


@pytest.mark.parametrize("month", [3, 10])
@pytest.mark.parametrize("year", range(2020, 2046))
def test_the_zone_in_the_file_agrees_with_the_zone_database(
    session_event: Callable[..., Event], year: int, month: int
) -> None:
    described = zone_of(single(session_event()))

    for day in range(1, 32):
        for hour in (0, 12):
            moment = datetime(year, month, day, hour, tzinfo=ZONE)
            assert moment.replace(tzinfo=described).utcoffset() == moment.utcoffset()


def test_the_zone_is_written_as_rules(session_event: Callable[..., Event]) -> None:
    zone = single(session_event()).split(b"END:VTIMEZONE")[0]

    assert zone.count(b"RRULE:") == 2
    assert b"RDATE" not in zone
    assert b"COMMENT" not in zone


def test_stamps_are_written_in_utc(session_event: Callable[..., Event]) -> None:
    stamp = datetime(2026, 7, 1, 12, tzinfo=ZONE)
    file = single(session_event(stamp=stamp, last_modified=stamp))

    assert b"\r\nDTSTAMP:20260701T100000Z\r\n" in file
    assert b"\r\nLAST-MODIFIED:20260701T100000Z\r\n" in file
