"""What editors answer to a search themselves, before all that is found."""

from collections import defaultdict
from typing import NamedTuple

from django.utils.translation import get_language
from wagtail.contrib.search_promotions.models import SearchPromotion

from cms.caching import memory
from cms.reading import Choice

from .words import Words, plain


class Pick(NamedTuple):
    title: str
    url: str
    description: str


def picks(words: Words) -> list[Pick]:
    """Those for exactly these words, however they are accented: each page in the
    reader's language, and none that nobody can read."""
    return _picks().get(_key(words), [])


def _picks() -> dict[tuple[str, ...], list[Pick]]:
    """All there are, by their words."""

    def look_up() -> dict[tuple[str, ...], list[Pick]]:
        rows = SearchPromotion.objects.select_related("query", "page")
        rows = list(rows.order_by("query", "sort_order", "pk"))
        pages = Choice([row.page for row in rows])
        found = defaultdict(list)
        for row in rows:
            if pick := _pick(row, pages):
                found[_key(Words(row.query.query_string))].append(pick)
        return dict(found)

    return memory.once(f"picks {get_language()}", look_up)


def _pick(row: SearchPromotion, pages: Choice) -> Pick | None:
    if not row.page:
        title = row.external_link_text or row.external_link_url
        return Pick(title, row.external_link_url, row.description)
    page = pages.shown(row.page)
    return Pick(page.title, page.url, row.description) if page and page.url else None


def _key(words: Words) -> tuple[str, ...]:
    return tuple(sorted(plain(word.replace("·", "")) for word in words))
