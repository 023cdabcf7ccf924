"""Who acts for which body: giving it, changing it and ending it.

Each verb asks under a lock of the body whether it may be done, so that what two people
do at once comes one after the other. It holds from the next request on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.models import (
    LocalBody,
    Membership,
    MembershipInvitation,
    MembershipQuerySet,
    Role,
    User,
)
from community.privacy.addresses import of_address

from . import mails

CHANGE = "community.change_membership"

GIVEN = "community.membership_given"
ROLE_CHANGED = "community.membership_role"
ENDED = "community.membership_ended"

How = Membership.How
RANK = {Role.READER: 0, Role.TECHNICIAN: 1, Role.REPRESENTATIVE: 2}

# Nobody represents `body` any more.
left_alone = Signal()


def of(user: User | None) -> MembershipQuerySet:
    """For which bodies `user` may act now."""
    if user is None:
        return Membership.objects.none()
    return Membership.objects.active().filter(user=user).select_related("body")


def for_body(user: User | None, body: LocalBody) -> Membership | None:
    """By what `user` may act for `body` now."""
    return of(user).filter(body=body).first()


def may_manage(user: User | None, body: LocalBody) -> bool:
    """Whether `user` says who acts for `body`: its representatives and, of the staff,
    who may."""
    if user is None or not user.is_active:
        return False
    return (
        user.has_perm(CHANGE) or of(user).representatives().filter(body=body).exists()
    )


def is_last(membership: Membership) -> bool:
    """Whether nobody else represents the body."""
    others = Membership.objects.representatives().filter(body=membership.body_id)
    return membership.signs and not others.exclude(pk=membership.pk).exists()


@contextmanager
def locked(body: LocalBody) -> Iterator[None]:
    """What is done with the people of `body` comes one after the other."""
    with transaction.atomic():
        # What only points to the body need not wait.
        LocalBody.objects.select_for_update(no_key=True).get(pk=body.pk)
        yield


def give(
    address: str,
    body: LocalBody,
    role: str,
    how: How,
    *,
    name: str,
    language: str,
    by: User | None = None,
) -> Membership:
    """Have the reader of `address` act for `body`; who does already gets the `role`. It
    makes an account for who has none, with `name` and `language`. No mail is sent. Of
    a body that was merged into another, it is the other.

    Raises ValidationError if the account was closed.
    """
    body = body.merged_into or body
    with locked(body):
        user = _account(address, name, language)
        membership = Membership.objects.standing().filter(user=user, body=body).first()
        if membership is None:
            membership = Membership(user=user, body=body, role=role, how=how)
            membership.given_by = by
            membership.save()
            log(membership, GIVEN, user=by or user, data=_what(membership))
        elif membership.role != role:
            _set_role(membership, role, by or user)
    return membership


def change_role(membership: Membership, role: str, by: User) -> bool:
    """Give it another role, and tell whom it is of. Returns False if it has it, or has
    ended. Raises PermissionDenied."""
    with _standing(membership) as found:
        if not may_manage(by, membership.body):
            raise PermissionDenied
        if found is None or found.role == role:
            return False
        _set_role(found, role, by)
        if found.user_id != by.pk:
            mails.tell(mails.ROLE, found)
    return True


def end(membership: Membership, by: User) -> bool:
    """Have it act for the body no more, and tell whom it was of, unless she does so
    herself. Returns False if it had ended. Raises PermissionDenied."""
    with _standing(membership) as found:
        is_own = membership.user_id == by.pk
        if not is_own and not may_manage(by, membership.body):
            raise PermissionDenied
        if found is None:
            return False
        _end(found, by)
        if not is_own:
            mails.tell(mails.ENDED, found)
    return True


def end_all(user: User) -> None:
    """The account is no more: nobody acts by it."""
    with transaction.atomic():
        mine = Membership.objects.standing().filter(user=user)
        for membership in mine.order_by("body_id"):
            with _standing(membership) as found:
                if found:
                    _end(found, None)


@contextmanager
def _standing(membership: Membership) -> Iterator[Membership | None]:
    """It as it is now, its body locked; None if it has ended."""
    with locked(membership.body):
        rows = Membership.objects.standing().select_related("user", "body")
        yield rows.filter(pk=membership.pk).first()


def _account(address: str, name: str, language: str) -> User:
    known = of_address(User.objects.filter(erased=None), address)
    user = known.first()
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(address, name=name, language=language)
        except IntegrityError:  # Made just now, for another body.
            user = known.get()
    if not user.is_active:
        raise ValidationError(_("The account of this address was closed."))
    return user


def _set_role(membership: Membership, role: str, by: User) -> None:
    represented = membership.signs
    membership.role = role
    membership.save(update_fields=["role"])
    log(membership, ROLE_CHANGED, user=by, data=_what(membership))
    if represented:
        _represents_no_more(membership)


def _end(membership: Membership, by: User | None) -> None:
    membership.ended, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended", "ended_by"])
    log(membership, ENDED, user=by, data=_what(membership))
    if membership.signs:
        _represents_no_more(membership)


def _represents_no_more(membership: Membership) -> None:
    """Whom she has invited cannot come any more."""
    body = membership.body
    invited = MembershipInvitation.objects.filter(body=body, ended=None)
    invited.filter(by=membership.user_id).update(
        ended=timezone.now(), outcome=MembershipInvitation.Outcome.WITHDRAWN
    )
    if not Membership.objects.representatives().filter(body=body).exists():
        left_alone.send(sender=LocalBody, body=body)


def _what(membership: Membership) -> dict[str, object]:
    """What the log keeps. Numbers, no name."""
    return {
        "person": membership.user_id,
        "body": membership.body_id,
        "role": membership.role,
    }
