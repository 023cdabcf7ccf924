"""What the provider of our mail says became of it (Anymail's tracking events).

The door asks for the secret (`webhooks`); what comes in is believed of mails of ours
alone, and may come late, twice or not at all.
"""

import re
from datetime import timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db.models import Q
from django.utils import timezone

from . import suppressions
from .models import Message, Suppression

Reason = Suppression.Reason

# Of a mail that went through its mail server a provider may say only to whom it went.
LATELY = timedelta(days=30)
UNWANTED = (RejectReason.SPAM, RejectReason.UNSUBSCRIBED)
GONE = (RejectReason.BOUNCED, RejectReason.INVALID)
# Some report what is for now as a bounce, and say so in their own type of it.
SOFT = re.compile("soft|transient|blocked|expired", re.IGNORECASE)


def take(event: AnymailTrackingEvent, **_signal: Any) -> None:
    """Mark the address, and the mail, that did not get through; leave alone what is
    not about a mail of ours."""
    if not _is_bad(event) or not event.recipient:
        return
    row, is_this = _mail(event)
    if row is None:
        return
    words = event.mta_response or event.description or ""
    if _is_complaint(event):
        suppressions.suppress(row, Reason.COMPLAINED, words)
        return
    if is_this:
        suppressions.came_back(row, words)
    if _is_for_good(event, words):
        suppressions.suppress(row, Reason.BOUNCED, words)


def _is_bad(event: AnymailTrackingEvent) -> bool:
    return _is_complaint(event) or event.event_type in (
        EventType.BOUNCED,
        EventType.REJECTED,
    )


def _is_complaint(event: AnymailTrackingEvent) -> bool:
    if event.event_type == EventType.REJECTED:
        return event.reject_reason in UNWANTED
    return event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED)


def _is_for_good(event: AnymailTrackingEvent, words: str) -> bool:
    if _is_soft(event):
        return False
    if suppressions.status_in(words):
        return suppressions.says_nobody_is_there(words)
    if event.event_type == EventType.BOUNCED and event.reject_reason is None:
        return True
    return event.reject_reason in GONE


def _is_soft(event: AnymailTrackingEvent) -> bool:
    if SOFT.match(event.description or ""):
        return True
    raw = event.esp_event if hasattr(event.esp_event, "get") else {}
    return any(SOFT.search(str(raw.get(name))) for name in ("event", "type", "Type"))


def _mail(event: AnymailTrackingEvent) -> tuple[Message | None, bool]:
    """The mail that `event` is about, and whether it is this very one; or else the
    latest that left for that reader."""
    if (name := event.message_id) and (named := _called(name)):
        same = named.recipient.lower() == event.recipient.lower()
        return (named if same else None), same
    lately = timezone.now() - LATELY
    left = Message.objects.filter(state=Message.State.DONE, settled__gt=lately)
    unnamed = left.filter(provider_id="").to(event.recipient)
    return unnamed.order_by("-pk").first(), False


def _called(name: str) -> Message | None:
    return Message.objects.filter(Q(message_id=name) | Q(provider_id=name)).first()
