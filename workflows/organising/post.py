"""The mails that registrations got, for the staff to see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from community.messages.kinds import kind_of
from community.models import Message
from events import mails

from . import labels

KINDS = [kind.name for kind in mails.KINDS]


@dataclass(frozen=True)
class Mail:
    """What became of one mail. `when` is when it was sent or given up, or else when
    it will be tried."""

    label: str
    subject: str
    state: str
    tone: str
    failed: bool
    when: datetime
    error: str


def of_registrations(keys: Iterable[int]) -> dict[int, list[Mail]]:
    """The mails about each registration, the latest first, in one query."""
    found: dict[int, list[Mail]] = defaultdict(list)
    rows = Message.objects.filter(kind__in=KINDS, about__in=list(keys))
    for row in rows.defer("mime").order_by("-pk"):
        found[row.about].append(_mail(row))
    return found


def _mail(row: Message) -> Mail:
    return Mail(
        label=str(kind_of(row).label),
        subject=row.subject,
        state=str(labels.MAIL[row.state]),
        tone=labels.MAIL_TONES.get(row.state, ""),
        failed=row.state == Message.State.FAILED,
        when=row.settled or row.next_try,
        error=row.error,
    )
