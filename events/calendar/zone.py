"""The installation's one time zone, and how calendar files describe it."""

from zoneinfo import ZoneInfo

from icalendar import Timezone

ZONE = ZoneInfo("Europe/Madrid")
"""Where the sessions take place. There is one zone per installation and no field
for it: whoever installs Plaça elsewhere changes ZONE and VTIMEZONE together."""

# Rules, not the list of dates that icalendar would write by itself: with dates,
# some readers put summer sessions one hour late. They hold since 1996 (Directive
# 94/21/EC), when the end of summer time moved to October. The long name, because
# abbreviated ones are an hour off on macOS.
VTIMEZONE = Timezone.from_ical(
    "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            f"TZID:{ZONE.key}",
            f"X-LIC-LOCATION:{ZONE.key}",
            "BEGIN:DAYLIGHT",
            "DTSTART:19960331T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZNAME:CEST",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:19961027T030000",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZNAME:CET",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "END:STANDARD",
            "END:VTIMEZONE",
            "",
        ]
    )
)
"""ZONE as a component; every file carries it, before its events."""
