"""A person's own page, from the mail, in the language of the registration.

Opening a link does nothing, since mail filters open every link: a button acts. Links
run out (`events.links`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import answers, links, offers, registrations, substitutions
from events.models import Registration
from events.registrations import NotForYou, RegistrationRefused
from events.standing import Kind
from events.views import run_out

from .forms import CorrectionForm
from .receipts import forget
from .substituting import AskForm
from .views import body_choices, posted

Act = Callable[[Registration], bool]
LOST = (Registration.Reason.EXPIRED, Registration.Reason.REFUSED)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view` of a registration, opened by the link of its person, in the person's
    language. 404 for a link that is nobody's, 410 for one that has run out."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        rows = Registration.objects.select_related("session__series", "body")
        registration = get_object_or_404(rows, token=token)
        with override(registration.language):
            if links.have_run_out(registration.session):
                return run_out(request, registration.session)
            return view(request, registration, **more)

    return never_cache(opened)


@require_safe
@by_link
def my_registration(request: HttpRequest, registration: Registration) -> HttpResponse:
    """How the registration stands, and what can be done."""
    return _show(request, registration)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def cancel_registration(
    request: HttpRequest, registration: Registration
) -> HttpResponse:
    """Whether to give up the place, or not to take the one offered."""

    def give_up(registration: Registration) -> bool:
        reason = Registration.Reason.PERSON
        return offers.decline(registration) or registrations.cancel(
            registration, reason
        )

    return _ask(request, registration, "pages/registration_cancel.html", give_up)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def accept_offer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Taking the place that is offered. Who comes too late reads what happened."""
    if request.method != "POST":
        return _show(request, registration)
    offers.accept(registration)
    forget(request, registration)
    return _to_mine(registration, "answered")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def ask_again(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Asking once more, after an offer that came to nothing."""
    if request.method != "POST":
        return _show(request, registration)
    if registration.reason in LOST:
        try:
            placed = registrations.ask_again(registration)
        except (RegistrationRefused, NotForYou):
            return _to_mine(registration, "answered")
        # Of one that was made elsewhere, its own mail has the link.
        if not placed.already:
            registration = placed.registration
    return _to_mine(registration, "asked")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def not_me(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Whether somebody else had used the address."""
    template = "pages/registration_not_me.html"
    return _ask(request, registration, template, registrations.not_me)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def correct_registration(
    request: HttpRequest, registration: Registration
) -> HttpResponse:
    """Correcting what one wrote."""
    if not _may_change(registration):
        return _show(request, registration)
    form = CorrectionForm(posted(request), registration=registration)
    if form.is_bound and form.is_valid():
        registrations.correct(registration, **form.corrections())
        forget(request, registration)
        return _to_mine(registration, "corrected")
    context = {
        "registration": registration,
        "session": registration.session,
        "form": form,
        "suggestions": form.suggestions,
        "bodies": body_choices(registration.session),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/registration_correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def ask_colleague(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Asking a colleague to go instead, and taking it back."""
    instead = substitutions.prospect(registration)
    if request.method == "POST" and instead.asked:
        # The second click of two asks the same colleague.
        if "take_back" in request.POST:
            substitutions.withdraw(instead.asked)
        return _to_mine(registration, "sent", at="#instead")
    if not instead.can_ask:
        return _show(request, registration)
    initial = {"language": registration.language}
    form = AskForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            substitutions.ask(registration, **form.colleague())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to_mine(registration, "sent", at="#instead")
    context = {
        "registration": registration,
        "session": registration.session,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/substitution_ask.html", context, status=status)


def _ask(
    request: HttpRequest, registration: Registration, template: str, act: Act
) -> HttpResponse:
    """Show the question of `template`; do `act` when its button is pressed."""
    may_change = _may_change(registration)
    if request.method == "POST":
        # The second click of two reads the same as the first.
        if may_change:
            act(registration)
            forget(request, registration)
        return _to_mine(registration, "cancelled")
    if not may_change:
        return _show(request, registration)
    context = {"registration": registration, "session": registration.session}
    return render(request, template, context)


def _to_mine(registration: Registration, what: str, at: str = "") -> HttpResponse:
    page = reverse("my_registration", args=[registration.token])
    return redirect(f"{page}?{what}=1{at}")


def _show(request: HttpRequest, registration: Registration) -> HttpResponse:
    waits = registration.state == Registration.State.WAITING
    standing = registration.session.standing
    lost = registration.reason in LOST
    asked_again = lost and _is_registered(registration)
    until = registration.offered_until
    context = {
        "registration": registration,
        "session": registration.session,
        "position": registration.queue_position,
        "until": until,
        "time_is_up": until is not None and until <= timezone.now(),
        "too_late": "answered" in request.GET and waits,
        "asked_again": asked_again,
        "can_ask_again": lost and not asked_again and standing.can_register,
        "can_cancel": _may_change(registration),
        "declined": answers.declines(registration),
        "instead": substitutions.prospect(registration),
        "just_asked": "sent" in request.GET,
        "just_cancelled": "cancelled" in request.GET and not registration.is_active,
        "just_corrected": "corrected" in request.GET and registration.is_active,
    }
    return render(request, "pages/registration.html", context)


def _is_registered(registration: Registration) -> bool:
    """Whether the address has an active registration for the session."""
    others = registration.session.registrations.active()
    return others.of_address(registration.email).exists()


def _may_change(registration: Registration) -> bool:
    over = registration.session.standing.kind in (Kind.HELD, Kind.CANCELLED)
    return registration.is_active and not over
