"""A mail server that a test can have refuse, defer, fall silent or hang up; and what
a calendar program reads in the mails it took."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar

HOST = "127.0.0.1"


def calendar_parts(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def entry(mail: EmailMessage) -> tuple[str, Any]:
    """The METHOD and the event of the invitation in `mail`."""
    [part] = calendar_parts(mail)
    calendar = Calendar.from_ical(part.get_content())
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def story(mails: list[EmailMessage]) -> list[tuple[str, int, datetime] | None]:
    """What a calendar hears, mail by mail: method, SEQUENCE and start in UTC; None
    for a mail without a calendar part."""
    heard = []
    for mail in mails:
        if calendar_parts(mail):
            method, event = entry(mail)
            start = event["DTSTART"].dt.astimezone(UTC)
            heard.append((method, int(event["SEQUENCE"]), start))
        else:
            heard.append(None)
    return heard


class _Dialogue(SMTP):
    """One client's connection."""

    event_handler: "MailServer"

    async def push(self, status: str | bytes) -> None:
        server = self.event_handler
        taken = server.just_took
        server.just_took = False
        if taken and server.hangs_up == "before 250":
            self.transport.abort()
            return
        await super().push(status)
        if taken and server.hangs_up == "after 250":
            self.transport.abort()


class MailServer:
    """Speaks SMTP on a free loopback port and keeps what it accepts."""

    def __init__(self) -> None:
        self.host = HOST
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        # What was accepted, as it came; a mail sent twice is here twice.
        self.octets: list[bytes] = []
        self.recipients: list[str] = []
        # address → the answer to RCPT TO, e.g. "451 4.2.1 Come back later".
        self.answers: dict[str, str] = {}
        # Hang up once a mail was accepted: does the sender still hear "250"?
        self.hangs_up: Literal["before 250", "after 250"] | None = None
        self.just_took = False
        self._controller: Controller | None = None

    @property
    def mails(self) -> list[EmailMessage]:
        """What was accepted, read as mail."""
        return [
            email.message_from_bytes(octets, policy=policy.default)
            for octets in self.octets
        ]

    def mails_to(self, address: str) -> list[EmailMessage]:
        pairs = zip(self.recipients, self.mails, strict=True)
        return [mail for recipient, mail in pairs if recipient == address]

    def up(self) -> None:
        """Answer on the port."""
        self._controller = Controller(
            self, hostname=self.host, port=self.port, server_hostname="mail.example"
        )
        self._controller.factory = lambda: _Dialogue(self, hostname="mail.example")
        self._controller.start()

    def down(self) -> None:
        """Refuse every connection, until `up`."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        self.up()
        try:
            yield self
        finally:
            self.down()

    # What aiosmtpd calls.

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        for recipient in envelope.rcpt_tos:
            self.recipients.append(recipient)
            self.octets.append(envelope.original_content or b"")
        self.just_took = True
        return "250 OK"
