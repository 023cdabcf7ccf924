"""Asking a colleague, by mail, to act for the same body."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.messages import outbox
from community.models import (
    LocalBody,
    Membership,
    MembershipInvitation,
    Message,
    Role,
    User,
)
from community.privacy.addresses import of_address

from . import mails, memberships

INVITED = "community.membership_invited"
WITHDRAWN = "community.membership_invitation_withdrawn"

# Time enough for somebody on holiday.
GOOD_FOR = timedelta(days=14)

Outcome = MembershipInvitation.Outcome


def invite(
    body: LocalBody, email: str, role: Role, *, language: str, by: User
) -> MembershipInvitation:
    """Ask the reader of `email` to act for `body`; whom it had asked already is asked
    anew. Raises PermissionDenied, and ValidationError if she does so anyway."""
    with memberships.locked(body):
        if not memberships.may_manage(by, body):
            raise PermissionDenied
        here = Membership.objects.active().filter(body=body)
        if of_address(here, email, "user__email").exists():
            raise ValidationError({"email": _("This person acts for it already.")})
        before = MembershipInvitation.objects.filter(body=body, ended=None)
        _close(of_address(before, email), Outcome.WITHDRAWN)
        invitation = MembershipInvitation.objects.create(
            body=body,
            email=email,
            role=role,
            language=language,
            by=by,
            until=timezone.now() + GOOD_FOR,
        )
        row = Message(
            kind=mails.INVITED,
            about=invitation.pk,
            recipient=email,
            language=language,
        )
        outbox.queue([row])
        log(invitation, INVITED, user=by, data={"body": body.pk, "role": role})
    return invitation


def open_to(address: str) -> list[MembershipInvitation]:
    """What the reader of `address` is asked."""
    found = of_address(MembershipInvitation.objects.open(), address)
    return list(found.select_related("body", "by"))


def accept(
    invitation: MembershipInvitation, *, name: str, language: str
) -> Membership | None:
    """Have its reader act for the body. Returns None if it is over. Raises
    ValidationError if the account of the address was closed."""
    with memberships.locked(invitation.body):
        invitation.refresh_from_db()
        if not is_open(invitation):
            return None
        membership = memberships.give(
            invitation.email,
            invitation.body,
            invitation.role,
            Membership.How.INVITED,
            name=name,
            language=language,
            by=invitation.by,
        )
        _close(_only(invitation), Outcome.ACCEPTED)
        mails.tell(mails.BEGUN, membership)
        mails.tell_representatives(membership)
    return membership


def is_open(invitation: MembershipInvitation) -> bool:
    """Whether it can be accepted: who invited may still do so."""
    if not invitation.is_open:
        return False
    return memberships.may_manage(invitation.by, invitation.body)


def decline(invitation: MembershipInvitation) -> bool:
    """Its reader does not want to. Returns False if it is over."""
    with memberships.locked(invitation.body):
        return _close(_only(invitation), Outcome.DECLINED)


def withdraw(invitation: MembershipInvitation, by: User) -> bool:
    """Ask her no more. Returns False if it is over. Raises PermissionDenied."""
    with memberships.locked(invitation.body):
        if not memberships.may_manage(by, invitation.body):
            raise PermissionDenied
        closed = _close(_only(invitation), Outcome.WITHDRAWN)
        if closed:
            log(invitation, WITHDRAWN, user=by)
    return closed


def _only(invitation: MembershipInvitation):
    return MembershipInvitation.objects.filter(pk=invitation.pk)


def _close(rows, outcome: Outcome) -> bool:
    return bool(rows.filter(ended=None).update(ended=timezone.now(), outcome=outcome))
