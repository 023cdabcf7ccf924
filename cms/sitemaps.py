"""What search engines may find: every page that anybody can read, in its languages."""

from collections import defaultdict
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.core.paginator import Page as PageOfRows
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, Site

from events.models import Session

from .caching.offering import offer
from .models import SessionPage

_maps: dict[str, type[Sitemap]] = {}


def register(name: str, pages: type[Sitemap]) -> None:
    """Have the map name more `pages`, those of another room; called at start-up."""
    _maps[name] = pages


def pages(request: HttpRequest) -> HttpResponse:
    """The map, kept for everybody."""
    offer(request, {})
    return sitemap(request, {"pages": PagesSitemap, **_maps})


class PagesSitemap(Sitemap):
    """The published pages of the site, without what is private, and without the pages
    of sessions that are not announced or not listed."""

    limit = 5000

    def items(self) -> list[Page]:
        site = Site.objects.select_related("root_page").filter(is_default_site=True)
        if not (home := next((each.root_page for each in site), None)):
            return []
        homes = home.get_translations(inclusive=True).values_list("path")
        below = Q()
        for (path,) in homes:
            below |= Q(path__startswith=path)
        unseen = SessionPage.objects.filter(
            Q(session__state=Session.State.DRAFT) | Q(session__listed=False)
        )
        pages = Page.objects.live().public().filter(below).exclude(pk__in=unseen)
        return list(pages.select_related("locale").order_by("path"))

    def get_urls(self, page: int | str = 1, *args: Any, **kwargs: Any) -> list[dict]:
        rows: PageOfRows = self.paginator.page(page)
        twins: dict[Any, dict[str, str]] = defaultdict(dict)
        for each in self.paginator.object_list:
            twins[each.translation_key][each.locale.language_code] = _address(each)
        return [_row(each, twins[each.translation_key]) for each in rows.object_list]


def _row(page: Page, twins: dict[str, str]) -> dict:
    """What Django's template of a sitemap asks for."""
    return {
        "item": page,
        "location": _address(page),
        "lastmod": page.last_published_at,
        "changefreq": None,
        "priority": "",
        "alternates": [
            {"location": address, "lang_code": code} for code, address in twins.items()
        ]
        if len(twins) > 1
        else [],
    }


def _address(page: Page) -> str:
    return urljoin(settings.SITE_URL, page.url)
