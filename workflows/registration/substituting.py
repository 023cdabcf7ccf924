"""Going instead of a colleague: the form that asks, and the page of who is asked.

Opening the page does nothing: a button answers.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.form_renderer import PlacaRenderer
from events import links, substitutions
from events.models import Registration, Substitution
from events.registrations import Applicant, Needs
from events.views import run_out

from . import guard
from .fields import AddressField, LanguageField, NameField, PositionField
from .forms import NOTICE_VERSION, GuardedForm, NeedsForm

Outcome = Substitution.Outcome


class AskForm(GuardedForm):
    """Who is asked to go instead."""

    name = NameField()
    email = AddressField(
        help_text=_("We write there, so that your colleague can say yes or no.")
    )
    language = LanguageField(
        label=_("In which language shall we write to your colleague?")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # A form with mistakes sends no mail.
        if not self.errors:
            guard.check_number(data["email"])
        return data

    def colleague(self) -> dict[str, str]:
        """What `substitutions.ask` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "language")}


class YesForm(NeedsForm):
    """What somebody says of themselves who goes instead of a colleague."""

    default_renderer = PlacaRenderer()

    name = NameField()
    position = PositionField()
    language = LanguageField()

    field_order = ("name", "position")

    def colleague(self, email: str) -> Applicant:
        """Who goes, with the address that was asked."""
        data, needs = self.cleaned_data, self.needs()
        return Applicant(
            name=data["name"],
            email=email,
            position=data["position"],
            language=data["language"],
            notice_version=NOTICE_VERSION,
            # Who waited may have said before what they need.
            needs=None if needs == Needs() else needs,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def substitution(request: HttpRequest, token: str) -> HttpResponse:
    """Where a colleague says whether they go, in the language that they were asked in,
    and reads what came of it."""
    rows = Substitution.objects.select_related(
        "registration__session__series", "registration__body", "successor"
    )
    asked = get_object_or_404(rows, token=token)
    with override(asked.language):
        session = asked.registration.session
        if links.have_run_out(session):
            return run_out(request, session)
        return _answer(request, asked)


def _answer(request: HttpRequest, asked: Substitution) -> HttpResponse:
    here = reverse("substitution", args=[asked.token])
    is_open = substitutions.is_open(asked)
    if request.method == "POST" and (not is_open or "no" in request.POST):
        # The second click of two, or one that comes too late, reads what there is.
        substitutions.refuse(asked)
        return redirect(here)
    initial = {"name": asked.name, "language": asked.language}
    form = YesForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        substitutions.confirm(asked, form.colleague(asked.email))
        return redirect(here)
    registration = asked.registration
    people = registration.session.registrations.active().of_address(asked.email)
    context = {
        "substitution": asked,
        "registration": registration,
        "session": registration.session,
        "form": form,
        "how": "open" if is_open else _how(asked),
        "has_place": people.filter(state=Registration.State.CONFIRMED).exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/substitution.html", context, status=status)


def _how(asked: Substitution) -> str:
    """How it ended, or is about to: the worker may not have come to it yet."""
    if asked.outcome == Outcome.CONFIRMED and not asked.successor.is_active:
        return "given_up"
    if asked.outcome:
        return str(asked.outcome)
    has_place = substitutions.can_pass_on(asked.registration)
    return str(Outcome.EXPIRED if has_place else Outcome.WITHDRAWN)
