"""Beginning a request of a resource, in the name of a body that one acts for."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.acting import memberships
from community.models import Membership
from workflows.catalogue import offers
from workflows.catalogue.eligibility import window_at
from workflows.catalogue.models import Edition, Resource
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address

from . import drafts, submitting


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin_request(request: HttpRequest, code: str) -> HttpResponse:
    """For which body, whether it can, what it has begun already; a button begins.
    Http404 for what is not in the catalogue."""
    found = Resource.objects.public().filter(code__iexact=code)
    resource = found.select_related("unit", "area").first()
    edition = resource and _edition_now(resource)
    if resource is None or edition is None:
        raise Http404
    context: dict[str, Any] = {"resource": resource}
    if not proven_address(request):
        return _show(request, {**context, "way_in": way_in(request)})
    mine = list(memberships.of(acting_account(request)))
    chosen = _chosen(mine, request.GET.get("body", ""))
    context |= {"memberships": mine, "mine": chosen}
    if chosen is None:
        return _show(request, context)
    answered = submitting.can_request(chosen.body, edition)
    can = answered.answer.tone in submitting.GOES_ON and drafts.may_write(chosen)
    if request.method == "POST" and can:
        try:
            draft = drafts.begin(chosen.body, edition, chosen.user)
        except PermissionDenied:
            # Ended just now: the page says for which bodies one acts.
            return redirect(request.get_full_path())
        return redirect("write_request", chosen.body.code, draft.key)
    there = drafts.of(chosen.body, edition).select_related("saved_by")
    context |= {
        "answered": answered,
        "may_write": drafts.may_write(chosen),
        "can": can,
        "drafts": there,
        "edition": edition,
    }
    return _show(request, context)


def way_in(request: HttpRequest) -> str:
    """Where somebody shows that an address is hers, to come back here."""
    if request.user.is_authenticated:
        # By no code to it: the form to sign in would lead her back at once.
        return reverse("my_bodies")
    query = urlencode({"next": request.get_full_path()})
    return f"{reverse('account_login')}?{query}"


def _edition_now(resource: Resource) -> Edition | None:
    """The edition that counts today; None if none is published."""
    offer = offers.find(Resource.objects.filter(pk=resource.pk))[0]
    window = window_at(offer.terms.windows, timezone.now())
    year = window.year if window else None
    return resource.editions.published().filter(year=year).first()


def _chosen(mine: list[Membership], code: str) -> Membership | None:
    """That of the body of that code; or the only one there is."""
    if len(mine) == 1:
        return mine[0]
    return next((each for each in mine if each.body.code == code), None)


def _show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    sheet = reverse("resource", args=[context["resource"].code])
    return render(request, "pages/request_begin.html", {**context, "sheet_url": sheet})
