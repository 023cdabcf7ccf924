"""What people answer from their calendars (iTIP METHOD:REPLY, RFC 5546, 3.2.3): bytes
in, values out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from icalendar import Calendar, vDDDTypes
from icalendar.cal.component import Component

LARGEST = 256 * 1024
"""Octets. A reply repeats the invitation, and none of ours is that large."""

ANSWERS = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}


@dataclass(frozen=True)
class Reply:
    """How one person answered one entry.

    `attendee` is the address by which the calendar knows the person. `sequence` is
    that of the entry that was answered; None if the program does not say.
    """

    uid: str
    attendee: str
    rsvp: str
    sequence: int | None
    stamp: datetime


def reply(octets: bytes) -> Reply | None:
    """The answer in a calendar file; None if it holds anything else: an invitation, a
    proposal of another hour, an answer to one day of many.

    Raises ValueError if it is no calendar file, or a broken one.
    """
    if len(octets) > LARGEST or b"\0" in octets:
        raise ValueError("This is no calendar file.")
    try:
        # Never as text: what is one line would be taken for the path of a file.
        return _answer(Calendar.from_ical(octets))
    except Exception as broken:
        # icalendar raises what comes, also when a property is only looked at.
        raise ValueError("The calendar file is broken.") from broken


def _answer(calendar: Calendar) -> Reply | None:
    events = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
        return None
    [event] = events
    attendee = event.get("ATTENDEE")
    if isinstance(attendee, list) or "RECURRENCE-ID" in event or "RRULE" in event:
        return None
    rsvp = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if rsvp is None:
        return None
    address = _address(str(attendee), str(attendee.params.get("EMAIL", "")))
    if not address:
        return None
    return Reply(
        uid=str(event["UID"]),
        attendee=address,
        rsvp=rsvp,
        sequence=_sequence(event),
        stamp=_stamp(event),
    )


def _address(value: str, email: str) -> str:
    """The address of an ATTENDEE: programs that name people in another way put it into
    the parameter EMAIL (RFC 7986, 6.2)."""
    scheme, _, address = value.partition(":")
    return unquote(address) if scheme.lower() == "mailto" else email


def _sequence(event: Component) -> int | None:
    value = event.get("SEQUENCE")
    return max(int(value), 0) if isinstance(value, int) else None


def _stamp(event: Component) -> datetime:
    value = event["DTSTAMP"]
    moment = value.dt if isinstance(value, vDDDTypes) else None
    if not isinstance(moment, datetime):
        raise ValueError("DTSTAMP is no moment.")
    # RFC 5545, 3.8.7.2: it is in UTC, whether it says so or not.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
