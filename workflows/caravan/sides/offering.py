"""Offering to be rapporteur: one offer of each person for each of her bodies.

Each verb holds the lock of the body's people, and asks there whether who offers still
acts for it.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.acting import memberships
from community.models import LocalBody, Membership, User
from workflows.caravan import parties
from workflows.caravan.models import Offer, Pairing


def offer(body: LocalBody, by: User, said: dict[str, Any]) -> Offer:
    """Have `by` offer to tell of others for `body`, or change what she has offered:
    `said` are columns of `Offer`. Raises PermissionDenied."""
    with memberships.locked(body):
        mine = _checked(by, body)
        row = parties.offer_of(mine) or Offer(body=body, user=by)
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
        return row


def withdraw(body: LocalBody, by: User) -> bool:
    """She offers it no more, and is asked for no other stop; those that she has
    accepted go on. Returns False if she had not offered it."""
    with memberships.locked(body):
        rows = Offer.objects.standing().filter(body=body, user=by)
        return rows.update(withdrawn=timezone.now()) > 0


def going_on(offer: Offer | None) -> bool:
    """Whether there is a stop of which she is, or is asked to be, the rapporteur."""
    return Pairing.objects.under_way().filter(offer=offer).exists()


def _checked(by: User, body: LocalBody) -> Membership:
    mine = memberships.for_body(by, body)
    if mine is None or not parties.may_write(mine):
        raise PermissionDenied
    return mine
