"""What we write to those who act for a body."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from community.days import day_in_words
from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.models import (
    LocalBody,
    Membership,
    MembershipInvitation,
    Message,
    Role,
)

BEGUN = "membership_begun"
ROLE = "membership_role"
ENDED = "membership_ended"
JOINED = "membership_joined"
INVITED = "membership_invited"


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the reader's language: what happened, and the button with
    where it leads."""

    subject: str
    heading: str
    text: str
    button: str
    link: str


def tell(kind: str, membership: Membership) -> None:
    """Queue a mail of `kind` to whose `membership` it is."""
    _queue(kind, membership.pk, [membership])


def tell_representatives(membership: Membership) -> None:
    """Queue a mail to those who represent the body: somebody has joined them."""
    others = Membership.objects.representatives().filter(body=membership.body_id)
    others = others.exclude(user=membership.user_id).select_related("user")
    _queue(JOINED, membership.pk, others)


def _queue(kind: str, about: int, to: list[Membership]) -> None:
    outbox.queue(
        Message(
            kind=kind,
            about=about,
            recipient=row.user.email,
            language=row.user.language,
        )
        for row in to
    )


def may(role: str) -> str:
    """What somebody with `role` may do, in a sentence."""
    return {
        Role.REPRESENTATIVE: _(
            "You sign for it, and say who else acts for it and in which role."
        ),
        Role.TECHNICIAN: _(
            "You draft what it asks for and follow it; a representative signs."
        ),
        Role.READER: _("You see what it has asked for, and how it goes."),
    }[Role(role)]


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def people_link(body: LocalBody) -> str:
    """Where its people see who acts for it."""
    return absolute(reverse("body_people", args=[body.code]))


def _names(membership: Membership) -> dict[str, str]:
    return {
        "body": membership.body.name,
        "role": membership.get_role_display(),
        "person": str(membership.user),
        "email": membership.user.email,
    }


def _begun(membership: Membership) -> Letter:
    names = _names(membership)
    return Letter(
        subject=_("You act for %(body)s now") % names,
        heading=_("You act for %(body)s now") % names,
        text=_("You are its %(role)s.") % names
        + " "
        + may(membership.role)
        + " "
        + _("You sign in with this address: we send you a code each time."),
        button=_("See who acts for it"),
        link=people_link(membership.body),
    )


def _role(membership: Membership) -> Letter:
    names = _names(membership)
    return Letter(
        subject=_("You have another role in %(body)s") % names,
        heading=_("You have another role"),
        text=_("From now on you are %(role)s of %(body)s.") % names
        + " "
        + may(membership.role),
        button=_("See who acts for it"),
        link=people_link(membership.body),
    )


def _ended(membership: Membership) -> Letter:
    names = _names(membership)
    return Letter(
        subject=_("You do not act for %(body)s any more") % names,
        heading=_("You do not act for %(body)s any more") % names,
        text=_(
            "Somebody who says who acts for it has ended it. If you think that it is a "
            "mistake, talk to its representatives. What you registered for stays yours."
        ),
        button=_("See for which bodies you act"),
        link=absolute(reverse("my_bodies")),
    )


def _joined(membership: Membership) -> Letter:
    names = _names(membership)
    words = _("%(person)s (%(email)s) acts for %(body)s now, as %(role)s.")
    return Letter(
        subject=_("Somebody else acts for %(body)s now") % names,
        heading=_("Somebody else acts for %(body)s now") % names,
        text=words % names
        + " "
        + _("If you do not know this person, end it on the page of its people."),
        button=_("See who acts for it"),
        link=people_link(membership.body),
    )


def _invited(invitation: MembershipInvitation) -> Letter:
    names = {
        "body": invitation.body.name,
        "role": invitation.get_role_display(),
        "person": str(invitation.by),
        "day": day_in_words(invitation.until),
    }
    return Letter(
        subject=_("Do you act for %(body)s with us?") % names,
        heading=_("You are asked to act for %(body)s") % names,
        text=_("%(person)s asks you to be its %(role)s.") % names
        + " "
        + may(invitation.role)
        + " "
        + _("You can say so until %(day)s; the link is for you alone.") % names,
        button=_("See what it is, and answer"),
        link=absolute(reverse("membership_invitation", args=[invitation.token])),
    )


def write(row: Message, letter: Letter) -> EmailMultiAlternatives:
    """The mail `row` that says `letter`."""
    return compose(
        "membership",
        recipient=row.recipient,
        language=row.language,
        context={"letter": letter},
    )


def preview(kind: str, membership: Membership) -> EmailMultiAlternatives:
    """The mail of `kind` as whose `membership` it is would read it."""
    user = membership.user
    row = Message(kind=kind, recipient=user.email, language=user.language)
    with override(row.language):
        return write(row, _words[kind](membership))


def _of_membership(words: Callable[[Membership], Letter]) -> Callable:
    def render(row: Message) -> EmailMultiAlternatives:
        rows = Membership.objects.select_related("user", "body")
        with override(row.language):
            return write(row, words(rows.get(pk=row.about or 0)))

    return render


def _invite(row: Message) -> EmailMultiAlternatives:
    rows = MembershipInvitation.objects.select_related("body", "by")
    with override(row.language):
        return write(row, _invited(rows.get(pk=row.about or 0)))


def _has_ended(row: Message) -> str:
    standing = Membership.objects.standing().filter(pk=row.about or 0)
    return "" if standing.exists() else "It has ended since."


def _is_gone(row: Message) -> str:
    there = Membership.objects.filter(pk=row.about or 0, user__erased=None)
    return "" if there.exists() else "The account was erased."


def _is_over(row: Message) -> str:
    asked = MembershipInvitation.objects.open().filter(pk=row.about or 0)
    return "" if asked.exists() else "The invitation is over."


_words = {BEGUN: _begun, ROLE: _role, ENDED: _ended, JOINED: _joined}


def register_all() -> None:
    """At start-up."""
    for name, label, pointless in (
        (BEGUN, gettext_lazy("Acts for a body"), _has_ended),
        (ROLE, gettext_lazy("Another role in a body"), _has_ended),
        (ENDED, gettext_lazy("Acts for a body no more"), _is_gone),
        (JOINED, gettext_lazy("Somebody else acts for the body"), _has_ended),
    ):
        kinds.register(Kind(name, label, _of_membership(_words[name]), pointless))
    label = gettext_lazy("Invitation to act for a body")
    kinds.register(Kind(INVITED, label, _invite, _is_over, secret=True))
