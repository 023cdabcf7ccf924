"""A body is merged into another, which goes on with its people and with all that names
it: what they registered for and asked, and what it signed. Its holidays stay its own.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import (
    BodyDomain,
    LocalBody,
    Membership,
    MembershipInvitation,
    User,
)
from community.privacy.addresses import of_address

from .memberships import RANK, Role

MERGED = "community.body_merged"

# `body` goes on as `into`: each room has its own rows name the other, in the
# transaction of the merger.
merging = Signal()


@dataclass
class Outcome:
    """What a merger did, or would do: the memberships that move, those that become one
    with what the person had, the domains and the invitations that move."""

    moved: list[Membership] = field(default_factory=list)
    joined: list[Membership] = field(default_factory=list)
    domains: list[BodyDomain] = field(default_factory=list)
    invitations: list[MembershipInvitation] = field(default_factory=list)


def merge(
    body: LocalBody, into: LocalBody, *, by: User, dry_run: bool = False
) -> Outcome:
    """Have `into` go on with what `body` was, which is chosen no more. A person of both
    keeps the higher role. With `dry_run` nothing is written. Raises ValidationError."""
    with transaction.atomic():
        # In one order: two mergers at once wait for each other.
        pair = LocalBody.objects.select_for_update(no_key=True).order_by("pk")
        found = {row.pk: row for row in pair.filter(pk__in=[body.pk, into.pk])}
        body, into = found[body.pk], found[into.pk]
        _check(body, into)
        outcome = Outcome()
        _people(body, into, outcome, by)
        _domains(body, into, outcome)
        _invitations(body, into, outcome)
        _family(body, into)
        merging.send(sender=LocalBody, body=body, into=into)
        body.merged_into = into
        body.save(update_fields=["merged_into"])
        log(body, MERGED, user=by, data={"into": into.pk})
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _check(body: LocalBody, into: LocalBody) -> None:
    if body == into:
        raise ValidationError(_("A body is not merged into itself."))
    for one in (body, into):
        if one.merged_into_id:
            words = _("“%(name)s” was merged into another already.")
            raise ValidationError(words, params={"name": one.name})


def _family(body: LocalBody, into: LocalBody) -> None:
    """What belongs to it, and what was merged into it before."""
    if into.parent_id == body.pk:
        into.parent_id = None if body.parent_id == into.pk else body.parent_id
        into.save(update_fields=["parent"])
    body.children.update(parent=into)
    body.merged.update(merged_into=into)


def _people(body: LocalBody, into: LocalBody, outcome: Outcome, by: User) -> None:
    there = {row.user_id: row for row in into.memberships.filter(ended=None)}
    for row in body.memberships.filter(ended=None).select_related("user"):
        other = there.get(row.user_id)
        if other is None:
            row.body = into
            row.save(update_fields=["body"])
            outcome.moved.append(row)
            continue
        other.role = max(row.role, other.role, key=lambda role: RANK[Role(role)])
        other.save(update_fields=["role"])
        row.ended, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended", "ended_by"])
        outcome.joined.append(row)


def _domains(body: LocalBody, into: LocalBody, outcome: Outcome) -> None:
    known = set(into.domains.values_list("domain", flat=True))
    for row in body.domains.all():
        if row.domain in known:
            row.delete()
        else:
            row.body = into
            row.save(update_fields=["body"])
            outcome.domains.append(row)


def _invitations(body: LocalBody, into: LocalBody, outcome: Outcome) -> None:
    there = into.membership_invitations.filter(ended=None)
    for row in body.membership_invitations.filter(ended=None):
        if of_address(there, row.email).exists():
            row.ended = timezone.now()
            row.outcome = MembershipInvitation.Outcome.WITHDRAWN
        else:
            row.body = into
            outcome.invitations.append(row)
        row.save(update_fields=["ended", "outcome", "body"])
