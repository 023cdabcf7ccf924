"""A registration's calendar entry, in the language that is active."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import calendar, links
from .models import (
    Appointment,
    Guest,
    Invitation,
    Mode,
    PersonalFeed,
    Registration,
    Session,
)

# How often a program that subscribes should ask again; Google takes its own time.
REFRESH = timedelta(hours=6)


def request(registration: Registration, invitation: Invitation) -> bytes:
    """The iTIP REQUEST that invites, or moves what was there."""
    event = _event(registration, invitation)
    return calendar.request(event, _organizer(), _attendee(registration))


def cancel(registration: Registration, invitation: Invitation) -> bytes:
    """The iTIP CANCEL that takes the entry away."""
    event = _event(registration, invitation)
    return calendar.cancel(event, _organizer(), _attendee(registration))


def of_guest(guest: Guest, page: str) -> bytes:
    """What the calendar of `guest` is to hold: the iTIP REQUEST that invites or moves
    or, if it does not hold any more, the CANCEL. `page` tells her more."""
    appointment = guest.appointment
    door = links.guest_link(guest)
    known = _appointment(appointment, page)
    lines = [
        _("Join with your own link: %(link)s") % {"link": door} if door else "",
        known.description,
    ]
    event = replace(
        known,
        uid=guest.uid,
        description="\n\n".join(filter(None, lines)),
        location=str(appointment.place) or door,
        stamp=timezone.now(),
        last_modified=None,
        sequence=guest.sequence or 0,
        conference_url=door or None,
    )
    person = calendar.Person(guest.user.name, guest.user.email)
    write = calendar.request if guest.stands else calendar.cancel
    return write(event, _organizer(), person)


def appointment(row: Appointment, page: str) -> bytes:
    """An appointment as a file to add to a calendar, without anybody's own link."""
    return calendar.single(_appointment(row, page))


def _appointment(row: Appointment, page: str) -> calendar.Event:
    return calendar.Event(
        uid=f"{row.uuid}@{settings.MAIL_DOMAIN}",
        starts=row.starts,
        ends=row.ends,
        summary=str(row.title),
        description=_("All about it: %(link)s") % {"link": page},
        location=str(row.place) or (_("Online") if row.is_online else ""),
        url=page,
        stamp=row.changed,
        last_modified=row.changed,
        sequence=row.revision,
        cancelled=not row.takes_place,
    )


def single(session: Session) -> bytes:
    """The session as a file to add to any calendar. It can be passed on: it has
    nobody's personal link."""
    return calendar.single(_public_event(session))


def feed(sessions: Iterable[Session], name: str, language: str) -> bytes:
    """`sessions` as a calendar to subscribe to, called `name`."""
    events = (_public_event(session) for session in sessions)
    return calendar.feed(events, name, REFRESH, language)


class Told(NamedTuple):
    """An appointment that everybody may know of: what they call it, and the page that
    tells of it."""

    appointment: Appointment
    title: str
    page: str


def feed_of_appointments(found: Iterable[Told], name: str, language: str) -> bytes:
    """`found` as a calendar to subscribe to, called `name`: nobody's link is in it."""
    events = (
        replace(_appointment(told.appointment, told.page), summary=told.title)
        for told in found
    )
    return calendar.feed(events, name, REFRESH, language)


def personal_feed(feed: PersonalFeed, places: Iterable[Registration]) -> bytes:
    """The sessions of `places` as the calendar that one person subscribes to."""
    events = (_event_of_ones_own(feed, place) for place in places)
    own = _("My sessions")
    name = f"{own} · {settings.SITE_NAME}"
    return calendar.feed(events, name, REFRESH, feed.language)


def _event_of_ones_own(feed: PersonalFeed, place: Registration) -> calendar.Event:
    """The session as it is for who has, or had, `place`.

    Its UID is not that of the invitation: a program that copies the entry into one's
    own calendar would overwrite the invitation there, and what we send later would
    find nothing. Nor has it the door to the meeting: who gets hold of the feed's
    address can read, and neither go in nor answer in somebody's name.
    """
    session = place.session
    known = _public_event(session)
    online = place.mode == Mode.ONLINE
    mine = links.absolute(reverse("my_registrations"))
    lines = [
        known.description,
        _("Go in, or give up your place: %(link)s") % {"link": mine},
    ]
    given = (invitation.created for invitation in place.invitations.all())
    stamp = max(session.changed, place.changed, *given)
    return replace(
        known,
        uid=f"{uuid.uuid5(session.uuid, str(feed.pk))}@{settings.MAIL_DOMAIN}",
        description="\n\n".join(lines),
        location=_("Online") if online else str(session.place),
        stamp=stamp,
        last_modified=stamp,
        cancelled=known.cancelled or not place.is_active,
    )


def _public_event(session: Session) -> calendar.Event:
    link = links.session_link(session)
    return calendar.Event(
        uid=f"{session.uuid}@{settings.MAIL_DOMAIN}",
        starts=session.starts,
        ends=session.ends,
        summary=str(session.title),
        description="\n\n".join(filter(None, [str(session.summary), link])),
        location=str(session.place) or _("Online"),
        url=link,
        # Not the moment of asking: who asks twice must get the same octets.
        stamp=session.changed,
        last_modified=session.changed,
        sequence=session.revision,
        cancelled=session.state in (Session.State.CANCELLED, Session.State.POSTPONED),
    )


def _event(registration: Registration, invitation: Invitation) -> calendar.Event:
    session = registration.session
    online = registration.mode == Mode.ONLINE
    door = links.join_link(invitation)
    page = links.session_link(session)
    lines = [
        str(session.summary),
        _("Join with your own link: %(link)s") % {"link": door} if online else "",
        _("All about the session: %(link)s") % {"link": page},
    ]
    return calendar.Event(
        uid=invitation.uid,
        starts=session.starts,
        ends=session.ends,
        summary=str(session.title),
        description="\n\n".join(filter(None, lines)),
        location=door if online else str(session.place),
        url=page,
        stamp=timezone.now(),
        sequence=invitation.sequence or 0,
        conference_url=door if online else None,
    )


def _organizer() -> calendar.Person:
    # The From of the mail: calendar programs distrust any other.
    return calendar.Person(settings.SITE_NAME, settings.ORGANISER_EMAIL)


def _attendee(registration: Registration) -> calendar.Person:
    return calendar.Person(registration.name, registration.email)
