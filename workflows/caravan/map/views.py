"""The page of the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.caching.offering import offer
from workflows.caravan.landing import caravan_address

from .marks import Shown


@require_safe
def caravan_map(request: HttpRequest) -> HttpResponse:
    """Where the caravan stops and has stopped, and what came of it: a map, and a list
    that tells the same."""
    shown = Shown(request.GET)
    offer(request, shown.asked)
    context = {"shown": shown, "caravan_url": caravan_address()}
    return render(request, "pages/caravan_map.html", context)
