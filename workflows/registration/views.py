from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.showing import session_to_show
from community.models import LocalBody
from events import registrations
from events.models import Registration, Session
from events.registrations import Applicant, Placed, RegistrationRefused
from events.standing import Kind, Standing

from .forms import RegistrationForm

# The browser's own registrations and receipts, in its session.
MINE = "registrations"
RECEIPTS = "receipts"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The form, and what comes of sending it."""
    session = _announced(code)
    if not session.standing.can_register:
        return _shut(request, session, session.standing)
    form = RegistrationForm(_posted(request), session=session)
    if form.is_bound and form.is_valid():
        applicant = form.applicant()
        try:
            placed = registrations.place(
                session, applicant, form_key=form.cleaned_data["form_key"]
            )
        except RegistrationRefused as refused:
            return _shut(request, session, refused.standing)
        _remember(request, session, placed, applicant)
        return redirect("registered", code=code)
    context = {
        "session": session,
        "form": form,
        "suggestions": form.suggestions,
        "bodies": LocalBody.objects.values_list("name", "comarca"),
    }
    return render(
        request,
        "pages/registration_form.html",
        context,
        status=422 if form.is_bound else 200,
    )


@require_safe
@never_cache
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, what comes next and by when: after sending the form."""
    session = _announced(code)
    receipt = request.session.get(RECEIPTS, {}).get(code)
    if not receipt:
        return redirect("register", code=code)
    context = {"session": session, "receipt": receipt}
    return render(request, "pages/registration_done.html", context)


@require_safe
@never_cache
def my_registration(request: HttpRequest, token: str) -> HttpResponse:
    """The person's own page, from the mail."""
    registration = _by_token(token)
    with override(registration.language):
        return _show_mine(request, registration)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cancel_registration(request: HttpRequest, token: str) -> HttpResponse:
    """Whether to give up the place: a question, and a button that answers it.

    Opening the link does nothing, since mail filters open every link.
    """
    registration = _by_token(token)
    session = registration.session
    with override(registration.language):
        if request.method == "POST":
            cancelled = _may_cancel(registration) and registrations.cancel(
                registration, Registration.Reason.PERSON
            )
            if cancelled:
                _forget(request, registration)
                return redirect(
                    reverse("my_registration", args=[token]) + "?cancelled=1"
                )
            return redirect("my_registration", token=token)
        if not _may_cancel(registration):
            return _show_mine(request, registration)
        context = {"registration": registration, "session": session}
        return render(request, "pages/registration_cancel.html", context)


def _show_mine(request: HttpRequest, registration: Registration) -> HttpResponse:
    context = {
        "registration": registration,
        "session": registration.session,
        "position": registration.queue_position,
        "can_cancel": _may_cancel(registration),
        "just_cancelled": "cancelled" in request.GET and not registration.is_active,
    }
    return render(request, "pages/registration.html", context)


def _may_cancel(registration: Registration) -> bool:
    over = registration.session.standing.kind in (Kind.HELD, Kind.CANCELLED)
    return registration.is_active and not over


def _announced(code: str) -> Session:
    try:
        session = session_to_show(code=code)
    except Session.DoesNotExist:
        raise Http404 from None
    if session.state == Session.State.DRAFT:
        raise Http404
    return session


def _by_token(token: str) -> Registration:
    rows = Registration.objects.select_related("session__series", "body")
    return get_object_or_404(rows, token=token)


def _posted(request: HttpRequest) -> Any:
    """What was sent; a suggestion that was pressed stands for what was typed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    code = data.get("chosen", "").replace("\0", "")[:20]
    if chosen := LocalBody.objects.filter(code=code).first():
        data["body"] = chosen.name
        data.pop("other_body", None)
    return data


def _remember(
    request: HttpRequest, session: Session, placed: Placed, applicant: Applicant
) -> None:
    """Keep the receipt that the next page shows. Whoever writes somebody else's
    address gets the one of a newcomer, the second time too: only the mail explains.
    """
    registration = placed.registration
    mine = request.session.get(MINE, [])
    receipts = request.session.get(RECEIPTS, {})
    last = receipts.get(session.code, {})
    if not placed.already or registration.pk in mine:
        position = registration.queue_position
        request.session[MINE] = [*mine, registration.pk][-50:]
    else:
        position = registrations.would_wait(session, applicant.mode)
    receipt = {
        "name": applicant.name,
        "email": applicant.email,
        "state": "waiting" if position else "confirmed",
        "position": position,
        "again": placed.already and last.get("email") == applicant.email,
    }
    request.session[RECEIPTS] = {**receipts, session.code: receipt}


def _forget(request: HttpRequest, registration: Registration) -> None:
    receipts = request.session.get(RECEIPTS, {})
    if receipts.pop(registration.session.code, None):
        request.session[RECEIPTS] = receipts


def _shut(request: HttpRequest, session: Session, standing: Standing) -> HttpResponse:
    words = {
        Kind.NOT_OPEN: _("Registration is not open yet."),
        Kind.SHUT: _("Registration for this session is closed."),
        Kind.HELD: _("This session has already been held."),
        Kind.POSTPONED: _("This session has been postponed; it has no new date yet."),
        Kind.CANCELLED: _("This session has been cancelled."),
    }
    context = {
        "heading": _("You cannot register now"),
        "text": words[standing.kind],
        "action_url": reverse("session", args=[session.code]),
        "action_text": _("Go to the session"),
    }
    return render(request, "pages/notice.html", context, status=409)
