"""Leaving: an address asks to be forgotten (GDPR, art. 17)."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from community.messages import outbox
from community.messages.models import Message, MessageQuerySet

from . import accounts, holders
from .addresses import of_address
from .mails import FAREWELL
from .models import Departure

logger = logging.getLogger(__name__)

# A mail server may be away for a day; the law gives a month (GDPR, art. 12.3).
PATIENCE = timedelta(days=3)

LEFT = "The address has left."


def foresee(address: str) -> list[str]:
    """What `address` loses by leaving, a sentence each."""
    return [words for holder in holders.holders() for words in holder.foresee(address)]


def leave(address: str, *, language: str) -> Departure:
    """Have `address` forgotten: places to come are given up and what waits to be
    sent to it is dropped now, the rest is erased once the last mail has left. Asking
    again while that is under way changes nothing but what came since.

    Raises ValidationError if it is the last account that may do everything.
    """
    with transaction.atomic():
        if user := accounts.account_of(address):
            accounts.check_can_leave(user)
        departure, new = _of(address)
        outbox.drop(mails_to(address), LEFT)
        for holder in holders.holders():
            holder.give_up(address)
        if new:
            farewell = Message(kind=FAREWELL.name, recipient=address, language=language)
            outbox.queue([farewell])
        # After all that was written of the address until now.
        departure.created = timezone.now()
        departure.save(update_fields=["created"])
    return departure


def _of(address: str) -> tuple[Departure, bool]:
    """The departure of `address` that is under way, and whether it is a new one.
    Its row keeps two that ask at once one after the other."""
    pending = of_address(Departure.objects.filter(finished=None), address)
    try:
        with transaction.atomic():
            moment = timezone.now()
            return Departure.objects.create(email=address, created=moment), True
    except IntegrityError:
        return pending.select_for_update().get(), False


def complete_due(limit: int) -> int:
    """Forget at most `limit` addresses that left and have had their last mail;
    returns how many. One that cannot be forgotten does not hold up the others."""
    pending = Departure.objects.filter(finished=None).order_by("pk")
    ready = [departure for departure in pending[:limit] if _is_ready(departure)]
    return sum(_completed(departure) for departure in ready)


def mails_to(address: str) -> MessageQuerySet:
    """The mails to `address` that have not come to their end."""
    return of_address(Message.objects.unsettled(), address, "recipient")


def _is_ready(departure: Departure) -> bool:
    waited = timezone.now() - departure.created
    return waited > PATIENCE or not mails_to(departure.email).exists()


def _completed(departure: Departure) -> bool:
    try:
        _complete(departure)
    except Exception as fault:  # noqa: BLE001 — the others have asked too
        # Only the kind of fault: its words may hold personal data.
        logger.error("Departure %s: %s", departure.pk, type(fault).__name__)
        return False
    return True


def _complete(departure: Departure) -> None:
    with transaction.atomic():
        held = Departure.objects.select_for_update().get(pk=departure.pk)
        if held.finished:
            return
        outbox.drop(mails_to(held.email), LEFT, even_parting=True)
        for holder in holders.holders():
            holder.erase(held.email, held.created)
        held.email = ""
        held.finished = timezone.now()
        held.save(update_fields=["email", "finished"])
