"""The search in a real browser: typed, by keyboard alone, without script, and whole
for everybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from tests.browser.faults import NARROW, Watch, faults
from tests.browser.keyboard import tab_to
from tests.factories import a_series, a_session
from tests.factories.pages import (
    a_home,
    a_section,
    a_topic,
    a_topic_page,
    a_topics_page,
    an_article,
    an_articles_page,
    translated,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def site(site_url: str) -> str:
    """A site whose every kind of page is about geraniums; its address."""
    home = a_home()
    shelf = an_articles_page(home, show_in_menus=True)
    topic = a_topic("Geranis")
    a_topic_page(a_topics_page(home), topic)
    article = an_article(
        shelf, topic, title="Geranis al balcó", lead="Tot sobre els geranis. " * 15
    )
    for number in range(14):
        an_article(shelf, title=f"Un altre apunt de geranis {number}")
    section = a_section(home, "Cura dels geranis", lead="Aigua i sol.")
    series = a_series()
    a_session(30, title="Una hora de geranis", series=series, topic=topic)
    past = timezone.now() - timedelta(days=400)
    a_session(title="Geranis d’abans", series=series, starts=past)
    a_session(title="Geranis anul·lats", series=series, state="cancelled")
    translated(home, "es")
    translated(shelf, "es")
    translated(article, "es", title="Geranios en el balcón")
    query = Query.get("geranis")
    SearchPromotion.objects.create(query=query, page=section, description="Llegiu-ho.")
    call_command("update_index", verbosity=0)
    return site_url


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def test_the_search_is_whole_for_everybody_in_each_language(page: Page, site):
    watch = Watch(page, site)
    for address in (
        "/ca/search/",
        "/ca/search/?q=geranis",
        "/ca/search/?q=geranis&kind=session&sort=date",
        "/ca/search/?q=geranis+xyzzy",
        "/ca/search/?q=gerranys",
        "/ca/search/?q=geranios",
        "/es/search/?q=geranios",
        "/en/search/?q=geranios",
        "/ca/no-hi-es/",
    ):
        page.goto(address)
        assert faults(page) == [], address
    assert watch.complaints == []
    assert watch.left_the_house == []


def test_suggestions_are_chosen_by_keyboard_alone(page: Page, site):
    page.goto("/ca/search/")
    field = page.get_by_label("Què busqueu?")
    tab_to(page, field)
    page.keyboard.type("gera")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert faults(page) == []
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").first).to_contain_text("Suggeriments: 7")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.locator('[role="option"][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    named = field.get_attribute("aria-activedescendant")
    assert chosen.get_attribute("id") == named == options.first.get_attribute("id")

    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("gera")
    expect(field).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("ArrowUp")
    last = page.locator('[role="option"][aria-selected="true"]').inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(last.splitlines()[0])


def test_enter_without_a_suggestion_searches(page: Page, site):
    page.goto("/ca/search/")
    page.get_by_label("Què busqueu?").fill("gera")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=gera")


def test_a_suggestion_is_pressed_and_words_that_come_late_are_not_shown(
    page: Page, site
):
    page.goto("/ca/search/")
    field = page.get_by_label("Què busqueu?")
    field.fill("balc")
    page.get_by_role("option", name="Geranis al balcó").click()
    page.wait_for_url("**/apunts/**")

    page.goto("/ca/search/")
    field.fill("balc")
    field.fill("")
    page.wait_for_timeout(600)
    expect(page.get_by_role("option")).to_have_count(0)


def test_nothing_is_asked_for_one_letter_nor_for_each_letter(page: Page, site):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/ca/search/")
    field = page.get_by_label("Què busqueu?")
    field.press_sequentially("g")
    page.wait_for_timeout(500)
    field.press_sequentially("eranis", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()

    assert len([url for url in asked if "suggestions" in url]) == 1


def test_a_narrow_page_has_the_field_in_its_menu(page: Page, site):
    page.set_viewport_size({"width": NARROW, "height": 700})
    page.goto("/ca/")
    page.get_by_role("button", name="Menú").click()
    menu = page.get_by_role("navigation", name="Principal")
    field = menu.get_by_role("combobox", name="Cerca al web")
    field.fill("gera")
    expect(menu.get_by_role("option").first).to_be_visible()
    expect(menu.get_by_role("option").last).to_be_in_viewport()
    wide = menu.get_by_role("listbox").bounding_box()["width"]
    assert wide == menu.get_by_role("search").bounding_box()["width"]
    field.press("Enter")

    page.wait_for_url("**/search/?q=gera")


def test_without_script_the_search_works_from_every_page(browser: Browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/ca/")
    page.get_by_role("link", name="Cerca", exact=True).click()
    page.get_by_label("Què busqueu?").fill("geranis")
    page.locator("main").get_by_role("button", name="Cerca").click()
    page.get_by_role("link", name="Sessions 3").click()

    expect(page.locator(".results .row")).to_have_count(3)
    context.close()
