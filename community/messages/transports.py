"""What takes our mail away: a mail server, or a provider by an interface of its own.

A written mail is kept as octets, and a server gets just these. A provider wants the
parts of it, each in its way, so it is taken apart again.
"""

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from email.mime.text import MIMEText
from typing import Any, NamedTuple, Protocol

from anymail.exceptions import AnymailAPIError, AnymailError
from anymail.message import AnymailMessage
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q

from community.running.logs import redact
from community.work.rows import Away, Permanent, Transient
from community.work.waiting import asked_to_wait

from . import suppressions
from .providers import PROVIDERS, Calendar, Provider

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# The server closes the connection, whatever it was asked (RFC 5321, 3.8).
HUNG_UP = 421
# Said by a provider that has enough for now, or is not there: the next mail would
# fare no better.
BUSY = (408, 425, 429, 502, 503, 504)
# About our account, not about this mail.
REFUSED_KEY = (401, 403)
MISPLACED = (402, 404, 405, 407)
# Amazon says these of the account with the same number as of a mail.
ABOUT_THE_ACCOUNT = (
    "AccountSuspendedException",
    "LimitExceededException",
    "MailFromDomainNotVerifiedException",
    "SendingPausedException",
    "ThrottlingException",
)
# What a provider writes itself, from the fields it is given.
WRITTEN_ANEW = (
    *("bcc", "cc", "date", "from", "mime-version", "reply-to", "subject", "to"),
    *("content-transfer-encoding", "content-type"),
)


class NobodyThere(Permanent):
    """The far side knows no such address, now or ever."""


class Transport(Protocol):
    """One connection, for many mails. Each of its methods raises `Away` when the far
    side is not there, after closing itself."""

    def open(self) -> None:
        """Be ready to send."""

    def send(self, mime: bytes, recipient: str) -> str:
        """Send the mail `mime`. Returns the name the far side gives it, or "".

        Raises Permanent or Transient, in words for the staff, if it is refused.
        """

    def close(self) -> None:
        """Let go of the connection. It can be opened again."""


def lanes() -> Iterator[tuple[Q, Transport]]:
    """Which of the messages leave by which transport.

    What has an order key tells a calendar; if such mails have a server of their own,
    all of them go there, since only what goes one way stays in order.
    """
    name = settings.EMAIL_PROVIDER
    ordinary: Transport
    if name:
        backend = get_connection(f"anymail.backends.{name}.EmailBackend")
        ordinary = Service(backend, PROVIDERS[name])
    else:
        ordinary = Server(get_connection(settings.OUTBOX_TRANSPORT))
    if not settings.INVITATIONS_SERVER:
        yield Q(), ordinary
        return
    yield Q(order_key=""), ordinary
    yield ~Q(order_key=""), Server(get_connection(SMTP, **settings.INVITATIONS_SERVER))


# A mail server ------------------------------------------------------------------


class Server:
    """Any of Django's own backends, which take a mail as octets."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend
        self._used = False

    def open(self) -> None:
        with self._in_our_words():
            self._used = self._backend.open() is False

    def send(self, mime: bytes, recipient: str) -> str:
        mail = _Written(mime, recipient)
        with self._in_our_words():
            try:
                self._backend.send_messages([mail])
            except smtplib.SMTPException as refused:
                # Servers hang up on a connection that has idled or carried enough.
                if not self._used or _answer(refused)[0] != HUNG_UP:
                    raise
                self._backend.close()
                self._backend.open()
                self._backend.send_messages([mail])
        return ""

    def close(self) -> None:
        self._backend.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except (smtplib.SMTPException, OSError) as refused:
            code, words = _answer(refused)
            about_this_mail = isinstance(
                refused, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
            )
            if about_this_mail and code != HUNG_UP:
                raise _refusal(code, words) from refused
            self.close()
            raise Away(words) from refused


def _refusal(code: int, words: str) -> Permanent | Transient:
    """What the server's refusal of one mail means (RFC 5321, 4.2.1: 4yz is for now, 5yz
    for good)."""
    if code < 500:
        return Transient(words)
    nobody = suppressions.says_nobody_is_there(words)
    return NobodyThere(words) if nobody else Permanent(words)


def _answer(refused: Exception) -> tuple[int, str]:
    """The server's code and words; `HUNG_UP` if it did not say any."""
    said: tuple[int, bytes | str]
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        said = next(iter(refused.recipients.values()))
    elif isinstance(refused, smtplib.SMTPResponseException):
        said = refused.smtp_code, refused.smtp_error
    else:
        return HUNG_UP, redact(f"{type(refused).__name__}: {refused}")
    code, words = said
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    # Servers repeat the address in their answer.
    return code, redact(f"{code} {text}")


class _Written(EmailMessage):
    """A mail that is already octets, for any of Django's mail backends."""

    def __init__(self, mime: bytes, recipient: str) -> None:
        super().__init__(to=[recipient])
        self.mime = mime

    def message(self) -> "_Octets":
        return _Octets(self.mime)


class _Octets:
    def __init__(self, mime: bytes) -> None:
        self.mime = mime

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:
        return self.mime.replace(b"\r\n", linesep.encode())

    def get_charset(self) -> None:
        return None


# A provider ---------------------------------------------------------------------


class Service:
    """One of Anymail's backends."""

    def __init__(self, backend: BaseEmailBackend, provider: Provider) -> None:
        self._backend: Any = backend
        self._provider = provider

    def open(self) -> None:
        self._backend.open()

    def send(self, mime: bytes, recipient: str) -> str:
        kept = message_from_bytes(mime.replace(b"\r\n", b"\n"), policy=policy.default)
        mail = _taken_apart(kept, recipient, self._provider)
        if self._provider.knows_repeats:
            self._backend.session.headers["Idempotency-Key"] = kept["Message-ID"]
        try:
            self._backend.send_messages([mail])
        except AnymailError as refused:
            meaning = _meaning(refused)
            if isinstance(meaning, Away):
                self.close()
            raise meaning from refused
        status = mail.anymail_status
        if status.status == {"failed"}:
            # Anymail takes only an address for a fault of the mail's.
            raise _judged(_Answer.of(status.esp_response))
        return str(status.message_id or "")

    def close(self) -> None:
        self._backend.close()


def _taken_apart(kept: Parsed, recipient: str, provider: Provider) -> AnymailMessage:
    """The mail `kept` as the backend of `provider` wants it.

    Raises Permanent if it is an invitation that would arrive as none.
    """
    headers = {
        # A long value begins with the space at which its line was broken.
        name: str(value).strip()
        for name, value in kept.items()
        if name.lower() not in WRITTEN_ANEW and provider.takes(name)
    }
    mail = AnymailMessage(
        subject=str(kept["Subject"]).strip(),
        from_email=str(kept["From"]),
        to=[recipient],
        reply_to=[str(kept["Reply-To"])] if "Reply-To" in kept else None,
        headers=headers | dict(provider.adds),
    )
    for part in kept.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        if part.is_attachment():
            # The calendar part is such a file itself, unless it stays beside the text.
            if kind != "application/ics" or provider.calendar is Calendar.ALTERNATIVE:
                mail.attach(part.get_filename(), part.get_content(), kind)
        elif kind == "text/calendar":
            _carry(part, mail, provider)
        elif kind == "text/plain":
            mail.body = part.get_content()
        else:
            mail.attach_alternative(part.get_content(), kind)
    return mail


def _carry(calendar: Parsed, mail: AnymailMessage, provider: Provider) -> None:
    """Put the part `calendar` into `mail` in the way of `provider`."""
    # RFC 5545, 3.1: its lines end so, wherever it lies.
    ics = calendar.get_content().replace("\n", "\r\n")
    method = calendar.get_param("method")
    match provider.calendar:
        case Calendar.ALTERNATIVE:
            mail.attach_alternative(ics, f"text/calendar; method={method}")
        case Calendar.FILE:
            mail.attach("invite.ics", ics, f"text/calendar; method={method}")
        case Calendar.MIME_FILE:
            part = MIMEText(ics, "calendar", "utf-8")
            part.set_param("method", str(method))
            part.add_header("Content-Disposition", "attachment", filename="invite.ics")
            mail.attach(part)
        case Calendar.LOST:
            raise Permanent(
                f"{provider.label} would take the invitation out of this mail."
            )


class _Answer(NamedTuple):
    """What a provider said: its HTTP status, its words, and for how long to wait."""

    status: int
    words: str
    wait: timedelta | None

    @classmethod
    def of(cls, response: Any) -> "_Answer":
        """From an answer over HTTP, or the dict that Amazon's library makes of one."""
        if isinstance(response, Mapping):
            about, error = response["ResponseMetadata"], response["Error"]
            status = about["HTTPStatusCode"]
            words = f"{error['Code']}: {error['Message']}"
            headers = about.get("HTTPHeaders", {})
        else:
            status, words = response.status_code, response.text
            headers = response.headers
        # The words may repeat the address.
        said = redact(" ".join(f"{status} {words}".split()))[:300]
        return cls(status, said, asked_to_wait(headers))


def _meaning(refused: AnymailError) -> Exception:
    """What the refusal of a provider means for the row."""
    if not isinstance(refused, AnymailAPIError):
        # It wants nobody like this reader, or Anymail cannot say this mail in its way.
        return Permanent(redact(str(refused.args[0])))
    if refused.response is None:
        return Away(f"The provider does not answer: {type(refused.__cause__).__name__}")
    return _judged(_Answer.of(refused.response))


def _judged(said: _Answer) -> Exception:
    if said.status in REFUSED_KEY:
        # Its words may be about the key.
        return Away(f"The provider refuses our key ({said.status}).")
    about_us = any(name in said.words for name in ABOUT_THE_ACCOUNT)
    if said.status in (*BUSY, *MISPLACED) or about_us:
        return Away(said.words, said.wait)
    if 400 <= said.status < 500 and said.status != 409:
        return Permanent(said.words)
    # Also an answer of 200 that cannot be read, and a second request with one key
    # while the first is on its way (409).
    return Transient(said.words, said.wait)
