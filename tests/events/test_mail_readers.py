"""Calendar programs that this project did not write read the invitations as a mail
server received them: invited, moved across the change of clock, cancelled, promoted
from the waiting list, and passed on to a colleague."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from events import registrations, sessions, substitutions
from events.models import Registration
from tests.calendar_readers import DATED, READERS, Verdicts, marks
from tests.factories import a_registration, a_session, an_applicant
from tests.mail import MailServer, calendar_parts, story

ADA, MAR, POL = (f"{name}@council.example" for name in ("ada", "mar", "pol"))
HOUR = timedelta(hours=1)
# Ten o'clock in Barcelona, before and after the change of clock.
SUMMER = datetime(2026, 10, 22, 8, tzinfo=UTC)
WINTER = datetime(2026, 10, 29, 9, tzinfo=UTC)

pytestmark = [*marks, pytest.mark.django_db]


@pytest.fixture
def received(
    smtp_server: MailServer, work: Callable[[], None]
) -> dict[str, list[bytes]]:
    """The calendar parts that each address got, in order."""
    with time_machine.travel(datetime(2026, 10, 1, 8, tzinfo=UTC)) as clock:
        session = a_session(1, starts=SUMMER, title={"ca": "L’accés, pas a pas"})
        first = a_registration(session, ADA, name="Ada Puig i Güell, “tècnica”")
        mar = a_registration(session, MAR, name="Mar Serra; Vila")
        work()
        sessions.move(session, starts=WINTER, ends=WINTER + HOUR)
        clock.shift(61)
        call_command("sweep")
        work()
        registrations.cancel(first, Registration.Reason.PERSON)
        work()
        asked = substitutions.ask(mar, name="Pol", email=POL, language="es")
        work()
        substitutions.confirm(asked, an_applicant(POL, name="Pol Vilà, cap"))
        work()
    for address, heard in (
        (ADA, [("REQUEST", 0, SUMMER), ("REQUEST", 1, WINTER), ("CANCEL", 2, WINTER)]),
        (MAR, [None, None, ("REQUEST", 0, WINTER), ("CANCEL", 1, WINTER)]),
        (POL, [None, ("REQUEST", 0, WINTER)]),
    ):
        assert story(smtp_server.mails_to(address)) == heard
    return {
        address: [
            part.get_payload(decode=True)
            for mail in smtp_server.mails_to(address)
            for part in calendar_parts(mail)
        ]
        for address in (ADA, MAR, POL)
    }


def test_every_reader_accepts_every_invitation_as_it_arrives(
    received: dict[str, list[bytes]], tmp_path: Path
) -> None:
    invited, moved, cancelled = received[ADA]
    promoted, passed_on = received[MAR]
    [passed_to] = received[POL]
    files = {
        "invited": (invited, "REQUEST", "20261022T080000Z"),
        "moved": (moved, "REQUEST", "20261029T090000Z"),
        "cancelled": (cancelled, "CANCEL", "20261029T090000Z"),
        "promoted": (promoted, "REQUEST", "20261029T090000Z"),
        "passed on": (passed_on, "CANCEL", "20261029T090000Z"),
        "passed to": (passed_to, "REQUEST", "20261029T090000Z"),
    }

    verdicts = Verdicts({name: file[0] for name, file in files.items()}, tmp_path)

    verdicts.assert_complete()
    for name, (_octets, method, start) in files.items():
        for reader in READERS:
            verdicts.assert_accepts(reader, name)
        for reader in DATED:
            verdicts.assert_shows(reader, name, method, start)
