"""Mail that comes to us: taken apart, and given to whoever of the house reads it.

A room registers a reader at start-up, as it does its works. Two doors lead here:
`manage.py receive_mail`, for the pipe of a mail server, and the webhooks of providers.

Nothing here answers a mail, and no reader answers one that `is_automatic`.
"""

import logging
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from anymail.signals import AnymailInboundEvent
from django.db import InterfaceError, OperationalError

from .models import Message

logger = logging.getLogger(__name__)

# Whether the mail was for it. It says so even of one that changes nothing.
Reader = Callable[[EmailMessage], bool]

# In octets: no answer from a calendar and no report of a mail server is larger.
LARGEST = 5 * 1024 * 1024
# Older ways of saying so than RFC 3834's, and Microsoft's (MS-OXCMAIL, 2.2.3.2.14).
PRECEDENCES = ("auto_reply", "bulk", "junk", "list")
SUPPRESSED = ("all", "autoreply", "oof")

_readers: dict[str, Reader] = {}


def register(name: str, reader: Reader) -> None:
    """Have `reader` asked about every mail that comes. The first that takes one is the
    last that sees it."""
    if name in _readers and _readers[name] is not reader:
        raise ValueError(f"reader {name!r} is registered twice")
    _readers[name] = reader


def receive(octets: bytes) -> bool:
    """Give the mail in `octets` to who reads it. Returns whether anybody took it.

    However broken it is, that is all that happens: it is forgotten, with a line in the
    log. Raises OperationalError or InterfaceError if the database is away, so that
    whoever brought it brings it again.
    """
    if len(octets) > LARGEST:
        logger.info("A mail came that is too large for anybody: %d", len(octets))
        return False
    try:
        mail = message_from_bytes(octets, policy=policy.default)
    except Exception:
        # The parser has faults of its own.
        logger.info("A mail came that cannot be read", exc_info=True)
        return False
    return take(mail)


def take(mail: EmailMessage) -> bool:
    """As `receive`, for a mail that has been taken apart."""
    if _asked("loop", _is_our_own, mail):
        logger.info("A mail of ours came back")
        return False
    for name, reader in _readers.items():
        if _asked(name, reader, mail):
            logger.info("A mail came for: %s", name)
            return True
    logger.info("A mail came for nobody")
    return False


def from_provider(event: AnymailInboundEvent, **sent: Any) -> None:
    """Take what a provider brought. It keeps the sender of the envelope apart."""
    mail = event.message
    if mail is None:
        return
    if mail.envelope_sender is not None and "Return-Path" not in mail:
        mail["Return-Path"] = f"<{mail.envelope_sender}>"
    take(mail)


def is_automatic(mail: EmailMessage) -> bool:
    """Whether a program answers, or a list or a mail server speaks: to such a mail no
    answer is due (RFC 3834, 2; RFC 5321, 4.5.5).

    What a program *generates* is no answer yet: calendars mark so the mail with which
    they carry what a person has clicked.
    """
    kind = _word(mail, "Auto-Submitted")
    return (
        kind not in ("", "no", "auto-generated")
        or _word(mail, "Precedence") in PRECEDENCES
        or any(word in SUPPRESSED for word in _words(mail, "X-Auto-Response-Suppress"))
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or "".join(str(mail.get("Return-Path", "?")).split()) == "<>"
    )


def _is_our_own(mail: EmailMessage) -> bool:
    name = str(mail.get("Message-ID", "")).strip()
    return bool(name) and Message.objects.filter(message_id=name).exists()


def _asked(name: str, reader: Reader, mail: EmailMessage) -> bool:
    try:
        return reader(mail)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.warning("A mail broke the reader: %s", name, exc_info=True)
        return False


def _word(mail: EmailMessage, header: str) -> str:
    return next(iter(_words(mail, header)), "")


def _words(mail: EmailMessage, header: str) -> list[str]:
    """The words of `header`, small, without what is said about them after a ";"."""
    said = str(mail.get(header, "")).partition(";")[0]
    return re.findall(r"[\w-]+", said.lower())
