"""What the links within rich text become on the page."""

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.pages import PageLinkHandler

from cms.reading import live_in


class PageLink(PageLinkHandler):
    """A link within rich text: to the page in the reader's language or, if there is
    none, to the page that was chosen. To what is not published no link leads."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        keys = [int(attrs["id"]) for attrs in attrs_list if "id" in attrs]
        chosen = Page.objects.select_related("locale").in_bulk(set(keys))
        wanted = {page.translation_key for page in chosen.values()}
        mine = {page.translation_key: page for page in live_in(wanted, get_language())}
        links = []
        for attrs in attrs_list:
            page = chosen.get(int(attrs.get("id", 0)))
            page = page and mine.get(page.translation_key, page)
            url = page.url if page and page.live else None
            links.append(f'<a href="{escape(url)}">' if url else "<a>")
        return links


class OutsideLink(LinkHandler):
    """A link to another site, which learns nothing of the page that it was on."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        return f'<a href="{escape(attrs["href"])}" rel="noopener">'
