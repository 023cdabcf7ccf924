"""People support what others have proposed: one each, however often they press."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from community.acting import memberships
from community.models import User

from .models import Proposal, Support


@transaction.atomic
def support(
    proposal: Proposal, user: User, *, shares: bool = False, experience: str = ""
) -> bool:
    """Count `user` among those who want it; `shares` if she could tell the others how
    it was done at her place, and `experience` what. Returns False if she is counted
    already, and says only that anew. Raises ValidationError once it is closed."""
    found = locked(proposal)
    if not found.can_be_supported:
        raise ValidationError(_("It is closed: it takes no support any more."))
    mine = memberships.of(user).order_by("pk").first()
    offered = {"shares": shares, "experience": experience if shares else ""}
    _row, is_new = Support.objects.update_or_create(
        proposal=found,
        user=user,
        defaults=offered,
        create_defaults={**offered, "body": mine.body if mine else None},
    )
    recount(found)
    return is_new


@transaction.atomic
def leave(proposal: Proposal, user: User) -> bool:
    """Count `user` no more. Returns False if she was not counted."""
    found = locked(proposal)
    gone, _rows = found.supports.filter(user=user).delete()
    recount(found)
    return bool(gone)


@transaction.atomic
def offer(proposal: Proposal, user: User, experience: str) -> bool:
    """`user`, who supports it, could tell the others how it was done at her place.
    Returns False if she does not support it. Raises ValidationError once a session has
    treated it, or it is closed."""
    found = locked(proposal)
    if not found.takes_offers:
        raise ValidationError(_("It is closed: nobody looks for who could tell more."))
    mine = found.supports.filter(user=user)
    return bool(mine.update(shares=True, experience=experience))


@transaction.atomic
def withdraw_offer(proposal: Proposal, user: User) -> bool:
    """`user` would tell the others no more. Returns False if she had not offered it."""
    offers = locked(proposal).supports.filter(user=user, shares=True)
    return bool(offers.update(shares=False, experience=""))


def tell(support: Support, *, told: bool) -> None:
    """Have mails tell its person what becomes of the proposal, or not any more."""
    Support.objects.filter(pk=support.pk).update(told=told)


def hand_on(proposal: Proposal, into: Proposal) -> None:
    """Those who support `proposal` support `into`, with what they offer; both are
    locked."""
    there = into.supports.values("user")
    for both in proposal.supports.filter(user__in=there, shares=True):
        silent = into.supports.filter(user=both.user_id, shares=False)
        silent.update(shares=True, experience=both.experience)
    proposal.supports.exclude(user__in=there).update(proposal=into)
    recount(proposal)
    recount(into)


def recount(proposal: Proposal) -> None:
    """Write how many support it, and of how many bodies; it is locked."""
    rows = proposal.supports.all()
    proposal.supporters = rows.count()
    proposal.bodies = rows.exclude(body=None).values("body").distinct().count()
    # Not `save`: no word changes, so nothing is indexed again.
    Proposal.objects.filter(pk=proposal.pk).update(
        supporters=proposal.supporters, bodies=proposal.bodies
    )


def locked(proposal: Proposal) -> Proposal:
    """It as it is now, locked until the end of the transaction."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=proposal.pk)
