"""Absolute addresses, for what leaves the house: mails and calendars.

A personal link proves who one is. Each purpose has a token of its own (192 random
bits), so that the one of the calendar, which is shared, can only join. They run out,
and new ones can be made (`registrations.renew_links`).
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from .models import (
    Follower,
    Guest,
    Invitation,
    PersonalFeed,
    Registration,
    Session,
    Substitution,
)

# After the session people still look up what they had; nothing can be done any more.
LINKS_KEPT = timedelta(days=30)


def have_run_out(session: Session) -> bool:
    """Whether the personal links to `session` no longer lead anywhere. What was put
    off without a date is still to come."""
    if session.state == Session.State.POSTPONED:
        return False
    return session.ends + LINKS_KEPT < timezone.now()


def absolute(path: str) -> str:
    """`path` of this site with its scheme and host."""
    return settings.SITE_URL.rstrip("/") + path


def session_link(session: Session) -> str:
    """The session's page, in the reader's language."""
    return absolute(reverse("session", args=[session.code]))


def join_link(invitation: Invitation) -> str:
    """The person's own door to the meeting. It can only join."""
    return absolute(reverse("join", args=[invitation.join_token]))


def guest_link(guest: Guest) -> str:
    """The same for an appointment; "" if nobody meets online."""
    if not guest.appointment.is_online:
        return ""
    return absolute(reverse("join", args=[guest.join_token]))


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


def substitution_link(substitution: Substitution) -> str:
    """Where a colleague says whether they go instead; a button answers it."""
    return absolute(reverse("substitution", args=[substitution.token]))


def following_link(follower: Follower) -> str:
    """Where an address confirms that it follows a series, and where it leaves."""
    return absolute(reverse("following", args=[follower.token]))


def feed_link(feed: PersonalFeed) -> str:
    """What a calendar program subscribes to. It can only be read."""
    return absolute(reverse("personal_feed", args=[feed.token]))
