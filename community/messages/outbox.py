"""The outbox: queue a message in the caller's transaction; the worker sends it."""

from collections.abc import Iterable
from contextlib import closing

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from community.models import User
from community.work import tasks
from community.work.heartbeat import MAIL_SERVER, NO_MAIL_SERVER, beat
from community.work.rows import Away, Permanent, Pointless, Transient, run_due

from . import suppressions
from .kinds import kind_of, parting
from .models import Message, MessageQuerySet, Suppression
from .transports import NobodyThere, Transport, lanes


def queue(rows: Iterable[Message]) -> None:
    """Have each of `rows` sent. Call it in the transaction of what it tells.

    A row whose `dedupe_key` already waits is left out: the one that waits is
    written when it leaves, so it will say the same.
    """
    rows = list(rows)
    if not rows:
        return
    for row in rows:
        row.urgent = kind_of(row).urgent
    _hold_back({row.dedupe_key for row in rows} - {""})
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for moment in {row.next_try for row in rows}:
        tasks.wake(at=moment)


def can_send_again(row: Message) -> bool:
    """Whether `row` is on hold, or has come to its end and can be written anew."""
    if row.state == row.State.HELD:
        return True
    settled = row.state in (row.State.DONE, row.State.FAILED, row.State.DROPPED)
    # Whose reader has been forgotten goes to nobody.
    return settled and row.recipient != "" and _can_write(row)


def send_again(row: Message, *, by: User) -> Message | None:
    """Queue a mail of the same kind about the same record, to be written as things
    are when it leaves. Returns it; None if one waits already. One that is on hold
    leaves itself.

    Raises ValueError unless `can_send_again`.
    """
    with transaction.atomic():
        row = Message.objects.select_for_update().get(pk=row.pk)
        if not can_send_again(row):
            raise ValueError(f"message {row.pk} cannot be sent again")
        if row.state == row.State.HELD:
            release(Message.objects.filter(pk=row.pk), by=by)
            return row
        same = Message.objects.filter(
            kind=row.kind, about=row.about, recipient=row.recipient
        )
        if same.unsettled().exists():
            return None
        fresh = Message(
            kind=row.kind,
            about=row.about,
            recipient=row.recipient,
            language=row.language,
            order_key=row.order_key,
            again=True,
        )
        queue([fresh])
        log(row, "messages.send_again", user=by)
        return Message.objects.get(message_id=fresh.message_id)


def release(rows: MessageQuerySet, *, by: User) -> int:
    """Let those of `rows` leave that are on hold. Returns how many."""
    with transaction.atomic():
        held = list(rows.held().select_for_update().order_by("pk").defer("mime"))
        Message.objects.filter(pk__in=[row.pk for row in held]).update(
            state=Message.State.QUEUED, next_try=timezone.now(), settled=None
        )
        for row in held:
            log(row, "messages.send_again", user=by)
        if held:
            tasks.wake()
    return len(held)


def put_aside(row: Message, *, by: User) -> bool:
    """Say that nothing is to be done about `row`, which failed or is on hold. Returns
    False if it is neither, or was put aside already."""
    return bool(put_all_aside(Message.objects.filter(pk=row.pk), by=by))


def put_all_aside(rows: MessageQuerySet, *, by: User) -> int:
    """Say that nothing is to be done about those of `rows` that failed or are on
    hold. Returns how many."""
    with transaction.atomic():
        waiting = rows.filter(state__in=(Message.State.FAILED, Message.State.HELD))
        found = list(waiting.select_for_update().order_by("pk").defer("mime"))
        Message.objects.filter(pk__in=[row.pk for row in found]).update(
            state=Message.State.DROPPED
        )
        for row in found:
            log(row, "messages.put_aside", user=by)
    return len(found)


def drop(rows: MessageQuerySet, reason: str, *, even_parting: bool = False) -> int:
    """Have those of `rows` that wait never leave, for a `reason` that the staff read.
    Kinds that an address needs in order to be forgotten stay, and what is leaving
    right now, unless `even_parting`. Returns how many."""
    if not even_parting:
        rows = rows.filter(state__in=Message.WAITING).exclude(kind__in=parting())
    return rows.unsettled().update(
        state=Message.State.DROPPED,
        error=reason,
        settled=timezone.now(),
        subject="",
        mime=None,
        lease_until=None,
    )


def _can_write(row: Message) -> bool:
    try:
        return kind_of(row).render is not None
    except KeyError:
        return False


def _hold_back(dedupe_keys: set[str]) -> None:
    """Keep the rows that wait with these keys from leaving until the caller's
    transaction ends. A worker that claimed one now would write it without seeing
    the change, and no other row would tell of it."""
    waiting = Message.objects.filter(
        dedupe_key__in=dedupe_keys, state=Message.State.QUEUED
    )
    list(waiting.select_for_update().order_by("pk").values_list("pk"))


def send_due(limit: int) -> int:
    """Send at most `limit` messages that are due by each transport, over one
    connection."""
    return sum(_send_by(transport, rows, limit) for rows, transport in lanes())


def _send_by(transport: Transport, rows: Q, limit: int) -> int:
    with closing(transport):
        return run_due(Message, lambda row: _try(row, transport), limit, among=rows)


def _try(row: Message, transport: Transport) -> None:
    """As `_send`, and note whether the far side is there, and the reader too."""
    try:
        _send(row, transport)
    except NobodyThere as refused:
        suppressions.suppress(row, Suppression.Reason.BOUNCED, str(refused))
        raise
    except Away:
        beat(NO_MAIL_SERVER)
        raise
    except Transient:
        beat(MAIL_SERVER)
        raise
    beat(MAIL_SERVER)


def _send(row: Message, transport: Transport) -> None:
    # Before the text is written: it does not grow old while the server is away.
    transport.open()
    if name := transport.send(_written(row), row.recipient):
        row.note(provider_id=name[:255])


def _written(row: Message) -> bytes:
    """The mail of `row` in octets, written now unless an earlier attempt did.

    What was written is committed before it leaves: a worker that dies after the
    server's 250 has the next one send the same Message-ID and SEQUENCE.
    """
    kind = kind_of(row)
    with transaction.atomic():
        held = Message.objects.select_for_update().get(pk=row.pk)
        if held.attempts != row.attempts or held.state != row.state:
            raise Pointless("Another worker has taken it over.")
        if reason := kind.pointless(held):
            raise Pointless(reason)
        # Not dropped: its reader is still to be told, once mail arrives there.
        if reason := suppressions.why_not(held.recipient, kind):
            raise Permanent(reason)
        if held.mime is None:
            if kind.render is None:
                raise Permanent("Its text is gone.")
            mail = kind.render(held)
            mail.extra_headers["Message-ID"] = held.message_id
            held.subject = mail.subject[:500]
            held.mime = mail.message().as_bytes(linesep="\r\n")
            held.save(update_fields=["subject", "mime"])
    return bytes(held.mime)
