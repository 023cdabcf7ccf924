"""The page of the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.caching.offering import offer
from workflows.caravan.pages import places

from .marks import Shown


@require_safe
def caravan_map(request: HttpRequest) -> HttpResponse:
    """Where the caravan stops and has stopped, and what came of it: a map, and a list
    that tells the same."""
    where = places()
    shown = Shown(request.GET, where.practices)
    offer(request, shown.asked)
    context = {"shown": shown, "caravan_url": where.caravan}
    return render(request, "pages/caravan_map.html", context)
