"""The pages that editors write, in a real browser: whole for everybody, wide and
narrow, light and dark, with and without script."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cms.models import (
    Alert,
    ArticleAttachment,
    ArticleSignature,
    FooterLink,
    Material,
    SiteSettings,
)
from tests.browser.faults import NARROW, WIDE, Watch, faults
from tests.factories import a_series, a_session
from tests.factories.pages import (
    a_document,
    a_home,
    a_section,
    a_topic,
    a_topic_page,
    a_topics_page,
    an_article,
    an_articles_page,
    an_author,
    an_image,
    translated,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def site(site_url: str, settings, tmp_path) -> dict[str, str]:
    """A site of some content; the addresses of its pages by name."""
    settings.MEDIA_ROOT = tmp_path
    home = a_home(lead="Una comunitat.")
    shelf = an_articles_page(home, show_in_menus=True)
    topics = a_topics_page(home, show_in_menus=True)
    topic, empty = a_topic("Dades obertes"), a_topic("Bon govern", tile="flor")
    topic_page = a_topic_page(topics, topic, show_in_menus=True)
    empty_page = a_topic_page(topics, empty)
    body = [("heading", f"Part {n}") for n in range(5)]
    section = a_section(home, "Municipi360", body=body, contact="<p>Escriviu-nos</p>")
    a_section(section, "Serveis digitals", lead="Què hi fem")
    series = a_series()
    a_session(30, topic=topic, series=series)
    held = a_session(
        topic=topic, series=series, starts=timezone.now() - timedelta(days=40)
    )
    Material.objects.create(
        session=held, kind="recording", title="Vídeo", url="https://a.example/"
    )
    articles = [
        an_article(
            shelf,
            topic,
            title="Del 37,68\u00a0% al 90,44\u00a0%: què passa quan es torna a mesurar",
            lead="Us expliquem què hi va ajudar.",
            published=date(2026, 1, 1) + timedelta(days=n),
            picture=an_image() if n % 2 else None,
            picture_alt="Una plaça" if n % 2 else "",
            tags=("portal",),
        )
        for n in range(13)
    ]
    for article in articles[-2:]:
        ArticleSignature.objects.create(page=article, author=an_author(role="Tècnica"))
        ArticleAttachment.objects.create(page=article, document=a_document())
    said = SiteSettings.objects.create(contact="Una unitat", email="a@placa.example")
    FooterLink.objects.create(settings=said, place="legal", page=section)
    Alert.objects.create(text="Avís", page=section, starts=timezone.now())
    Alert.objects.create(text="Urgència", tone="urgent", starts=timezone.now())
    translated(home, "es")
    translated(shelf, "es")
    spanish = translated(articles[-1], "es", title="Del 37,68 al 90,44")
    return {
        "home": home.url,
        "list": shelf.url,
        "second page": f"{shelf.url}?page=2",
        "chosen": f"{shelf.url}?tag=portal",
        "nothing chosen": f"{shelf.url}?year=1999",
        "article": articles[-1].url,
        "article with a picture": articles[-2].url,
        "in Spanish": spanish.url,
        "topics": topics.url,
        "topic": topic_page.url,
        "empty topic": empty_page.url,
        "section": section.url,
        "not found": "/ca/no-hi-es/",
    }


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def test_every_kind_of_page_is_whole_for_everybody(page: Page, site, site_url):
    watch = Watch(page, site_url)
    # A proxy hands out what was uploaded; here nobody stands before the site.
    page.route(
        "**/media/**", lambda way: way.fulfill(body="", content_type="image/png")
    )
    for name, address in site.items():
        page.goto(address)
        assert not faults(page), name

    # Nor does any ask for what the policy forbids, or for what is elsewhere.
    assert watch.complaints == []
    assert watch.left_the_house == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_second_level_of_the_menu_unfolds_with_and_without_script(
    browser: Browser, site, site_url, script, width
):
    viewport = {"width": width, "height": 800}
    context = browser.new_context(
        java_script_enabled=script, viewport=viewport, base_url=site_url
    )
    page = context.new_page()
    page.goto(site["home"])
    if width == NARROW:
        page.locator(".header__menu-button").click()
    way = page.locator("#menu").get_by_role("link", name="Dades obertes")
    expect(way).to_be_hidden()

    page.locator("#menu summary", has_text="Temes").click()
    expect(way).to_be_visible()
    if script and width != NARROW:
        page.keyboard.press("Escape")
        expect(way).to_be_hidden()
        page.keyboard.press("Enter")
    way.click()

    expect(page).to_have_url(f"{site_url}{site['topic']}")
    context.close()
