"""The four calendar files we write. Every function returns UTF-8 bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, vDuration
from icalendar import Event as VEvent

from events.calendar.text import label, line, lines, mailbox, web_address
from events.calendar.values import Event, Person
from events.calendar.zone import VTIMEZONE, ZONE

PRODUCT = "-//Placa//Calendar//CA"
"""Who wrote the file (PRODID), in ASCII for old readers."""


def request(event: Event, organizer: Person, attendee: Person) -> bytes:
    """Invite one person, or tell them of a change (METHOD:REQUEST, RFC 5546, 3.2.2).

    Raises ValueError for a cancelled event and for unusable addresses.
    """
    if event.cancelled:
        raise ValueError("A cancelled event is sent with cancel().")
    invitation = _vevent(event, cancelled=False)
    if event.conference_url:
        invitation.add(
            "CONFERENCE",
            web_address(event.conference_url),
            {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label(event.summary)},
        )
    answer = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    _address(invitation, organizer, attendee, answer)
    return _file([invitation], method="REQUEST")


def cancel(event: Event, organizer: Person, attendee: Person) -> bytes:
    """Take one person's invitation back (METHOD:CANCEL, RFC 5546, 3.2.5).

    Raises ValueError for unusable addresses.
    """
    withdrawal = _vevent(event, cancelled=True)
    _address(withdrawal, organizer, attendee, {})
    return _file([withdrawal], method="CANCEL")


def single(event: Event) -> bytes:
    """A file to add the session to one's own calendar.

    Without METHOD, because PUBLISH would demand an ORGANIZER; without anybody's
    name or own way in, because calendars are shared.
    """
    return _file([_vevent(event, cancelled=event.cancelled)])


def feed(
    events: Iterable[Event], name: str, refresh: timedelta, language: str
) -> bytes:
    """A calendar to subscribe to, asked for again every `refresh`.

    `name` is what readers call the calendar, written in `language` (a tag such as
    `ca`). As in `single`, nobody's name or own way in. Raises ValueError if
    `refresh` is not positive.
    """
    if refresh <= timedelta(0):
        raise ValueError("A feed must be refreshed after a positive time.")
    calendar = _calendar()
    # VALUE is the default, but ical.js does not know NAME and would show escapes.
    calendar.add("NAME", line(name), {"LANGUAGE": label(language), "VALUE": "TEXT"})
    calendar.add("X-WR-CALNAME", line(name))
    calendar.add("REFRESH-INTERVAL", vDuration(refresh), {"VALUE": "DURATION"})
    # Outlook's name for the same thing.
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    return _with(calendar, [_vevent(each, cancelled=each.cancelled) for each in events])


def _calendar() -> Calendar:
    # Not Calendar.new(), which would give the file a UID of its own.
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _file(vevents: list[VEvent], method: str | None = None) -> bytes:
    calendar = _calendar()
    if method:
        calendar.add("METHOD", method)
    return _with(calendar, vevents)


def _with(calendar: Calendar, vevents: list[VEvent]) -> bytes:
    # Some readers only know a zone that they have met before the event.
    for component in [VTIMEZONE, *vevents]:
        calendar.add_component(component)
    return calendar.to_ical()


def _vevent(event: Event, *, cancelled: bool) -> VEvent:
    vevent = VEvent()
    vevent.add("UID", line(event.uid))
    vevent.add("SEQUENCE", event.sequence)
    vevent.add("DTSTAMP", event.stamp.astimezone(UTC))
    if event.last_modified:
        vevent.add("LAST-MODIFIED", event.last_modified.astimezone(UTC))
    starts, ends = _written(event.starts, event.ends)
    vevent.add("DTSTART", starts)
    vevent.add("DTEND", ends)
    _add_words(vevent, event)
    vevent.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    # A cancelled session leaves the hour free in readers that still show it.
    vevent.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    vevent.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE" if cancelled else "BUSY")
    return vevent


def _add_words(vevent: VEvent, event: Event) -> None:
    words = {
        "SUMMARY": line(event.summary),
        "DESCRIPTION": lines(event.description),
        "LOCATION": line(event.location),
    }
    for name, value in words.items():
        if value:
            vevent.add(name, value)
    if event.url:
        vevent.add("URL", web_address(event.url))


def _written(starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Both moments on the zone's clock.

    In UTC if either falls in October's repeated hour the second time: a time on the
    clock there means the first one (RFC 5545, 3.3.5).
    """
    local = starts.astimezone(ZONE), ends.astimezone(ZONE)
    if any(moment.fold for moment in local):
        return starts.astimezone(UTC), ends.astimezone(UTC)
    return local


def _address(
    vevent: VEvent, organizer: Person, attendee: Person, answer: dict[str, str]
) -> None:
    """Write who invites and who is invited; never more than one (RFC 5546)."""
    vevent.add("ORGANIZER", mailbox(organizer))
    parameters = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", **answer}
    vevent.add("ATTENDEE", mailbox(attendee), parameters)
