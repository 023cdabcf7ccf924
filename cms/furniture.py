"""What stands around pages besides the menu, in the active language: looked up once
for everybody (`cms.caching.memory`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from cms.caching import memory
from cms.chrome import Entry
from cms.models import (
    Alert,
    ArticlesPage,
    CustomImage,
    FooterLink,
    SiteSettings,
    TopicPage,
)
from cms.models.articles import WIDE
from cms.models.base import private


class Notice(NamedTuple):
    """An alert as readers meet it. `url` is empty if it leads nowhere, `until` is
    None if it has no end."""

    text: str
    is_urgent: bool
    url: str
    link: str
    starts: datetime
    until: datetime | None


class Picture(NamedTuple):
    """A picture for social networks: its address and its pixels."""

    url: str
    width: int
    height: int


class Foot(NamedTuple):
    """What editors said of the whole site. What nobody said is empty."""

    about: str
    contact: str
    email: str
    telephone: str
    site: list[Entry]
    legal: list[Entry]
    social: list[Entry]
    card: Picture | None


def notices(request: HttpRequest) -> list[Notice]:
    """The alerts of this very moment, urgent ones first."""

    def look_up() -> list[Notice]:
        alerts = list(Alert.objects.not_over(timezone.now()).select_related("page"))
        pages = _in_language(alert.page for alert in alerts if alert.page)
        return [_notice(alert, pages, request) for alert in alerts]

    now = timezone.now()
    known = memory.once(f"notices {_here(request)}", look_up)
    shown = [n for n in known if n.starts <= now and not (n.until and n.until <= now)]
    return sorted(shown, key=lambda notice: not notice.is_urgent)


def foot(request: HttpRequest) -> Foot:
    """What editors said about the whole site."""

    def look_up() -> Foot:
        said = SiteSettings.objects.select_related("card").first()
        if said is None:
            return Foot("", "", "", "", [], [], [], None)
        links = list(said.links.select_related("page"))
        pages = _in_language(link.page for link in links if link.page)

        def led(place: FooterLink.Place) -> list[Entry]:
            entries = (_entry(x, pages, request) for x in links if x.place == place)
            return [entry for entry in entries if entry.url]

        return Foot(
            str(said.about),
            str(said.contact),
            said.email,
            said.telephone,
            led(FooterLink.Place.SITE),
            led(FooterLink.Place.LEGAL),
            led(FooterLink.Place.SOCIAL),
            _picture(said.card),
        )

    return memory.once(f"foot {_here(request)}", look_up)


def way(page: Page, request: HttpRequest) -> list[Entry]:
    """The published pages between the home page and `page`, from the top down."""

    def look_up() -> list[Entry]:
        above = page.get_ancestors().live().filter(depth__gt=2).order_by("depth")
        return [
            Entry(each.title, each.get_url(request) or "")
            for each in above.select_related("locale")
        ]

    return memory.once(f"way {page.pk} {_here(request)}", look_up)


def topic_addresses() -> dict[int, str]:
    """The address of each topic's page, by the topic's key."""

    def look_up() -> dict[int, str]:
        pages = TopicPage.objects.live().exclude(private()).select_related("locale")
        pages = pages.filter(locale__language_code=get_language())
        found = pages.order_by("-path").defer("body")
        return {page.topic_id: page.url or "" for page in found}

    return memory.once(f"topics {get_language()}", look_up)


def articles_address() -> str:
    """Where all the articles are, or "" if nowhere."""

    def look_up() -> str:
        pages = ArticlesPage.objects.live().exclude(private()).select_related("locale")
        pages = pages.filter(locale__language_code=get_language())
        first = pages.order_by("path").defer("body").first()
        return (first.url if first else "") or ""

    return memory.once(f"articles {get_language()}", look_up)


def _notice(alert: Alert, pages: dict[str, Page], request: HttpRequest) -> Notice:
    page = alert.page and pages.get(str(alert.page.translation_key))
    return Notice(
        str(alert.text),
        alert.tone == Alert.Tone.URGENT,
        (page.get_url(request) or "") if page else alert.url,
        str(alert.link_text),
        alert.starts,
        alert.until,
    )


def _entry(link: FooterLink, pages: dict[str, Page], request: HttpRequest) -> Entry:
    page = link.page and pages.get(str(link.page.translation_key))
    title = str(link.title) or (page.title if page else "")
    return Entry(title, (page.get_url(request) or "") if page else link.url)


def _picture(image: CustomImage | None) -> Picture | None:
    try:
        made = image.get_rendition(WIDE) if image else None
    except SourceImageIOError:
        return None
    return Picture(made.url, made.width, made.height) if made else None


def _in_language(chosen: Iterable[Page]) -> dict[str, Page]:
    """Each chosen page by its translation key: in the active language, or else in that
    of the house, or else as it was chosen; without those that nobody can read."""
    chosen = list(chosen)
    keys = {page.translation_key for page in chosen}
    if not keys:
        return {}
    twins = Page.objects.live().exclude(private()).filter(translation_key__in=keys)
    worth = {get_language(): 3, settings.LANGUAGE_CODE: 2}
    picked = {page.pk for page in chosen}

    def how_good(page: Page) -> int:
        return worth.get(page.locale.language_code, 1 if page.pk in picked else 0)

    # The best comes last, and stays.
    ordered = sorted(twins.select_related("locale"), key=how_good)
    return {str(page.translation_key): page for page in ordered}


def _here(request: HttpRequest) -> str:
    return f"{request.get_host()} {get_language()}"
