"""What is kept of who acts for a body, and what somebody is shown of it."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.models import Membership, MembershipInvitation, User
from community.privacy.addresses import of_address
from community.privacy.holders import Fact, Part, Record
from community.privacy.register import YEAR, Entry
from community.privacy.retention import PUBLIC_TASK

INVITATION_KEPT = timedelta(days=90)

ROLE = pgettext_lazy("a body", "Role")


def _ended(now: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(ended__lt=now - YEAR)


def _over(now: datetime) -> QuerySet[MembershipInvitation]:
    long_ago = now - INVITATION_KEPT
    return MembershipInvitation.objects.filter(
        Q(ended__lt=long_ago) | Q(ended=None, until__lt=long_ago)
    )


ENTRIES = (
    Entry(
        name="memberships",
        models=("community.Membership",),
        what=_("Who acts for which local body, in which role, since when and how"),
        purpose=_("To let the people of a body ask for things in its name"),
        basis=PUBLIC_TASK,
        term=YEAR,
        since=_("after it ends"),
        kept=_("Nothing"),
        rows=Membership.objects.all,
        due=_ended,
    ),
    Entry(
        name="membership invitations",
        models=("community.MembershipInvitation",),
        what=_("The address of whom a body asks to act for it, and the answer"),
        purpose=_("To have the people of a body bring in their colleagues"),
        basis=PUBLIC_TASK,
        term=INVITATION_KEPT,
        since=_("after the answer, or after it runs out"),
        kept=_("Nothing"),
        rows=MembershipInvitation.objects.all,
        due=_over,
    ),
)


def parts(address: str, account: User | None) -> list[Part]:
    """What is held of the reader of `address`, whose account it is."""
    rows = Membership.objects.filter(user=account) if account else []
    asked = of_address(MembershipInvitation.objects.select_related("body"), address)
    return [
        Part("memberships", _("For whom you act"), [_membership(row) for row in rows]),
        Part(
            "membership_invitations",
            _("For whom you were asked to act"),
            [_invitation(row) for row in asked],
        ),
    ]


def _membership(row: Membership) -> Record:
    return Record(
        [
            Fact("body", _("Local body"), row.body.name),
            Fact(
                "role",
                ROLE,
                row.role,
                row.get_role_display(),
            ),
            Fact("how", _("How"), row.how, row.get_how_display()),
            Fact("since", _("Since"), row.since),
            Fact("until", _("Until"), row.ended),
        ],
        title=row.body.name,
    )


def _invitation(row: MembershipInvitation) -> Record:
    return Record(
        [
            Fact("body", _("Local body"), row.body.name),
            Fact(
                "role",
                ROLE,
                row.role,
                row.get_role_display(),
            ),
            Fact("sent", _("Sent on"), row.created),
            Fact("good_until", _("Good until"), row.until),
            Fact("outcome", _("Outcome"), row.outcome, row.get_outcome_display()),
        ],
        title=row.body.name,
    )
