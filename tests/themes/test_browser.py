"""The pages in a real browser: narrow and wide, light and dark, with and without
script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from cms.models import HomePage
from community.models import LocalBody
from tests.factories import a_registration, a_series, a_session
from tests.factories.pages import a_home, a_section, a_series_page, a_session_page

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def site(live_server) -> dict[str, str]:
    """A small site; the addresses of its pages by name."""
    home = a_home(lead="Una comunitat.")
    series = a_series(title="Dijous GOmunicipal")
    series_page = a_series_page(home, series)
    session = a_session(places=30, series=series)
    a_session_page(series_page, session)
    alone = a_session(places=1, series=series)
    for name in ("Sant Feliu de Codines", "Sant Feliu Sasserra"):
        LocalBody.objects.create(code=name[-6:], kind="municipality", name=name)
    registration = a_registration(alone)
    paths = {
        "home": "/ca/",
        "series": f"/ca/{series.code}/",
        "session": f"/s/{session.code}/",
        "session without a page": f"/s/{alone.code}/",
        "form": f"/ca/s/{session.code}/register/",
        "my registration": f"/r/{registration.token}/",
        "give up": f"/r/{registration.token}/cancel/",
        "sign in": "/ca/account/login/",
        "not found": "/ca/nowhere/",
    }
    return {name: live_server.url + path for name, path in paths.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_accessible_and_fit(
    browser: Browser, site, assert_accessible, width, scheme
):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    for name, url in site.items():
        page.goto(url)
        assert_accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wider, name

    # The browser tells here what the Content-Security-Policy refused.
    assert not [text for text in said if "Content Security Policy" in text]
    context.close()


def ask_with_errors(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#id_name").fill("Montserrat Güell")
    page.locator("#id_email").fill("mguell@ajuntament")
    page.locator("#id_body").fill("Sant Feliu")
    page.locator("#id_body").press("Enter")


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(
    page: Page, site, assert_accessible
):
    ask_with_errors(page, site["form"])

    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator(".errors")).to_be_focused()
    assert_accessible(page)

    page.locator(".errors a").first.click()
    expect(page.locator("#id_email")).to_be_in_viewport()
    assert page.evaluate("location.hash") == "#id_email"


def test_a_suggestion_fills_the_field_in_to_be_read_again(page: Page, site):
    ask_with_errors(page, site["form"])

    page.get_by_role("button", name="Sant Feliu Sasserra").click()

    expect(page.locator("#id_body")).to_have_value("Sant Feliu Sasserra")
    expect(page.locator("#id_body")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_the_scheme_can_be_chosen_with_and_without_script(
    browser: Browser, site, script
):
    context = browser.new_context(java_script_enabled=script, color_scheme="light")
    page = context.new_page()
    page.goto(site["home"])

    with page.expect_response(re.compile("/scheme/$")):
        page.locator(".scheme button[value=dark]").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(site["series"])
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_the_menu_opens_on_a_phone_without_script(browser: Browser, site):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto(site["home"])
    way = page.locator("#menu").get_by_role("link", name="Dijous GOmunicipal")
    expect(way).to_be_hidden()

    page.locator(".header__menu-button").click()
    way.click()

    expect(page).to_have_url(site["series"])
    context.close()


# The words of the menu that do not stand on one line.
BROKEN = """() => [...document.querySelectorAll('.header .menu a')].flatMap((way) => {
  const text = way.firstChild, range = document.createRange()
  return [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => {
    range.setStart(text, word.index)
    range.setEnd(text, word.index + word[0].length)
    return range.getClientRects().length > 1
  }).map((word) => word[0])
})"""


def test_a_menu_of_many_breaks_no_word(page: Page, site):
    home = HomePage.objects.get()
    for title in ("Agenda", "Temes", "Municipi360", "Pregunteu-nos", "Transparència"):
        a_section(home, title, show_in_menus=True)
    a_section(home, "Organització i govern municipal", show_in_menus=True)
    a_section(home, "Catàleg de recursos", show_in_menus=True)
    # Where the menu begins to be a row.
    page.set_viewport_size({"width": 1280, "height": 400})

    page.goto(site["home"])

    expect(
        page.locator(".header__nav").get_by_text("Catàleg de recursos")
    ).to_be_visible()
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
