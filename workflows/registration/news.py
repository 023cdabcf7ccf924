"""Hearing of the next session of a series."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import followers
from events.models import Follower, Series

from .forms import FollowForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Asking to hear. The answer is the same whether or not the address did."""
    series = get_object_or_404(Series, code=code)
    form = FollowForm(request.POST if request.method == "POST" else None)
    asked = form.is_bound and form.is_valid()
    if asked:
        followers.follow(series, form.cleaned_data["email"], get_language())
    context = {"series": series, "form": form, "asked": asked}
    status = 422 if form.is_bound and not asked else 200
    return render(request, "pages/follow.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def following(request: HttpRequest, token: str) -> HttpResponse:
    """Where an address says yes, and where it leaves: by buttons."""
    rows = Follower.objects.select_related("series")
    leaving = request.method == "POST" and "leave" in request.POST
    follower = rows.filter(token=token).first()
    if follower is None and leaving:
        # The second click of two, or the button of a page that was left open.
        return _left(request, None)
    if follower is None:
        raise Http404
    with override(follower.language):
        if leaving:
            followers.leave(follower)
            return _left(request, follower.series)
        if not followers.can_confirm(follower):
            return _asked_long_ago(request, follower)
        if request.method == "POST":
            followers.confirm(follower)
            return redirect(reverse("following", args=[token]))
        context = {"series": follower.series, "follower": follower}
        return render(request, "pages/following.html", context)


def _asked_long_ago(request: HttpRequest, follower: Follower) -> HttpResponse:
    context = {"series": follower.series}
    return render(request, "pages/link_over.html", context, status=410)


def _left(request: HttpRequest, series: Series | None) -> HttpResponse:
    context = {"series": series, "follower": None}
    return render(request, "pages/following.html", context)
