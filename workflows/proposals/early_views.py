"""Registering before the others, by the link of the mail. Opening it does nothing: a
button answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.showing import session_to_show
from events import links
from events.models import Mode
from events.registrations import NotForYou, RegistrationRefused
from events.views import run_out
from workflows.registration.receipts import remember

from . import early
from .early import Asker


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def early_place(request: HttpRequest, token: str) -> HttpResponse:
    """For whom the link is and what the button does, in her language; or why there is
    none any more, and what there is instead."""
    asker = early.whose(token)
    if asker is None:
        raise Http404
    with override(asker.language):
        if links.have_run_out(asker.proposal.session):
            return run_out(request, asker.proposal.session)
        return _answer(request, asker)


def _answer(request: HttpRequest, asker: Asker) -> HttpResponse:
    session = session_to_show(pk=asker.proposal.session_id)
    has_place = session.registrations.active().of_address(asker.email).exists()
    modes = [] if has_place else early.modes_for(asker)
    if request.method == "POST":
        if request.POST.get("mode") in modes:
            return _register(request, asker, Mode(request.POST["mode"]))
        # A second click, or one that comes too late: the page says how things are.
        return redirect("early_place", asker.token)
    context = {
        "asker": asker,
        "session": session,
        "modes": modes,
        "has_place": has_place,
    }
    return render(request, "pages/early_place.html", context)


def _register(request: HttpRequest, asker: Asker, mode: Mode) -> HttpResponse:
    try:
        applicant, placed = early.register(asker, mode)
        remember(request, asker.proposal.session, placed, applicant)
    except (RegistrationRefused, NotForYou):
        return redirect("early_place", asker.token)
    return redirect(reverse("registered", args=[asker.proposal.session.code]))
