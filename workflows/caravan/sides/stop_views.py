"""The page of a stop for its two sides, and what each answers there. To anybody else
there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms import forgery
from events import entries, links
from events.models import Appointment
from workflows.caravan import parties, reading, stops, visiting
from workflows.caravan.models import Side, Stop
from workflows.caravan.parties import Party
from workflows.engine import files
from workflows.engine.kinds import kind_of
from workflows.engine.models import Entry, File
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address
from workflows.requesting.views import sign_in_first

from . import chronicle, host_files, standing
from .answer_forms import AnswerForm, MomentsForm, ReadForm, ReasonForm
from .drafts import Over
from .host_views import ROWS
from .writing_views import too_late

View = Callable[..., HttpResponse]

# What may have been typed on a page of a stop.
TYPED = ("reason", "text", *chronicle.BY_NAME)
# What was just done, after which the page opens.
SAID = ("new", "sent", "answered", "marked", "validated", "changes", "already")


def of_stop(view: View) -> View:
    """`view` of a stop for one of its sides, with who she is there. Who is not signed
    in any more does so first, and finds what she wrote. Http404 for anybody else."""

    @wraps(view)
    def opened(request: HttpRequest, key: Any, **more: Any) -> HttpResponse:
        if not proven_address(request):
            return sign_in_first(request)
        user = acting_account(request)
        stop = ROWS.submitted().filter(key=key, case__erased=None).first()
        if stop is None or user is None:
            raise Http404
        party = parties.party_of(stop, user)
        try:
            if party is None:
                if not parties.was_asked(stop, user):
                    raise Http404
                raise Over
            return view(request, stop, party, **more)
        except Over:
            back = reverse("caravan_stop", args=[stop.key]) if party else ""
            is_published = party and stop.case.is_active and reading.is_published(stop)
            words = str(stops.IS_PUBLISHED if is_published else stops.OVER)
            return too_late(request, words, TYPED, back or reverse("my_bodies"))

    # They ask for the token themselves, and lose nothing that was typed.
    return csrf_exempt(never_cache(opened))


@require_safe
@of_stop
def caravan_stop(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """Where it stands, what is hers to do, when and where it is, and with whom."""
    here = standing.step_of(stop)
    todo = standing.todo(stop, party, here)
    context = {
        "stop": stop,
        "case": stop.case,
        "party": party,
        "kind": kind_of(stop.case),
        "outlook": standing.outlook(stop, party, here),
        "steps": standing.steps(stop, here),
        "todo": todo,
        "is_her_turn": any(each.waits for each in todo),
        "checklist": standing.checklist(stop, party, here),
        "visit": _visit(stop, party),
        "other": _other(stop, party),
        "has_kit": stop.kit.exists(),
        "chronicle": chronicle.of(stop),
        "can_write": party.writes_chronicle and chronicle.is_open(stop),
        "can_give_up": party.writes and _can_give_up(stop),
        "entries": _entries(stop) if party.is_host else (),
        "files": _files(stop) if party.is_host else (),
        "shown": _shown(stop, party),
        "said": next((word for word in SAID if word in request.GET), ""),
        "practice": standing.published(stop),
        "body": stop.body,
    }
    return render(request, "pages/stop_page.html", context)


def _entries(stop: Stop) -> list[Entry]:
    """What the team and the host wrote to each other."""
    rows = stop.case.entries.exclude(way=Entry.Way.NOTE).select_related("by")
    return list(rows.prefetch_related("files"))


def _files(stop: Stop) -> Any:
    return stop.case.files.for_the_applicant().filter(entry=None)


def _shown(stop: Stop, party: Party) -> list[File]:
    """What the host shows, to who prepares the visit."""
    return host_files.shown(stop) if party.comes else []


def _visit(stop: Stop, party: Party) -> dict[str, Any] | None:
    """When and where it is, with the own door of who looks, if she is invited."""
    meeting = stop.appointment
    if meeting is None:
        return None
    guests = [g for g in meeting.guests.all() if g.user_id == party.mine.user_id]
    is_ahead = meeting.takes_place and meeting.ends > timezone.now()
    doors = [links.guest_link(guest) for guest in guests if guest.stands]
    return {
        "appointment": meeting,
        "is_ahead": is_ahead,
        "door": doors[0] if doors and is_ahead else "",
    }


def _other(stop: Stop, party: Party) -> dict[str, str] | None:
    """How to reach the other side, once both have said yes."""
    if not party.is_host:
        if not party.comes:
            return None
        return {
            "name": stop.contact_name,
            "body": stop.body.name,
            "email": stop.contact_email,
            "phone": stop.contact_phone,
        }
    offer = stop.rapporteur
    if offer is None:
        return None
    person = offer.user
    name, email = person.name, person.email
    return {"name": name, "body": offer.body.name, "email": email, "phone": ""}


@require_safe
@of_stop
def caravan_stop_calendar(
    request: HttpRequest, stop: Stop, party: Party
) -> HttpResponse:
    """The visit as a file for any calendar, without anybody's own door."""
    meeting = stop.appointment
    if meeting is None or meeting.state != Appointment.State.PLANNED:
        raise Http404
    page = links.absolute(reverse("caravan_stop", args=[stop.key]))
    octets = entries.appointment(meeting, page)
    response = HttpResponse(octets, content_type="text/calendar; charset=utf-8")
    name = f"{stop.case.number}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@of_stop
def caravan_stop_file(
    request: HttpRequest, stop: Stop, party: Party, pk: int
) -> HttpResponse:
    """A file of the case that she may see, to be saved: the host's own and what the
    team gave it; to who comes, what the host shows."""
    if party.is_host:
        found = stop.case.files.for_the_applicant().filter(pk=pk).first()
    else:
        found = next((one for one in _shown(stop, party) if one.pk == pk), None)
    if found is None:
        raise Http404
    return files.handed_out(found)


# Answers ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_answer(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """Whether she comes who is asked to tell of it."""
    if not party.is_asked:
        raise Over
    form = AnswerForm(_posted(request))
    if _is_sound(request, form):
        reason = form.cleaned_data["reason"]
        user = party.mine.user
        if _done(form, stops.answer_pairing, stop, form.accepts, reason, user):
            if form.accepts:
                return _to_stop(stop, "answered")
            return _to_body(party, "declined")
    context = {"stop": stop, "party": party, "form": form}
    return _page(request, "pages/stop_answer.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_dates(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """Which moments suit her side, and what takes place on those days already."""
    if not party.writes:
        raise PermissionDenied
    if party.is_asked or not stops.can_mark(stop):
        raise Over
    marked = list(stop.possible_dates.filter(side=party.side))
    form = MomentsForm(_posted(request), initial=[_as_typed(one) for one in marked])
    form.say = ""
    if form.is_bound and not forgery.is_ours(request):
        form.say = forgery.SEND_AGAIN
    elif form.is_bound and form.is_valid():
        side, user = party.side, party.mine.user
        try:
            stops.mark_dates(stop, side, form.moments, user)
        except ValidationError as refusal:
            form.say = " ".join(map(str, refusal.messages))
        else:
            return redirect(f"{request.path}?saved=1")
    theirs = Side.RAPPORTEUR if party.is_host else Side.HOST
    others = list(stop.possible_dates.filter(side=theirs))
    context = {
        "stop": stop,
        "party": party,
        "form": form,
        "rows": _with_clashes(marked, stop),
        "others": _with_clashes(others, stop),
        "just_saved": "saved" in request.GET,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/stop_dates.html", context, status=status)


def _as_typed(marked: Any) -> dict[str, Any]:
    starts = timezone.localtime(marked.starts)
    return {"day": starts.date(), "time": starts.time()}


def _with_clashes(marked: list[Any], stop: Stop) -> list[tuple[Any, list[Any]]]:
    """Each moment with what takes place on its day."""
    days = {timezone.localdate(one.starts) for one in marked}
    found = visiting.conflicts(days, stop)
    return [(one, found[timezone.localdate(one.starts)]) for one in marked]


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_validate(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """The chronicle, to the host: whether it is right, beside what it was before."""
    if not party.is_host:
        raise Http404
    if standing.step_of(stop) != standing.VALIDATE:
        raise Over
    form = ReadForm(_posted(request))
    if request.method == "POST" and not party.writes:
        raise PermissionDenied
    if _is_sound(request, form):
        right, text = form.is_right, form.cleaned_data["text"]
        if _done(form, stops.validate, stop, right, text, party.mine.user):
            return _to_stop(stop, "validated" if right else "changes")
    row = chronicle.of(stop)
    context = {
        "stop": stop,
        "party": party,
        "form": form,
        "told": chronicle.told(row.sent, row.before),
        "is_again": bool(row.before),
        "photographs": stop.photographs.all(),
    }
    return _page(request, "pages/stop_validate.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_leave(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """Whether the rapporteur leaves it: somebody else is looked for."""
    if party.is_host:
        raise Http404
    if not party.comes or not _can_give_up(stop):
        raise Over
    form = ReasonForm(_posted(request), help_text=_("Only the team reads it."))
    if _is_sound(request, form):
        reason = form.cleaned_data["reason"]
        if _done(form, stops.drop_out, stop, reason, party.mine.user):
            return _to_body(party, "left")
    context = {"stop": stop, "form": form, "visit": _visit(stop, party)}
    return _page(request, "pages/stop_leave.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_withdraw(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """Whether the host wants no more of it."""
    if not party.is_host:
        raise Http404
    if not party.writes:
        raise PermissionDenied
    if not _can_give_up(stop):
        raise Over
    form = ReasonForm(_posted(request), help_text=_("Only the team reads it."))
    if _is_sound(request, form):
        reason = form.cleaned_data["reason"]
        if _done(form, stops.withdraw, stop, reason, party.mine.user):
            return _to_stop(stop, "sent")
    context = {"stop": stop, "form": form, "visit": _visit(stop, party)}
    return _page(request, "pages/stop_withdraw.html", form, context)


def _can_give_up(stop: Stop) -> bool:
    """Whether one of its sides still can: nothing of it is published."""
    return stop.case.is_active and not reading.is_published(stop)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_sound(request: HttpRequest, form: Any) -> bool:
    """Whether what was sent can be done."""
    if not form.is_bound:
        return False
    if not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    return form.is_valid()


def _done(form: Any, verb: Callable[..., Any], *said: Any) -> bool:
    """Do it; or have the form say why it cannot be done."""
    try:
        verb(*said)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _page(
    request: HttpRequest, template: str, form: Any, context: dict[str, Any]
) -> HttpResponse:
    return render(request, template, context, status=422 if form.is_bound else 200)


def _to_stop(stop: Stop, said: str) -> HttpResponse:
    return redirect(f"{reverse('caravan_stop', args=[stop.key])}?{said}=1")


def _to_body(party: Party, said: str) -> HttpResponse:
    page = reverse("caravan_body", args=[party.mine.body.code])
    return redirect(f"{page}?{said}=1")
