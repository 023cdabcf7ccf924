"""Absolute addresses, for what leaves the house: mails and calendars."""

from django.conf import settings
from django.urls import reverse

from .models import Follower, Invitation, Registration, Session


def absolute(path: str) -> str:
    """`path` of this site with its scheme and host."""
    return settings.SITE_URL.rstrip("/") + path


def session_link(session: Session) -> str:
    """The session's page, in the reader's language."""
    return absolute(reverse("session", args=[session.code]))


def join_link(invitation: Invitation) -> str:
    """The person's own door to the meeting. It can only join."""
    return absolute(reverse("join", args=[invitation.join_token]))


def manage_link(registration: Registration) -> str:
    """The person's own page. It belongs in the body of a mail to the person, and
    never in a calendar entry, which is shared."""
    return absolute(reverse("my_registration", args=[registration.token]))


def cancel_link(registration: Registration) -> str:
    """The question whether to give up the place; a button answers it."""
    return absolute(reverse("cancel_registration", args=[registration.token]))


def not_me_link(registration: Registration) -> str:
    """The question whether somebody else had used the address."""
    return absolute(reverse("not_me", args=[registration.token]))


def following_link(follower: Follower) -> str:
    """Where an address confirms that it follows a series, and where it leaves."""
    return absolute(reverse("following", args=[follower.token]))
