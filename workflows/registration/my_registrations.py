"""Everything that somebody has registered for, and their own calendar of it, for
whoever has shown that the address is theirs."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cms.choosing import Chosen
from cms.models import AgendaPage
from community.messages import suppressions
from events import links, personal_feed, substitutions
from events.models import (
    Mode,
    PersonalFeed,
    Registration,
    RegistrationQuerySet,
    Session,
)
from events.views import DOOR_OPENS
from workflows.applicant.listing import asked_by

from .proof import REGISTRATIONS_LINK, ask, proven_address

PER_PAGE = 20
# Of those that came to nothing, so many; all of them are in *Your data*.
OFF = 20


class Place(NamedTuple):
    """A registration for a session to come. `door` is the way into its meeting, or ""
    as long as that is shut; `instead` how it stands with sending a colleague."""

    registration: Registration
    door: str
    instead: substitutions.Prospect


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_registrations(request: HttpRequest) -> HttpResponse:
    """What is coming, what was, and what came to nothing, and what was asked; or the
    form that asks for the link to it."""
    address = proven_address(request)
    if not address or request.method == "POST":
        return ask(request, REGISTRATIONS_LINK.name, "pages/my_registrations_ask.html")
    now = timezone.now()
    rows = Registration.objects.of_address(address).select_related(
        "session__series", "session__topic"
    )
    coming = _coming(rows, now)
    past = Chosen(request.GET, [], _past(rows, now), PER_PAGE)
    off = list(_off(rows)[: OFF + 1])
    feed = personal_feed.feed_of(address)
    context = {
        "address": address,
        "suppression": suppressions.suppression_of(address),
        "contact": settings.ORGANISER_EMAIL,
        "coming": coming,
        "past": past,
        "off": off[:OFF],
        "more_off": len(off) > OFF,
        "asked": asked_by(address, now),
        "agenda": "" if coming else _agenda(),
        **_addresses(feed),
        "has_calendar": bool(feed or coming or past.rows or off),
        "done": request.GET.get("calendar", ""),
    }
    return render(request, "pages/my_registrations.html", context)


@require_POST
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """Turn one's calendar on or off, or give it another address."""
    address = proven_address(request)
    if not address:
        return redirect("my_registrations")
    if "off" in request.POST:
        personal_feed.end(address)
        done = "off"
    else:
        personal_feed.renew(address, get_language())
        done = "on"
    return redirect(f"{reverse('my_registrations')}?calendar={done}#calendar")


def _coming(rows: RegistrationQuerySet, now: datetime) -> list[Place]:
    """The next first; those put off without a date last."""
    found = rows.to_come(now).with_ahead().select_related("body")
    found = found.prefetch_related("invitations", "substitutions")
    in_order = sorted(found, key=lambda row: (_is_put_off(row), row.session.starts))
    return [
        Place(row, _door(row, now), substitutions.prospect(row, now))
        for row in in_order
    ]


def _is_put_off(registration: Registration) -> bool:
    return registration.session.state == Session.State.POSTPONED


def _door(registration: Registration, now: datetime) -> str:
    session = registration.session
    is_open = session.starts - DOOR_OPENS <= now and not _is_put_off(registration)
    has_place = registration.state == Registration.State.CONFIRMED
    if not (is_open and has_place and registration.mode == Mode.ONLINE):
        return ""
    live = (each for each in registration.invitations.all() if not each.withdrawn)
    return next((reverse("enter", args=[each.join_token]) for each in live), "")


def _past(rows: RegistrationQuerySet, now: datetime) -> QuerySet[Registration]:
    """The latest first."""
    return (
        rows.held(now)
        .prefetch_related("session__materials__document")
        .order_by("-session__starts", "-pk")
    )


def _off(rows: RegistrationQuerySet) -> QuerySet[Registration]:
    """Those that were given up, or whose session was."""
    given_up = Q(state=Registration.State.CANCELLED)
    called_off = Q(session__state=Session.State.CANCELLED)
    return rows.filter(given_up | called_off).order_by("-session__starts", "-pk")


def _addresses(feed: PersonalFeed | None) -> dict[str, str]:
    link = links.feed_link(feed) if feed else ""
    # By this scheme the calendar program of a device opens, instead of a file.
    return {"feed": link, "webcal": f"webcal:{link.partition(':')[2]}"}


def _agenda() -> str:
    """Where sessions are found, in the active language; "" if nowhere."""
    pages = AgendaPage.objects.live().filter(locale__language_code=get_language())
    page = pages.first()
    return page.url or "" if page else ""
