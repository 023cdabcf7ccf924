from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_safe

from . import entries, links, personal_feed
from .meetings import providers
from .meetings.rooms import room_of
from .models import Guest, Invitation, PersonalFeed, Registration, Series, Session

# The door opens before the meeting, so that sound and picture can be tried.
DOOR_OPENS = timedelta(minutes=15)
# Who stands before it so long before it opens need not come back: it opens by itself.
SOON = timedelta(minutes=30)


@require_safe
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """One person's door to a session: it says when it opens, and then opens. Where the
    meeting is, it never says: `enter` leads there."""
    invitation = _invitation(token)
    if invitation is None:
        return _join_appointment(request, token)
    registration = invitation.registration
    session = registration.session
    opens_at = session.starts - DOOR_OPENS
    phase = _phase(session, invitation, opens_at)
    with override(registration.language):
        if links.have_run_out(session):
            return run_out(request, session)
        context = {
            "session": session,
            "invitation": invitation,
            "registration": registration,
            "phase": phase,
            "opens_at": opens_at,
            "is_soon": opens_at - timezone.now() < SOON,
            "room": room_of(session) if phase in ("early", "open") else None,
            "trial": providers.TRIAL.get(session.provider, ""),
            "contact": settings.ORGANISER_EMAIL,
        }
        return render(request, "pages/join.html", context)


@require_safe
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Through the door into the meeting, if both are open; and who came, and when."""
    invitation = _invitation(token)
    if invitation is None:
        return _enter_appointment(token)
    session = invitation.registration.session
    room = room_of(session)
    is_open = _phase(session, invitation, session.starts - DOOR_OPENS) == "open"
    if not is_open or room is None:
        return redirect("join", token)
    # A program that looks ahead is nobody who comes.
    if request.method == "GET" and "prefetch" not in request.headers.get(
        "Sec-Purpose", ""
    ):
        first = Invitation.objects.filter(pk=invitation.pk, joined=None)
        first.update(joined=timezone.now())
    return HttpResponseRedirect(room.url)


@require_safe
@never_cache
def meeting_here(request: HttpRequest, key: str) -> HttpResponse:
    """What stands for a meeting in development."""
    return render(request, "pages/meeting_here.html", {"key": key})


def _invitation(token: str) -> Invitation | None:
    invitations = Invitation.objects.select_related(
        "registration__session__series", "registration__session__meeting"
    )
    return invitations.filter(join_token=token).first()


def _join_appointment(request: HttpRequest, token: str) -> HttpResponse:
    guest = _guest(token)
    appointment = guest.appointment
    with override(guest.user.language):
        context = {
            "guest": guest,
            "appointment": appointment,
            "phase": _phase_of(guest),
            "opens_at": appointment.starts - DOOR_OPENS,
            "room": room_of(appointment),
            "contact": settings.ORGANISER_EMAIL,
        }
        return render(request, "pages/join_appointment.html", context)


def _enter_appointment(token: str) -> HttpResponse:
    guest = _guest(token)
    room = room_of(guest.appointment)
    if _phase_of(guest) != "open" or room is None:
        return redirect("join", token)
    return HttpResponseRedirect(room.url)


def _guest(token: str) -> Guest:
    guests = Guest.objects.select_related("user", "appointment__meeting")
    return get_object_or_404(guests, join_token=token, user__erased=None)


def _phase_of(guest: Guest) -> str:
    if not guest.stands:
        return "cancelled"
    now, appointment = timezone.now(), guest.appointment
    if now < appointment.starts - DOOR_OPENS:
        return "early"
    return "open" if now < appointment.ends else "over"


def run_out(request: HttpRequest, session: Session) -> HttpResponse:
    """What a personal link says once it leads nowhere."""
    return render(request, "pages/link_over.html", {"session": session}, status=410)


def _phase(session: Session, invitation: Invitation, opens_at) -> str:
    if session.state in (Session.State.CANCELLED, Session.State.POSTPONED):
        return str(session.state)
    if invitation.registration.state != Registration.State.CONFIRMED:
        return "no_place"
    if invitation.withdrawn:
        return "replaced"
    now = timezone.now()
    if now < opens_at:
        return "early"
    return "open" if now < session.ends else "over"


# Anybody may keep these, and asks each time whether they still hold.
_for_all = cache_control(no_cache=True)


@require_safe
@_for_all
def ics(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """The session as a file for any calendar, without anybody's link."""
    _known(language)
    announced = Session.objects.exclude(state=Session.State.DRAFT)
    session = get_object_or_404(announced, code=code)
    with override(language):
        response = _calendar(entries.single(session))
    response["Content-Disposition"] = f'attachment; filename="{code}.ics"'
    return response


def _in_feed(series: str | None) -> QuerySet[Session]:
    """What is to come and the year behind, cancelled ones too: a program that
    subscribes takes away only what it sees cancelled."""
    sessions = Session.objects.public().filter(
        ends__gt=timezone.now() - timedelta(days=365)
    )
    return sessions.filter(series__code=series) if series else sessions


def _newest(request: HttpRequest, language: str, series: str | None = None):
    return _in_feed(series).aggregate(Max("changed"))["changed__max"]


def _version(request: HttpRequest, language: str, series: str | None = None) -> str:
    sessions = _in_feed(series).aggregate(Max("changed"), Count("pk"))
    return f'"{language}-{sessions["pk__count"]}-{sessions["changed__max"]}"'


@require_safe
@_for_all
@condition(etag_func=_version, last_modified_func=_newest)
def feed(
    request: HttpRequest, language: str, series: str | None = None
) -> HttpResponse:
    """The sessions of a series, or of the site, to subscribe to."""
    _known(language)
    with override(language):
        name = settings.SITE_NAME
        if series:
            title = get_object_or_404(Series, code=series).title
            name = f"{title} · {name}"
        sessions = _in_feed(series).order_by("starts")
        return _calendar(entries.feed(sessions, name, language))


@require_safe
@cache_control(private=True, no_cache=True)
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """One person's sessions, to subscribe to. Only its own reader may keep it."""
    feed = get_object_or_404(PersonalFeed, token=token)
    with override(feed.language):
        places = personal_feed.places_in(feed, timezone.now())
        response = _calendar(entries.personal_feed(feed, places))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _known(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404


def _calendar(octets: bytes) -> HttpResponse:
    return HttpResponse(octets, content_type="text/calendar; charset=utf-8")
