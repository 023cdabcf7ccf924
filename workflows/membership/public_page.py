"""The pages of those bodies that want one, for everybody: the sessions that their
people took part in. No names."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from cms.caching.offering import offer
from cms.choosing import Chosen
from community.models import LocalBody

from . import attending

PER_PAGE = 20
# Of fewer people, how many they are may say who.
FEWEST = 5


@require_safe
def public_bodies(request: HttpRequest) -> HttpResponse:
    """Every body that has a page."""
    bodies = Chosen(request.GET, [], LocalBody.objects.public(), PER_PAGE * 3)
    offer(request, bodies.asked)
    return render(request, "pages/public_bodies.html", {"bodies": bodies})


@require_safe
def public_body(request: HttpRequest, code: str) -> HttpResponse:
    """The body, and the sessions that its people took part in, as they registered.
    Http404 unless the body wants it."""
    rows = LocalBody.objects.select_related("merged_into")
    body = get_object_or_404(rows, code=code)
    if body.merged_into and body.merged_into.is_public:
        return redirect("public_body", body.merged_into.code)
    body = get_object_or_404(LocalBody.objects.public(), pk=body.pk)
    held = attending.held(body, timezone.now()).public()
    sessions = Chosen(request.GET, [], held, PER_PAGE)
    offer(request, sessions.asked)
    context = {"body": body, "sessions": sessions, "fewest": FEWEST}
    return render(request, "pages/public_body.html", context)


class BodiesSitemap(Sitemap):
    """The pages of bodies, in each language."""

    limit = 5000

    def items(self) -> Any:
        return LocalBody.objects.public()

    def get_urls(self, page: int | str = 1, *args: Any, **kwargs: Any) -> list[dict]:
        return [
            row for body in self.paginator.page(page).object_list for row in _rows(body)
        ]


def _rows(body: LocalBody) -> list[dict]:
    """What Django's template of a sitemap asks for."""
    twins = [
        {"location": _address(body, code), "lang_code": code}
        for code, _name in settings.LANGUAGES
    ]
    return [
        {
            "item": body,
            "location": twin["location"],
            "lastmod": None,
            "changefreq": None,
            "priority": "",
            "alternates": twins,
        }
        for twin in twins
    ]


def _address(body: LocalBody, language: str) -> str:
    with override(language):
        return urljoin(settings.SITE_URL, reverse("public_body", args=[body.code]))
