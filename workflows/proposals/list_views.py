"""The list of what is proposed: to its readers, to programs that follow it, and to
search engines."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.caching.offering import offer

from .models import Proposal
from .pages import list_address
from .shelf import Shelf

LATEST = 30


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """The address of the list that never changes: it leads to its page in the language
    of the address, or shows the list where there is none."""
    if address := list_address():
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(address + query)
    shelf = Shelf(request.GET)
    if not shelf.looked_for:
        offer(request, shelf.asked)
    return render(request, "pages/proposals.html", {"shelf": shelf})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The latest that were published, as a feed (RSS 2.0)."""
    offer(request, {})
    written = Rss201rev2Feed(
        title=f"{_('Topic proposals')} · {settings.SITE_NAME}",
        link=urljoin(settings.SITE_URL, reverse("proposals")),
        description=_("What people would like the next sessions to be about."),
        language=get_language(),
        feed_url=urljoin(settings.SITE_URL, reverse("proposals_feed")),
    )
    rows = Proposal.objects.public().select_related("case", "topic")
    for row in rows.order_by("-published", "-pk")[:LATEST]:
        address = urljoin(settings.SITE_URL, row.get_absolute_url())
        written.add_item(
            title=row.title,
            link=address,
            description=row.wanted,
            unique_id=address,
            pubdate=row.published,
            categories=[str(row.topic.name)] if row.topic else (),
        )
    content = written.writeString("utf-8")
    return HttpResponse(content, content_type="application/rss+xml; charset=utf-8")


class ProposalsSitemap(Sitemap):
    """The pages of proposals, each in the language that it is written in."""

    limit = 5000

    def items(self) -> Any:
        rows = Proposal.objects.public().order_by("pk")
        return rows.values_list("case__number", "case__language", "case__last_action")

    def get_urls(self, page: int | str = 1, *args: Any, **kwargs: Any) -> list[dict]:
        return [_row(*found) for found in self.paginator.page(page).object_list]


def _row(number: str, language: str, changed: datetime) -> dict[str, Any]:
    """What Django's template of a sitemap asks for."""
    with override(language):
        address = reverse("proposal", args=[number])
    return {
        "item": number,
        "location": urljoin(settings.SITE_URL, address),
        "lastmod": changed,
        "changefreq": None,
        "priority": "",
        "alternates": [],
    }
