"""Addresses to which nothing is sent: mail to them comes back, or their reader has
complained.

What marks one is always tied to a mail of ours that it is about. What is queued stays
queued, and fails with these words when its turn comes (`outbox`), so lifting is enough
to have mail leave again.
"""

import re

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.log_actions import log

from community.models import User
from community.running.logs import redact

from .kinds import Kind
from .models import Message, Suppression

Reason = Suppression.Reason

# Sent with `suppression` when an address is marked that was not.
suppressed = Signal()

SUPPRESSED = "messages.suppressed"
LIFTED = "messages.lifted"
REACHED = "messages.reached"

# What a server says where nobody will ever read it (RFC 3463, 3.2 to 3.5). A full
# mailbox (5.2.2), a filter (5.7) or a size (5.3.4) are about one mail. 5.4.1 is how
# Exchange Online says that it knows no such person, 5.4.4 how Postfix says that there
# is no such domain.
NOBODY_THERE = frozenset(
    "5.1.1 5.1.2 5.1.3 5.1.6 5.1.10 5.2.1 5.4.1 5.4.4".split()  # noqa: SIM905
)
# At the beginning, after the reply code (RFC 2034, 4): further on it may be anything.
STATUS = re.compile(
    r"^\W*(?:smtp;)?\W*(?:\d{3}\b\W*)?([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)", re.IGNORECASE
)
# The reply code alone, for now (RFC 5321, 4.2.1).
FOR_NOW = re.compile(r"^\W*(?:smtp;)?\W*4\d\d\b", re.IGNORECASE)


def status_in(words: str) -> str:
    """The status that a server's `words` name, such as "5.1.1"; "4.0.0" if they only
    say that it is for now, "" if they say neither."""
    if found := STATUS.search(words):
        return found[1]
    return "4.0.0" if FOR_NOW.search(words) else ""


def says_nobody_is_there(words: str) -> bool:
    """Whether a server's `words` mean that mail to the address will never arrive."""
    return status_in(words) in NOBODY_THERE


def suppression_of(address: str) -> Suppression | None:
    """Why nothing is sent to `address`; None if it is written to."""
    return Suppression.objects.current().of(address).first()


def why_not(address: str, kind: Kind) -> str:
    """Why a mail of `kind` does not leave for `address`, for the staff; "" if it does.

    What somebody has just asked for leaves all the same: whoever has mended the
    mailbox gets in, and shows by it that mail arrives. And who complained still has
    taken out of the calendar what we put into it.
    """
    if kind.urgent:
        return ""
    held = suppression_of(address)
    if held is None or (kind.parting and held.reason == Reason.COMPLAINED):
        return ""
    if held.reason == Reason.COMPLAINED:
        return gettext("The reader of this address reported our mail as unwanted.")
    return gettext("Mail to this address comes back.")


def suppress(row: Message, reason: Reason, words: str) -> Suppression | None:
    """Send nothing more to the reader of `row`, whose mail server said `words`, until
    somebody lifts it. A complaint outranks a bounce; the same said again changes
    nothing. None if it was known, and lifted, after `row` had left.
    """
    with transaction.atomic():
        if _was_lifted_since(row, reason):
            return None
        held, is_new = _held_or_new(row, reason, redact(words)[:500])
        if is_new:
            log(held, SUPPRESSED)
            suppressed.send(Suppression, suppression=held)
        elif reason == Reason.COMPLAINED and held.reason != reason:
            held.reason, held.words = reason, redact(words)[:500]
            held.save(update_fields=["reason", "words"])
            log(held, SUPPRESSED)
    return held


def came_back(row: Message, words: str) -> bool:
    """Note that `row`, which had left, did not arrive. False if that is known."""
    left = Message.objects.filter(pk=row.pk, state=Message.State.DONE)
    error = gettext("It came back: %(words)s") % {"words": redact(words)}
    return bool(left.update(state=Message.State.FAILED, error=error[:500]))


def lift(suppression: Suppression, *, by: User, reason: str) -> bool:
    """Write to the address again, for a `reason` that its history keeps. False if that
    was so already."""
    return _lift(suppression, LIFTED, by=by, reason=reason)


def reached(address: str) -> bool:
    """Note that somebody has used what we sent to `address`: mail arrives there. A
    complaint stays. False if nothing was held against it, or more than that."""
    held = suppression_of(address)
    if held is None or held.reason != Reason.BOUNCED:
        return False
    return _lift(held, REACHED)


def _lift(
    suppression: Suppression, action: str, *, by: User | None = None, reason: str = ""
) -> bool:
    with transaction.atomic():
        current = Suppression.objects.current().filter(pk=suppression.pk)
        if not current.update(lifted=timezone.now()):
            return False
        log(suppression, action, user=by, data={"reason": reason} if reason else {})
    return True


def _was_lifted_since(row: Message, reason: Reason) -> bool:
    """Whether `reason`, or a worse one, was held against the address and lifted after
    `row` had left. A report may come days late, and more than once."""
    left = row.settled or timezone.now()
    known = Q(reason=reason) | Q(reason=Reason.COMPLAINED)
    lifted = Suppression.objects.of(row.recipient).filter(known, lifted__gte=left)
    return lifted.exists()


def _held_or_new(row: Message, reason: Reason, words: str) -> tuple[Suppression, bool]:
    current = Suppression.objects.current().of(row.recipient).select_for_update()
    if held := current.first():
        return held, False
    try:
        with transaction.atomic():
            made = Suppression(email=row.recipient, reason=reason, words=words)
            made.save(force_insert=True)
            return made, True
    except IntegrityError:
        # Somebody else has just said the same.
        return current.get(), False
