"""Saying that one's body adapts a good practice; for who acts for one."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.acting import memberships
from community.models import Membership
from workflows.caravan import parties
from workflows.caravan.models import Adaptation, GoodPractice
from workflows.caravan.pages import places
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address
from workflows.requesting.beginning import way_in

from . import adapting
from .adapt_form import AdaptForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def adapt(request: HttpRequest, key: Any) -> HttpResponse:
    """For which body, and how far it is; a button says so. Http404 for what is not
    published."""
    rows = GoodPractice.objects.public().select_related("body")
    practice = get_object_or_404(rows, key=key)
    context = {
        "practice": practice,
        "page_url": places().practices.get(practice.pk, ""),
    }
    if not proven_address(request):
        return _show(request, {**context, "way_in": way_in(request)})
    mine = [
        each
        for each in memberships.of(acting_account(request)).order_by("body__name")
        if each.body_id != practice.body_id
    ]
    chosen = _chosen(mine, request.GET.get("body", ""))
    context |= {"memberships": mine, "mine": chosen}
    if chosen is None or not parties.may_write(chosen):
        if request.method == "POST":
            return redirect(request.get_full_path())
        return _show(request, context)
    said = Adaptation.objects.filter(practice=practice, body=chosen.body).first()
    form = _form(request, chosen, said)
    if form.is_bound and form.is_valid():
        try:
            adapting.say(practice, chosen.body, by=chosen.user, **form.cleaned_data)
        except PermissionDenied:
            raise Http404 from None
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(f"{request.path}?body={chosen.body.code}&said=1")
    context |= {"form": form, "said": said, "is_kept": "said" in request.GET}
    return _show(request, context, 422 if form.errors else 200)


def _form(request: HttpRequest, mine: Membership, said: Adaptation | None) -> AdaptForm:
    posted = request.POST if request.method == "POST" else None
    initial = {"state": Adaptation.State.INTERESTED}
    if said:
        names = ("state", "text", "wants_help")
        initial = {name: getattr(said, name) for name in names}
    return AdaptForm(posted, body=mine.body, initial=initial)


def _chosen(mine: list[Membership], code: str) -> Membership | None:
    if not code and len(mine) == 1:
        return mine[0]
    return next((each for each in mine if each.body.code == code), None)


def _show(
    request: HttpRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, "pages/practice_adapt.html", context, status=status)
