"""The menu, the language switch, the foot and the ways that every page carries."""

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info, override
from wagtail.models import Page

from cms import chrome, furniture
from cms.models import SessionPage
from community.models import Topic
from events.models import Series

register = template.Library()


class MenuItem(NamedTuple):
    """One way in the menu; `current` is what aria-current says: page for the very
    page, true for one below it, empty elsewhere. `below` are the ways under it."""

    title: str
    url: str
    current: str
    below: list["MenuItem"]


class LanguageLink(NamedTuple):
    """One language of the switch. An empty `url` means that this address has no
    twin in that language: the choice has to be saved for the reader instead."""

    code: str
    name: str
    url: str
    current: bool


class Frame(NamedTuple):
    """What stands around every page."""

    menu: list[MenuItem]
    languages: list[LanguageLink]


@register.simple_tag
def home_url() -> str:
    """The address of the home page in the active language."""
    return reverse("wagtail_serve", args=("",))


@register.simple_tag(takes_context=True)
def site_frame(context: dict[str, Any]) -> Frame:
    """The menu, and the languages of the page that `context` is about.

    A person's own pages have no languages to choose from: they speak the one that the
    person asked for when registering or asking, like the mails that lead to them.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return Frame([], [])
    menu = [_item(entry, request) for entry in chrome.menu(request)]
    if any(whose in context for whose in ("registration", "follower", "case")):
        return Frame(menu, [])
    page = context.get("page")
    if isinstance(page, Page) and page.pk:
        return Frame(menu, _links(chrome.twins(page, request)))
    return Frame(menu, _links(_twins(request)))


@register.simple_tag(takes_context=True)
def series_url(context: dict[str, Any], series: Series) -> str:
    """The address of the page about `series` in the active language, or ""."""
    page = context.get("page")
    if isinstance(page, SessionPage) and page.url:
        # It lies right under its series: its own address says where that is.
        return page.url.rstrip("/").rpartition("/")[0] + "/"
    return chrome.series_addresses().get(series.pk, "")


@register.simple_tag
def topic_url(topic: Topic) -> str:
    """The address of the page about `topic` in the active language, or ""."""
    return furniture.topic_addresses().get(topic.pk, "")


@register.simple_tag
def articles_url() -> str:
    """Where all the articles are in the active language, or ""."""
    return furniture.articles_address()


@register.simple_tag(takes_context=True)
def way(context: dict[str, Any], page: Any) -> list[chrome.Entry]:
    """The pages between the home page and `page`, from the top down; none of what is
    no editor's page, or not saved yet."""
    request: HttpRequest | None = context.get("request")
    if request is None or not (isinstance(page, Page) and page.pk):
        return []
    return furniture.way(page, request)


@register.simple_tag(takes_context=True)
def notices(context: dict[str, Any]) -> list[furniture.Notice]:
    """The alerts that stand above every page at this moment."""
    request: HttpRequest | None = context.get("request")
    return furniture.notices(request) if request else []


@register.simple_tag(takes_context=True)
def foot(context: dict[str, Any]) -> furniture.Foot | None:
    """What editors said of the whole site."""
    request: HttpRequest | None = context.get("request")
    return furniture.foot(request) if request else None


def _item(entry: chrome.Entry, request: HttpRequest) -> MenuItem:
    if request.path == entry.url:
        current = "page"
    else:
        current = "true" if request.path.startswith(entry.url) else ""
    below = [_item(each, request) for each in entry.below]
    return MenuItem(entry.title, entry.url, current, below)


def _links(addresses: dict[str, str]) -> list[LanguageLink]:
    return [
        LanguageLink(code, own_name(code), addresses[code], code == get_language())
        for code, _ in settings.LANGUAGES
        if code in addresses
    ]


def own_name(code: str) -> str:
    """What its speakers call a language: here the second one is *castellano*."""
    if code == "es":
        return "Castellano"
    return get_language_info(code)["name_local"].capitalize()


def _twins(request: HttpRequest) -> dict[str, str]:
    """The address of `request` in each language, where it is no editor's page."""
    codes = [code for code, _ in settings.LANGUAGES]
    if request.resolver_match is None:
        # Nothing is found here in any language: the home pages are.
        return {code: _home(code) for code in codes}
    if request.resolver_match.view_name == "session":
        # The one address of a session, which leads to a page if there is one.
        code_of = request.resolver_match.kwargs["code"]
        return {code: _session(code_of, code) for code in codes}
    path = request.get_full_path()
    twins = {code: translate_url(path, code) for code in codes}
    if all(url == path for url in twins.values()):
        return dict.fromkeys(codes, "")
    return twins


def _home(code: str) -> str:
    with override(code):
        return reverse("wagtail_serve", args=("",))


def _session(session: str, language: str) -> str:
    with override(language):
        return reverse("session_here", args=(session,))
