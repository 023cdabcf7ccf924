"""What every page carries and seldom changes: looked up once, then remembered.

A page that is published, moved or taken away makes all of it forgotten. Where each
process has a cache of its own, the others notice within `REMEMBERED` seconds.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from wagtail.models import Site

from cms.models import SeriesPage

REMEMBERED = 60
KEY = "chrome"


def menu(site: Site) -> list[tuple[str, str]]:
    """Title and address of the published pages right under the home page that its
    editors marked for menus, in their order, in the active language."""

    def look_up() -> list[tuple[str, str]]:
        pages = site.root_page.localized.get_children().live().in_menu()
        return [(page.title, page.url or "") for page in pages]

    return _remembered(f"menu {site.pk}", look_up)


def series_addresses() -> dict[int, str]:
    """The address of each series' page in the active language, by the series' key."""

    def look_up() -> dict[int, str]:
        pages = SeriesPage.objects.live().filter(locale__language_code=get_language())
        return {page.series_id: page.url or "" for page in pages}

    return _remembered("series", look_up)


def forget(**kwargs: Any) -> None:
    """Look everything up again; called when a page changes."""
    cache.delete(KEY)


def _remembered(name: str, look_up: Callable[[], Any]) -> Any:
    # One entry for all, so that forgetting is one step.
    known = cache.get(KEY, {})
    key = (name, get_language())
    if key not in known:
        known = {**known, key: look_up()}
        cache.set(KEY, known, REMEMBERED)
    return known[key]
