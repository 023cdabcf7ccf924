"""A written mail, taken apart again to be shown."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from .models import Message

PARTS = {"html": "text/html", "text": "text/plain", "calendar": "text/calendar"}


def parsed_mail(row: Message) -> EmailMessage | None:
    """The mail of `row`; None if it is not written yet, or its text is gone."""
    if row.mime is None:
        return None
    return message_from_bytes(bytes(row.mime), policy=policy.default)


def part_of(mail: EmailMessage, name: str) -> str | None:
    """The text of the part `name`, one of `PARTS`; None if there is none."""
    found = next((p for p in mail.walk() if p.get_content_type() == PARTS[name]), None)
    return None if found is None else found.get_content()
