"""Saying what one thinks of a stop; for its two sides. To others there is no such
page."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.form_renderer import PlacaRenderer
from workflows.caravan import parties
from workflows.caravan.models import Stop
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address
from workflows.requesting.views import sign_in_first

from . import evaluating


class EvaluateForm(forms.Form):
    default_renderer = PlacaRenderer()

    score = forms.TypedChoiceField(
        label=_("From 0 to 10, how did it go?"),
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("0 is very badly, 10 could not be better."),
        error_messages={"required": _("Choose a figure from 0 to 10.")},
    )
    text = forms.CharField(
        label=_("What to keep, what to change"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The team reads it, and nobody else."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def evaluate(request: HttpRequest, key: Any) -> HttpResponse:
    """The form, as that side has filled it in last."""
    if not proven_address(request):
        return sign_in_first(request)
    account = acting_account(request)
    rows = Stop.objects.submitted().select_related("body", "case", "practice")
    stop = get_object_or_404(rows, key=key, case__erased=None)
    party = evaluating.party_of(stop, account)
    if account is None or party is None:
        raise Http404
    said = stop.evaluations.filter(side=party.side).first()
    initial = {"score": said.score, "text": said.text} if said else {}
    form = EvaluateForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            evaluating.evaluate(stop, by=account, **form.cleaned_data)
        except PermissionDenied:
            raise Http404 from None
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(f"{request.path}?said=1")
    context = {
        "stop": stop,
        "party": party,
        # That of the stop is closed to who says it in place of a colleague.
        "sees_stop": parties.party_of(stop, account) is not None,
        "form": form,
        "said": said,
        "is_open": evaluating.is_open(stop),
        "is_kept": "said" in request.GET,
    }
    status = 422 if form.errors else 200
    return render(request, "pages/practice_evaluate.html", context, status=status)
