"""What other programs read of a page: search engines, social networks, calendars."""

import json
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page

from cms import chrome, furniture
from cms.models import ArticlePage, Rendition
from events.models import Session

register = template.Library()

# What Open Graph calls our languages.
TERRITORIES = {"ca": "ca_ES", "es": "es_ES", "en": "en_GB"}
# Those of the picture that a theme brings.
CARD_SIZE = (1200, 630)


class Card(NamedTuple):
    """A page as other sites show it. `alternates` are its whole addresses by
    language, its own among them."""

    title: str
    description: str
    url: str
    is_article: bool
    published: date | None
    changed: date | None
    picture: furniture.Picture
    alternates: dict[str, str]


@register.simple_tag(takes_context=True)
def card(context: dict[str, Any]) -> Card | None:
    """How other sites show this page; None for one that is nobody else's business:
    a form, a person's own, a draft."""
    request: HttpRequest | None = context.get("request")
    page, session = context.get("page"), context.get("session")
    if request is None or getattr(request, "is_preview", False):
        return None
    if isinstance(page, Page) and page.live and page.pk:
        return _of_page(context, page, request)
    # A session that has no page; on any other screen it is only what that is about.
    if isinstance(session, Session) and "standing" in context and "page" in context:
        return _of_session(session, request)
    return None


@register.filter
def territory(code: str) -> str:
    """A language as Open Graph writes it."""
    return TERRITORIES.get(code, code)


@register.simple_tag(takes_context=True)
def linked_data(context: dict[str, Any], shown: Card) -> SafeString:
    """An article in the words of schema.org; nothing for any other page.

    The element holds data, which no browser runs: the policy that forbids scripts
    inside the page does not concern it.
    """
    if not shown.is_article:
        return SafeString("")
    said = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": shown.title,
        "description": shown.description,
        "url": shown.url,
        "image": shown.picture.url,
        "inLanguage": get_language(),
        "datePublished": str(shown.published or ""),
        "dateModified": str(shown.changed or shown.published or ""),
        "author": [
            {"@type": "Person", "name": author.name} for author in context["authors"]
        ],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
    }
    data = json.dumps({k: v for k, v in said.items() if v}, ensure_ascii=False)
    # Nothing in it can end the element.
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(data),  # noqa: S308 - escaped above
    )


def _of_page(context: dict[str, Any], page: Page, request: HttpRequest) -> Card:
    twins = chrome.twins(page, request)
    session = context.get("session")
    query = request.META.get("QUERY_STRING", "")
    own = _whole(twins.get(get_language()) or page.get_url(request) or request.path)
    said = getattr(page, "lead", "") or str(getattr(session, "summary", ""))
    is_article = isinstance(page, ArticlePage)
    return Card(
        page.seo_title or getattr(page, "hero_title", "") or page.title,
        page.search_description or said,
        f"{own}?{query}" if query else own,
        is_article,
        page.published if is_article else None,
        page.changed if is_article else None,
        _picture(context.get("wide"), request),
        {code: _whole(url) for code, url in twins.items()} if not query else {},
    )


def _of_session(session: Session, request: HttpRequest) -> Card:
    # The same address as in mails: it never changes.
    own = _whole(reverse("session", args=(session.code,)))
    return Card(
        str(session.title),
        str(session.summary),
        own,
        False,
        None,
        None,
        _picture(None, request),
        {},
    )


def _picture(wide: Rendition | None, request: HttpRequest) -> furniture.Picture:
    """The page's own, or the site's, or the theme's."""
    if wide:
        return furniture.Picture(_whole(wide.url), wide.width, wide.height)
    of_site = furniture.foot(request).card
    if of_site:
        return of_site._replace(url=_whole(of_site.url))
    return furniture.Picture(_whole(static("img/social.png")), *CARD_SIZE)


def _whole(address: str) -> str:
    return urljoin(settings.SITE_URL, address)
