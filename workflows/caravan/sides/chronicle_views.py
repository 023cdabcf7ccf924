"""Writing the chronicle of a stop, and its pictures, for its rapporteur."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cms import forgery
from workflows.caravan import stops
from workflows.caravan.models import Chronicle, Photograph, Stop
from workflows.caravan.parties import Party
from workflows.engine.access import may_work

from . import chronicle, photographs, standing
from .chronicle_form import ChronicleForm, DescribeForm, PictureForm, written_in
from .drafts import Changed, Over
from .stop_views import of_stop
from .writing_views import (
    is_script,
    saved_words,
    token_of_now,
    told_script,
    version_of,
    who_saved,
)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_chronicle(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """The guided form, as it was left; keeping what was typed; and sending it to the
    host."""
    _check(stop, party)
    row = chronicle.of(stop)
    if request.method != "POST":
        return _show(request, stop, row, ChronicleForm(row.written))
    written = written_in(request.POST)
    if not forgery.is_ours(request):
        return _not_ours(request, stop, row, written)
    theirs = None
    version, user = version_of(request), party.mine.user
    try:
        row = chronicle.save(stop, written, version=version, by=user)
    except Changed as changed:
        theirs = changed.draft
    if is_script(request):
        return told_script(row, theirs)
    if theirs:
        # What she typed stays in the form, and what was saved stands beside it.
        form = ChronicleForm(written)
        form.compare(theirs.written)
        conflict = who_saved(theirs)
        return _show(request, stop, theirs, form, status=409, conflict=conflict)
    if "pictures" in request.POST:
        return redirect("caravan_photographs", stop.key)
    if "send" in request.POST:
        return _send(request, stop, party, row)
    return redirect(f"{request.path}?saved=1")


def _check(stop: Stop, party: Party) -> None:
    """Http404 unless it is hers to write; Over once it is not to be written."""
    if not party.writes_chronicle:
        raise Http404
    if not chronicle.is_open(stop):
        raise Over


def _send(
    request: HttpRequest, stop: Stop, party: Party, row: Chronicle
) -> HttpResponse:
    form = ChronicleForm(row.written)
    if missing := chronicle.missing(stop):
        form.lack(missing)
        return _show(request, stop, row, form, status=422)
    try:
        stops.send_chronicle(stop, party.mine.user)
    except ValidationError as refusal:
        form.lack({"": " ".join(map(str, refusal.messages))})
        return _show(request, stop, row, form, status=422)
    return redirect(f"{reverse('caravan_stop', args=[stop.key])}?sent=1")


def _not_ours(
    request: HttpRequest, stop: Stop, row: Chronicle, written: dict[str, str]
) -> HttpResponse:
    if is_script(request):
        return token_of_now(request)
    form, version = ChronicleForm(written), version_of(request)
    words = forgery.SEND_AGAIN
    return _show(request, stop, row, form, status=403, notice=words, version=version)


def _show(
    request: HttpRequest,
    stop: Stop,
    row: Chronicle,
    form: ChronicleForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "stop": stop,
        "chronicle": row,
        "version": row.version,
        "saved": saved_words(row.saved) if row.version else "",
        "just_saved": "saved" in request.GET,
        "pictures": stop.photographs.count(),
        "can_send": standing.step_of(stop) == standing.CHRONICLE,
        **more,
    }
    return render(request, "pages/stop_chronicle.html", context, status=status)


# Pictures -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_photographs(request: HttpRequest, stop: Stop, party: Party) -> HttpResponse:
    """The pictures of a chronicle: one more."""
    _check(stop, party)
    form = PictureForm(*_sent(request))
    if form.is_bound and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            photographs.add(stop, said.pop("file"), **said, by=party.mine.user)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect(f"{request.path}?added=1")
    return _show_pictures(request, stop, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stop
def caravan_photograph(
    request: HttpRequest, stop: Stop, party: Party, pk: int
) -> HttpResponse:
    """Saying what a picture shows, or taking it away."""
    _check(stop, party)
    row = stop.photographs.filter(pk=pk).first()
    every = reverse("caravan_photographs", args=[stop.key])
    if row is None:
        return redirect(f"{every}?gone=1")
    known = {"alt": row.alt, "consent": row.consent}
    is_away = request.method == "POST" and "away" in request.POST
    form = DescribeForm(*([] if is_away else _sent(request)[:1]), initial=known)
    is_ours = request.method != "POST" or forgery.is_ours(request)
    if is_away and is_ours:
        gone = photographs.remove(row, by=party.mine.user)
        return redirect(f"{every}?{'removed' if gone else 'gone'}=1")
    if form.is_bound and not is_ours:
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_bound and form.is_valid():
        done = photographs.describe(row, **form.cleaned_data, by=party.mine.user)
        return redirect(f"{every}?{'described' if done else 'gone'}=1")
    context = {"stop": stop, "photograph": row, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "pages/stop_photograph.html", context, status=status)


# What was just done, after which the page opens.
SAID = ("added", "removed", "described", "gone")


def _show_pictures(request: HttpRequest, stop: Stop, form: PictureForm) -> HttpResponse:
    rows = list(stop.photographs.all())
    context = {
        "stop": stop,
        "form": form,
        "photographs": rows,
        "is_full": len(rows) >= photographs.MOST,
        "said": next((word for word in SAID if word in request.GET), ""),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/stop_photographs.html", context, status=status)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else (None,)


@require_safe
def caravan_picture(request: HttpRequest, key: Any, pk: int) -> HttpResponse:
    """A picture, for both sides and for who looks after the stop."""
    stop = Stop.objects.submitted().select_related("case").filter(key=key).first()
    if stop and request.user.is_authenticated and may_work(request.user, stop.case):
        return _picture(stop, pk)
    return _for_a_side(request, key=key, pk=pk)


@of_stop
def _for_a_side(
    request: HttpRequest, stop: Stop, party: Party, pk: int
) -> HttpResponse:
    if party.is_asked:
        raise Http404
    return _picture(stop, pk)


def _picture(stop: Stop, pk: int) -> HttpResponse:
    row = Photograph.objects.filter(stop=stop, pk=pk).first()
    if row is None:
        raise Http404
    return photographs.shown(row)
