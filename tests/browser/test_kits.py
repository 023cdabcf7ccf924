"""The kit of a stop and its tools, for everybody: axe finds nothing, nothing goes over
the edge of a narrow screen, and the page tells by itself when the kit is made."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.faults import NARROW, WIDE, faults
from tests.browser.signing_in import lend, sign_in
from tests.factories import a_user
from tests.factories.caravan import VISIT, a_house, at
from tests.factories.pages import a_home
from tests.workflows.requesting.pages import browser
from workflows.caravan.kits import making
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.models import Tool

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _site(site_url: str) -> None:
    a_home()
    kit_seed.plant()


def look_at(page: Page, name: str) -> None:
    """The folder that `PICTURES` names gets a picture of it, wide and narrow."""
    assert faults(page) == []
    folder = os.environ.get("PICTURES")
    for width in (WIDE, NARROW) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_the_kit_page_tells_by_itself_when_all_is_made(
    context: BrowserContext, page: Page, site_url: str
):
    house = a_house()
    stop = at(VISIT, house)
    lend(context, browser(house.technician), site_url)

    page.goto(f"/en/caravan/stops/{stop.key}/kit/")
    expect(page.get_by_text("0 of 10 documents are made.")).to_be_visible()
    look_at(page, "kit-making")

    making.run_due(10)
    expect(page.get_by_role("link", name="Download it all (ZIP)")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    look_at(page, "kit")

    page.get_by_role("button", name="Consent to publish").click()
    expect(page.get_by_text("It is written down as done.")).to_be_visible()
    look_at(page, "kit-done")


def test_the_office_sees_what_could_not_be_made(
    context: BrowserContext, page: Page, site_url: str
):
    house = a_house()
    version = Tool.objects.get(code="agenda").versions.get()
    version.words["ca"]["text"] = "Hola {gone}."
    version.save()
    stop = at(VISIT, house)
    making.run_due(10)
    sign_in(context, house.coordinator, site_url)

    page.goto(f"/en/caravan/stops/{stop.key}/kit/")

    expect(page.get_by_text("Not all of it could be made")).to_be_visible()
    look_at(page, "kit-office")


@pytest.mark.parametrize("where", ["new", "edit"])
def test_everybody_can_use_the_form_of_a_tool(
    new_context: Callable[..., BrowserContext], site_url: str, where: str
):
    at(VISIT)
    context = new_context(extra_http_headers={"Accept-Language": "en"})
    sign_in(context, a_user(is_superuser=True, is_staff=True), site_url)
    page = context.new_page()
    tool = Tool.objects.get(code="agenda")

    address = f"edit/{tool.pk}/" if where == "edit" else "new/"
    page.goto(f"/admin/tool/{address}")
    for name in ("Català", "español", "English"):
        expect(page.get_by_label(name)).to_have_count(2)
    look_at(page, f"tool-{where}")

    if where == "edit":
        page.get_by_label("English").last.fill("Hello {nobody}")
        page.locator("#w-editor-form footer button[type=submit]").first.click()
        expect(page.locator(".w-field__errors", has_text="{nobody}")).to_be_visible()
        look_at(page, "tool-error")
