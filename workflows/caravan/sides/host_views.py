"""The caravan for the people of a body: what they show and tell, and writing a stop
together until it is sent."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cms import forgery
from community.acting import memberships
from community.models import Membership
from workflows.caravan import parties, stops
from workflows.caravan.models import Stop
from workflows.engine import file_views, files
from workflows.engine.models import Case, Entry
from workflows.membership import sections
from workflows.membership.people import of_body
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address
from workflows.requesting.views import sign_in_first

from . import drafts, host_files, host_form, standing
from .drafts import Changed, Over
from .host_form import FILES, StopForm, checked, written_in
from .writing_views import (
    is_script,
    saved_words,
    token_of_now,
    told_script,
    too_late,
    version_of,
    who_saved,
)

View = Callable[..., HttpResponse]

ROWS = Stop.objects.select_related(
    "body", "case__process", "saved_by", "appointment", "practice", "rapporteur__body"
).prefetch_related("case__process__task_set")

# Of the newest; all of them are among the cases of the body.
SHOWN = 50
FIRST = 3


def of_draft(view: View) -> View:
    """`view` of a stop that is written by the people of its body; she who is not signed
    in any more does so first, and finds what she wrote. Http404 for anybody else."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, key: Any, **more: Any) -> HttpResponse:
        if not proven_address(request):
            return sign_in_first(request)
        mine = memberships.of(acting_account(request)).filter(body__code=code).first()
        if mine is None:
            raise Http404
        stop = ROWS.filter(key=key, body=mine.body).first()
        if stop is None and request.method != "POST":
            raise Http404
        try:
            if stop is None:
                raise Over
            return view(request, stop, mine, **more)
        except Over:
            words = _("It was sent already, or thrown away.")
            if not parties.may_write(mine):
                words = _("You only read what the body writes.")
            back = reverse("caravan_body", args=[mine.body.code])
            return too_late(request, words, StopForm.base_fields, back)

    # They ask for the token themselves, and lose nothing that was typed.
    return csrf_exempt(never_cache(opened))


# All of a body ------------------------------------------------------------------------


def shown_stops(mine: Membership) -> Mapping[str, Any]:
    """The caravan of a body in short: drafts and what is under way; nothing if there is
    neither."""
    told = Q(pk__in=parties.told_by(mine).values("pk"))
    going = Q(case=None) | Q(case__state__in=Case.ACTIVE)
    rows = ROWS.filter(Q(body=mine.body) | told, going).order_by("-saved")[:SHOWN]
    if not rows:
        return {}
    sent = [stop for stop in rows if not stop.is_draft]
    ours = [stop for stop in sent if stop.body_id == mine.body_id]
    theirs = [stop for stop in sent if stop.body_id != mine.body_id]
    return {
        "drafts": [stop for stop in rows if stop.is_draft][:FIRST],
        "stops": [_row(stop) for stop in ours[:FIRST]],
        "told": [_row(stop) for stop in theirs[:FIRST]],
        "body": mine.body,
    }


SECTION = sections.Section(
    "caravan",
    gettext_lazy("Caravan"),
    "components/stop_section.html",
    shown_stops,
    "caravan_body",
)


@require_safe
@of_body
def caravan_body(request: HttpRequest, mine: Membership) -> HttpResponse:
    """What the body shows, what its people tell of others, and how to begin."""
    rows = ROWS.filter(body=mine.body)
    context = {
        **sections.page_of(mine, "caravan_body"),
        "may_write": parties.may_write(mine),
        "shown": {
            "drafts": list(rows.drafts().order_by("-saved")[:SHOWN]),
            "stops": [_row(stop) for stop in rows.submitted()[:SHOWN]],
            "told": [_row(stop) for stop in _told(mine)[:SHOWN]],
            "body": mine.body,
        },
        "offer": parties.offer_of(mine),
        "said": next((word for word in SAID if word in request.GET), ""),
    }
    return render(request, "pages/stop_body.html", context)


# What was just done, after which the page opens.
SAID = ("discarded", "offered", "unoffered", "already", "left", "declined")


def _told(mine: Membership) -> Any:
    return ROWS.filter(pk__in=parties.told_by(mine).values("pk"))


def _row(stop: Stop) -> tuple[Stop, str]:
    """A stop in a list, and how it stands in a few words."""
    return stop, standing.in_words(stop)


# Beginning ----------------------------------------------------------------------------


@never_cache
@require_safe
def caravan_as_host(request: HttpRequest) -> HttpResponse:
    """To the page of the body for which somebody would ask for a stop."""
    return _for_a_body(request, "caravan_begin")


@never_cache
@require_safe
def caravan_as_rapporteur(request: HttpRequest) -> HttpResponse:
    """To the offer of somebody to tell of others."""
    return _for_a_body(request, "caravan_offer")


def _for_a_body(request: HttpRequest, name: str) -> HttpResponse:
    if not proven_address(request):
        return sign_in_first(request)
    mine = memberships.of(acting_account(request))
    mine = [each for each in mine if parties.may_write(each)]
    if len(mine) == 1:
        return redirect(name, mine[0].body.code)
    choices = [(each.body, reverse(name, args=[each.body.code])) for each in mine]
    context = {"choices": choices, "is_host": name == "caravan_begin"}
    return render(request, "pages/stop_which_body.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_body
def caravan_begin(request: HttpRequest, mine: Membership) -> HttpResponse:
    """What awaits a host; a button begins. There is nothing to begin for a reader."""
    may = parties.may_write(mine)
    if request.method == "POST" and may:
        try:
            draft = drafts.begin(mine.body, mine.user)
        except PermissionDenied:
            # Ended just now.
            return redirect("my_bodies")
        return redirect("caravan_draft", mine.body.code, draft.key)
    writing = Stop.objects.drafts().filter(body=mine.body).select_related("saved_by")
    begun = Q(version__gt=0) | Q(files__isnull=False)
    context = {
        "body": mine.body,
        "may_write": may,
        "drafts": writing.filter(begun).distinct().order_by("-saved"),
        "stages": standing.STAGES,
        "is_open": stops.are_taken(),
    }
    return render(request, "pages/stop_begin.html", context)


# Writing ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def caravan_draft(request: HttpRequest, stop: Stop, mine: Membership) -> HttpResponse:
    """The form, as it was left; keeping what was typed; and sending it."""
    if not parties.may_write(mine) or not drafts.is_open(stop):
        if request.method == "POST" and not _was_sent(request, stop):
            raise Over
        return redirect(*_where(stop))
    if request.method != "POST":
        is_checked = "check" in request.GET
        form = StopForm(stop, _kept(stop, mine), is_checked=is_checked)
        return _show_form(request, stop, form)
    written = written_in(request.POST)
    if not forgery.is_ours(request):
        return _not_ours(request, stop, written)
    theirs = None
    try:
        stop = drafts.save(stop, written, version=version_of(request), by=mine.user)
    except Changed as changed:
        theirs = changed.draft
    if is_script(request):
        return told_script(stop, theirs)
    refused = _keep_files(request, stop, mine, FILES)
    if theirs:
        # What she typed stays in the form, and what he saved stands beside it.
        form = StopForm(theirs, written)
        form.compare(theirs.written)
        form.refuse(refused)
        conflict = who_saved(theirs)
        return _show_form(request, theirs, form, status=409, conflict=conflict)
    if refused:
        form = StopForm(stop, written)
        form.refuse(refused)
        return _show_form(request, stop, form, status=422)
    if "send" in request.POST:
        return _send(request, stop, mine)
    here = reverse("caravan_draft", args=[stop.body.code, stop.key])
    return redirect(f"{here}?saved=1")


def _keep_files(
    request: HttpRequest, stop: Stop, mine: Membership, name: str
) -> list[str]:
    """Keep what came as `name`, and take away what is not wanted; gives why some of it
    was not taken."""
    if away := file_views.taken_away(request):
        host_files.remove(stop, away, by=mine.user)

    def keep(upload: UploadedFile) -> None:
        host_files.add(stop, upload, by=mine.user)

    return file_views.kept(request.FILES.getlist(name), keep)


def _send(request: HttpRequest, stop: Stop, mine: Membership) -> HttpResponse:
    """Send what is kept now; or show what is missing."""
    form = checked(stop)
    if form.is_valid():
        try:
            if stop.is_draft:
                stops.submit(stop, form, mine.user)
            else:
                stops.amend(stop, form, mine.user)
        except PermissionDenied:
            form.add_error(None, _("You do not act for the body any more."))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            page = reverse("caravan_stop", args=[stop.key])
            return redirect(f"{page}?{'new' if stop.is_draft else 'sent'}=1")
    return _show_form(request, stop, form)


def _was_sent(request: HttpRequest, stop: Stop) -> bool:
    """Whether the same form comes once more: nothing of it is lost."""
    return not is_script(request) and written_in(request.POST) == stop.written


def _where(stop: Stop) -> tuple[str, ...]:
    if stop.is_draft:
        return "caravan_body", stop.body.code
    return "caravan_stop", stop.key


def _kept(stop: Stop, mine: Membership) -> Mapping[str, Any]:
    """What the form has at first: what is kept or, of nothing, who writes."""
    if stop.written or not stop.is_draft:
        return stop.written or host_form.of_columns(stop)
    return {"contact_name": mine.user.name, "contact_email": mine.user.email}


def _not_ours(
    request: HttpRequest, stop: Stop, written: Mapping[str, Any]
) -> HttpResponse:
    if is_script(request):
        return token_of_now(request)
    form = StopForm(stop, written)
    version = version_of(request)
    return _show_form(
        request, stop, form, status=403, notice=forgery.SEND_AGAIN, version=version
    )


def _show_form(
    request: HttpRequest, stop: Stop, form: StopForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "stop": stop,
        "body": stop.body,
        "version": stop.version,
        "saved": saved_words(stop.saved) if stop.version else "",
        "just_saved": "saved" in request.GET,
        "kept_until": drafts.kept_until(stop),
        "asked": None if stop.is_draft else _last_words(stop),
        **more,
    }
    status = status or (422 if form.is_bound and form.errors else 200)
    return render(request, "pages/stop_write.html", context, status=status)


def _last_words(stop: Stop) -> Entry | None:
    """What the office has written last: what is to be amended."""
    return stop.case.entries.filter(way=Entry.Way.OUT).last()


@require_POST
@of_draft
def caravan_add_file(
    request: HttpRequest, stop: Stop, mine: Membership
) -> HttpResponse:
    """A file, sent by the script of the form while one goes on writing: what its field
    has then, or why it was not taken."""
    if not parties.may_write(mine) or not drafts.is_open(stop):
        raise Over
    if not forgery.is_ours(request):
        return token_of_now(request)
    refused = _keep_files(request, stop, mine, "file")
    context = {"kept": host_files.written(stop)}
    shown = render_to_string("components/kept_documents.html", context)
    return file_views.told(shown, refused)


@require_safe
@of_draft
def caravan_draft_file(
    request: HttpRequest, stop: Stop, mine: Membership, pk: int
) -> HttpResponse:
    """A file of what is being written, to be saved by who writes it."""
    if not parties.may_write(mine) or not drafts.is_open(stop):
        raise Http404
    rows = stop.files.written().select_related("file")
    return files.handed_out(get_object_or_404(rows, pk=pk).file)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def caravan_discard(request: HttpRequest, stop: Stop, mine: Membership) -> HttpResponse:
    """Whether to throw a draft away."""
    if not parties.may_write(mine):
        raise PermissionDenied
    if not stop.is_draft:
        raise Over
    if request.method == "POST" and forgery.is_ours(request):
        drafts.discard(stop, by=mine.user)
        every = reverse("caravan_body", args=[stop.body.code])
        return redirect(f"{every}?discarded=1")
    context = {"stop": stop, "body": stop.body, "files": host_files.written(stop)}
    return render(request, "pages/stop_discard.html", context)
