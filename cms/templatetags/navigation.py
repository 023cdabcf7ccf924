"""The menu and the language switch that every page carries."""

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info, override
from wagtail.models import Page, Site

from cms.models import SeriesPage, SessionPage
from events.models import Series

register = template.Library()


class MenuItem(NamedTuple):
    """One way in the menu; `current` is what aria-current says: page for the very
    page, true for one below it, empty elsewhere."""

    title: str
    url: str
    current: str


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
    """The menu, and the languages of the page that `context` is about: one query.

    In the menu are the published pages right under the home page that editors
    marked for menus, in their order, in the active language. A person's own pages
    have no languages to choose from: they speak the one that the person asked for
    when registering, like the mails that lead to them.
    """
    request: HttpRequest | None = context.get("request")
    site = Site.find_for_request(request) if request else None
    if request is None or site is None:
        return Frame([], [])
    page = context.get("page")
    shown = page if isinstance(page, Page) and page.pk else None
    in_menu = Q(
        show_in_menus=True,
        depth=site.root_page.depth + 1,
        locale__language_code=get_language(),
    )
    twin = Q(translation_key=shown.translation_key) if shown else Q(pk=None)
    pages = Page.objects.live().select_related("locale").filter(in_menu | twin)
    pages = pages.annotate(in_menu=in_menu, twin=twin).order_by("path")
    menu = [_item(entry, request) for entry in pages if entry.in_menu]
    if "registration" in context or "follower" in context:
        return Frame(menu, [])
    addresses = _twins(request)
    if shown:
        twins = (entry for entry in pages if entry.twin)
        addresses = {t.locale.language_code: t.get_url(request) or "" for t in twins}
    return Frame(menu, _links(addresses))


@register.simple_tag(takes_context=True)
def series_url(context: dict[str, Any], series: Series) -> str:
    """The address of the page about `series` in the active language, or ""."""
    page = context.get("page")
    if isinstance(page, SessionPage) and page.url:
        # It lies right under its series: its own address says where that is.
        return page.url.rstrip("/").rpartition("/")[0] + "/"
    pages = SeriesPage.objects.live().filter(
        series=series, locale__language_code=get_language()
    )
    found = pages.first()
    return found.url or "" if found else ""


def _item(page: Page, request: HttpRequest) -> MenuItem:
    url = page.get_url(request) or ""
    if request.path == url:
        current = "page"
    else:
        current = "true" if request.path.startswith(url) else ""
    return MenuItem(page.title, url, current)


def _links(addresses: dict[str, str]) -> list[LanguageLink]:
    return [
        LanguageLink(code, _own_name(code), addresses[code], code == get_language())
        for code, _ in settings.LANGUAGES
        if code in addresses
    ]


def _own_name(code: str) -> str:
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
    path = request.get_full_path()
    twins = {code: translate_url(path, code) for code in codes}
    if all(url == path for url in twins.values()):
        return dict.fromkeys(codes, "")
    return twins


def _home(code: str) -> str:
    with override(code):
        return reverse("wagtail_serve", args=("",))
