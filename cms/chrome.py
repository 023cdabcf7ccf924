"""What every page carries and seldom changes, and where pages are: looked up once,
then remembered until something is published, moved or taken away."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from django.apps import apps
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from cms.caching import memory
from cms.models import SeriesPage


class Entry(NamedTuple):
    """One page that every page links, and those that stand below it in the menu."""

    title: str
    url: str
    below: tuple["Entry", ...] = ()


def menu(request: HttpRequest) -> list[Entry]:
    """The published pages right under the home page that editors marked for menus,
    and right under those, in their order, in the active language."""

    def look_up() -> list[Entry]:
        site = Site.find_for_request(request)
        if site is None:
            return []
        top = site.root_page.depth + 1
        pages = (
            Page.objects.live()
            .select_related("locale")
            .filter(
                show_in_menus=True,
                depth__in=(top, top + 1),
                locale__language_code=get_language(),
            )
        )
        # In this order each page comes right before those below it.
        found: dict[str, tuple[Page, list[Page]]] = {}
        for page in pages.order_by("path"):
            above = page.path[: -page.steplen]
            if page.depth == top:
                found[page.path] = (page, [])
            elif above in found:
                found[above][1].append(page)
        return [_entry(page, below, request) for page, below in found.values()]

    return memory.once(f"menu {_here(request)}", look_up)


def twins(page: Page, request: HttpRequest) -> dict[str, str]:
    """The address of `page` in each language that it is published in, by code."""

    def look_up() -> dict[str, str]:
        pages = Page.objects.live().select_related("locale")
        pages = pages.filter(translation_key=page.translation_key)
        return {p.locale.language_code: p.get_url(request) or "" for p in pages}

    return memory.once(f"twins {page.pk} {_here(request)}", look_up)


def series_addresses() -> dict[int, str]:
    """The address of each series' page in the active language, by the series' key."""

    def look_up() -> dict[int, str]:
        pages = SeriesPage.objects.live().filter(locale__language_code=get_language())
        return {page.series_id: page.url or "" for page in pages.order_by("-path")}

    return memory.once(f"series {get_language()}", look_up)


def lead(request: HttpRequest, path: str) -> None:
    """Spare Wagtail the way down the tree to the page at `path`, and the question who
    may see it, if both were gone through before. The page itself is read anew, and
    must still be published."""
    moment, known = memory.recall(key := f"page {_here(request)} {path}")
    if known is None:
        found = Page.route_for_request(request, path)
        # What nobody is kept from: the rest is asked each time.
        if found and not (found.args or found.kwargs or _is_private(found.page)):
            memory.keep(key, moment, (found.page._meta.label, found.page.pk))
        return
    model, pk = known
    pages = apps.get_model(model).objects.select_related("locale")
    with suppress(Page.DoesNotExist):
        page = pages.get(pk=pk, live=True)
        page.is_open = True
        # Where Wagtail remembers it for the rest of the request.
        request._wagtail_route_for_request = RouteResult(page)


def was_public(request: HttpRequest, path: str) -> bool:
    """Whether a page at `path` was published once and is not any more."""
    site = Site.find_for_request(request)
    if site is None:
        return False
    homes = site.root_page.get_translations(inclusive=True)
    home = homes.filter(locale__language_code=get_language()).first()
    taken = Page.objects.filter(live=False, first_published_at__isnull=False)
    return bool(home) and taken.filter(url_path=f"{home.url_path}{path}").exists()


def _entry(page: Page, below: Iterable[Page], request: HttpRequest) -> Entry:
    lower = tuple(_entry(each, (), request) for each in below)
    return Entry(page.title, page.get_url(request) or "", lower)


def _is_private(page: Page) -> bool:
    return page.get_view_restrictions().exists()


def _here(request: HttpRequest) -> str:
    return f"{request.get_host()} {get_language()}"
