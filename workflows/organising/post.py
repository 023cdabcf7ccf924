"""The mails that registrations got, or are about to, for the staff to see."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from community.models import Message
from events import mails
from events.models import Registration, Session

from . import labels

# Of these `about` is no registration.
OF_FOLLOWERS = ("session_announced", "follow_confirm")
OF_SESSIONS = ("reminder", "circular")
OF_SUBSTITUTIONS = (
    "substitution_asked",
    "substitution_withdrawn",
    "substitution_refused",
    "substitution_expired",
)
ABOUT_OTHERS = (*OF_FOLLOWERS, *OF_SESSIONS, *OF_SUBSTITUTIONS)
# The person's page, the door of the meeting, following (`events.links`), the page of
# a case, and registering before the others.
PERSONAL = re.compile(r"(/[rjfcbe]/)[\w:-]{16,}")
KINDS = [kind.name for kind in mails.KINDS if kind.name not in ABOUT_OTHERS]


@dataclass(frozen=True)
class Mail:
    """What became of one mail. `when` is when it was sent or given up, or else when
    it will be tried."""

    pk: int
    label: str
    subject: str
    state: str
    tone: str
    failed: bool
    when: datetime
    error: str


@dataclass(frozen=True)
class Letter:
    """A mail that is queued: to whom, of which kind and in which language."""

    registration: Registration
    kind: str
    label: str
    language: str


def of_registrations(keys: Iterable[int]) -> dict[int, list[Mail]]:
    """The mails about each registration, the latest first, in one query."""
    found: dict[int, list[Mail]] = defaultdict(list)
    threads = {Registration.THREAD % key: key for key in keys}
    rows = Message.objects.filter(order_key__in=threads)
    for row in rows.defer("mime").order_by("-pk"):
        found[threads[row.order_key]].append(_mail(row))
    return found


def to_colleagues(registration: Registration) -> list[Mail]:
    """The mails to those who were asked to go instead, the latest first."""
    threads = [row.thread for row in registration.substitutions.all()]
    rows = Message.objects.filter(order_key__in=threads).defer("mime")
    return [_mail(row) for row in rows.order_by("-pk")]


def without_tokens(text: str) -> str:
    """`text` with the personal links cut short: they are their reader's alone."""
    return PERSONAL.sub(r"\1…", text)


def newest() -> int:
    """The key of the newest mail there is."""
    return Message.objects.aggregate(Max("pk"))["pk__max"] or 0


def queued_since(session: Session, key: int) -> list[Letter]:
    """The mails to the people of `session` that were queued after that of `key`."""
    rows = Message.objects.filter(pk__gt=key).exclude(order_key="").order_by("pk")
    rows = list(rows.only("kind", "order_key", "language"))
    people = session.registrations.select_related("session__series", "body").filter(
        pk__in={mails.registration_key(row) for row in rows}
    )
    found = {registration.thread: registration for registration in people}
    return [
        Letter(found[row.order_key], row.kind, labels.mail_kind(row), row.language)
        for row in rows
        if row.order_key in found
    ]


@dataclass(frozen=True)
class Fate:
    """What became of the mails of one thing that was told to many."""

    sent: int = 0
    to_leave: int = 0
    failed: int = 0


def fates(kind: str, keys: Iterable[int]) -> dict[int, Fate]:
    """What became of the mails of `kind` about each of `keys`, in one query."""
    states = Message.State
    to_leave = (*Message.WAITING, states.RUNNING)
    rows = (
        Message.objects.filter(kind=kind, about__in=list(keys))
        .order_by()
        .values_list("about")
        .annotate(
            sent=Count("pk", filter=Q(state=states.DONE)),
            to_leave=Count("pk", filter=Q(state__in=to_leave)),
            failed=Count("pk", filter=Q(state__in=(states.FAILED, states.HELD))),
        )
    )
    return {key: Fate(*counts) for key, *counts in rows}


def _mail(row: Message) -> Mail:
    return Mail(
        pk=row.pk,
        label=labels.mail_kind(row),
        subject=row.subject,
        state=str(labels.MAIL[row.state]),
        tone=labels.MAIL_TONES.get(row.state, ""),
        failed=row.state == Message.State.FAILED,
        when=row.settled or row.next_try,
        error=row.error,
    )
