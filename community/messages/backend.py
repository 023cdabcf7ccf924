from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone, translation

from community.work import tasks

from .kinds import Kind, kind_of, register
from .models import Message


def _too_late(row: Message) -> str:
    life = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    return "The code has run out." if timezone.now() - row.created > life else ""


# Mail that a library writes itself (Wagtail's notifications) …
WRITTEN = Kind("mail", "Mail")
# … and the sign-in codes, which nobody but the reader may see.
SIGN_IN = Kind("sign_in", "Sign-in code", pointless=_too_late, secret=True, urgent=True)

for kind in (WRITTEN, SIGN_IN):
    register(kind)


class OutboxBackend(BaseEmailBackend):
    """Django's way into the outbox: what is "sent" here waits there.

    So the mail of every library is undone with its transaction, tried again, and
    seen by the staff like our own. A sender marks a secret mail by giving the
    message an attribute `outbox_kind`.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [row for mail in email_messages for row in self._rows(mail)]
        with transaction.atomic():
            Message.objects.bulk_create(rows)
            tasks.wake()
        return len(email_messages)

    def _rows(self, mail: EmailMessage) -> list[Message]:
        rows = []
        for recipient in mail.recipients():
            row = Message(
                kind=getattr(mail, "outbox_kind", WRITTEN.name),
                recipient=recipient,
                language=translation.get_language() or "",
                subject=str(mail.subject)[:500],
            )
            row.urgent = kind_of(row).urgent
            mail.extra_headers["Message-ID"] = row.message_id
            row.mime = mail.message().as_bytes(linesep="\r\n")
            rows.append(row)
        return rows
