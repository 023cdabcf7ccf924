"""Offering to tell of others, in the name of a body that one acts for."""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms import forgery
from community.models import Membership
from workflows.caravan import parties
from workflows.membership.people import of_body
from workflows.registration.proof import proven_address
from workflows.requesting.views import sign_in_first

from . import offering
from .host_views import View
from .offer_form import OfferForm


def by_writer(view: View) -> View:
    """As `of_body`, for who may write for it. PermissionDenied for readers; who is not
    signed in any more does so first, and finds what she wrote."""

    @of_body
    def checked(request: HttpRequest, mine: Membership, **more: Any) -> HttpResponse:
        if not parties.may_write(mine):
            raise PermissionDenied
        return view(request, mine, **more)

    @wraps(view)
    def opened(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
        if not proven_address(request):
            return sign_in_first(request)
        return checked(request, code, **more)

    # It asks for the token itself, and loses nothing that was typed.
    return csrf_exempt(opened)


@require_http_methods(["GET", "HEAD", "POST"])
@by_writer
def caravan_offer(request: HttpRequest, mine: Membership) -> HttpResponse:
    """What she offers, to be changed."""
    offer = parties.offer_of(mine)
    form = OfferForm(request.POST if request.method == "POST" else None, offer=offer)
    if form.is_bound and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_bound and form.is_valid():
        try:
            offering.offer(mine.body, mine.user, form.said)
        except PermissionDenied:
            # Ended just now.
            return redirect("my_bodies")
        return _to_caravan(mine, "offered")
    context = {"body": mine.body, "form": form, "offer": offer}
    status = 422 if form.is_bound else 200
    return render(request, "pages/offer_write.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@by_writer
def caravan_unoffer(request: HttpRequest, mine: Membership) -> HttpResponse:
    """Whether to offer it no more."""
    offer = parties.offer_of(mine)
    if request.method == "POST" and forgery.is_ours(request):
        done = offering.withdraw(mine.body, mine.user)
        return _to_caravan(mine, "unoffered" if done else "already")
    if offer is None:
        return _to_caravan(mine, "already")
    context = {
        "body": mine.body,
        "offer": offer,
        "is_going_on": offering.going_on(offer),
    }
    return render(request, "pages/offer_withdraw.html", context)


def _to_caravan(mine: Membership, said: str) -> HttpResponse:
    page = reverse("caravan_body", args=[mine.body.code])
    return redirect(f"{page}?{said}=1")
