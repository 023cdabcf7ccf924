"""What host and rapporteur of a stop see and write: every screen, wide and narrow."""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.signing_in import lend
from tests.factories import in_two_weeks
from tests.factories.caravan import TOLD, a_caravan, a_draft_stop, marked
from tests.factories.files import HTML, PDF
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import Sides, of_draft, url
from tests.workflows.requesting.pages import browser
from workflows.caravan.sides import chronicle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1280, 320)


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()
    a_caravan()


def as_(page: Page, mine: Any, live_server: Any) -> None:
    page.context.clear_cookies()
    lend(page.context, browser(mine), live_server.url)


def test_the_screens_of_a_host(page: Page, live_server: Any, look: Any):
    way = Sides("dates")
    marked(way.stop, way.house, in_two_weeks())
    draft = a_draft_stop(way.host, title="Un altre", may_publish="")
    code = way.house.host.code
    as_(page, way.host, live_server)

    go(page, url("caravan_body", code))
    look("host-body", *WIDTHS)
    go(page, url("caravan_begin", code))
    look("host-begin", *WIDTHS)
    go(page, of_draft(draft))
    part = page.locator("[data-upload=files]")
    part.locator("[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": content}
            for name, content in (("plec.pdf", PDF), ("no.pdf", HTML))
        ]
    )
    expect(part.locator("[data-kept]")).to_contain_text("plec.pdf")
    expect(part.locator(".field__error")).to_contain_text("no.pdf")
    look("host-form", *WIDTHS)
    page.get_by_label("What is the practice called?").fill("La finestreta")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look("host-form-wrong", *WIDTHS)
    go(page, of_draft(draft, "caravan_discard"))
    look("host-discard", *WIDTHS)
    go(page, way.of())
    look("host-stop", *WIDTHS)
    go(page, way.of("caravan_dates"))
    look("host-dates", *WIDTHS)
    page.get_by_role("textbox", name="Day").nth(2).fill("2020-01-01")
    page.get_by_role("button", name="Save my days").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look("host-dates-wrong", *WIDTHS)
    go(page, way.of("caravan_withdraw"))
    look("host-withdraw", *WIDTHS)


def test_the_screens_of_a_rapporteur(page: Page, live_server: Any, look: Any):
    way = Sides("asked")
    as_(page, way.teller, live_server)

    go(page, url("caravan_offer", way.teller.body.code))
    look("teller-offer", *WIDTHS)
    go(page, url("caravan_unoffer", way.teller.body.code))
    look("teller-unoffer", *WIDTHS)
    go(page, way.of("caravan_answer"))
    look("teller-answer", *WIDTHS)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Yes, I go and tell of it").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("status").first).to_contain_text("you tell of it")
    look("teller-stop", *WIDTHS)
    go(page, way.of("caravan_leave"))
    look("teller-leave", *WIDTHS)


def test_the_screens_of_a_chronicle(page: Page, live_server: Any, look: Any):
    way = Sides("chronicle")
    as_(page, way.teller, live_server)

    go(page, way.of("caravan_chronicle"))
    for name in ("summary", "problem", "solution"):
        page.locator(f"[name={name}]").fill(TOLD[name])
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    look("chronicle", *WIDTHS)
    page.get_by_role("button", name="Send it to the host").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.locator("[name=advice]").fill(TOLD["advice"])
    page.get_by_role("button", name="Save, and see the pictures").click()
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    )
    page.get_by_label("What does it show?").fill("La finestreta")
    page.get_by_label("Who can be recognised").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("img", name="Picture 1")).to_be_visible()
    look("pictures", *WIDTHS)
    page.get_by_role("link", name="Change it, or take it away").click()
    look("picture", *WIDTHS)
    page.get_by_role("link", name="Back to the pictures").click()
    page.get_by_role("link", name="Back to the chronicle").click()
    page.get_by_role("button", name="Send it to the host").click()
    expect(page.get_by_role("heading", name="The host reads your")).to_be_visible()

    as_(page, way.host, live_server)
    go(page, way.of("caravan_validate"))
    look("validate", *WIDTHS)
    page.get_by_label("Something has to change").check()
    page.get_by_label("What has to change?").fill("Eren tres finestretes.")
    page.get_by_role("button", name="Send my answer").click()
    look("host-stop-chronicle", *WIDTHS)

    as_(page, way.teller, live_server)
    go(page, way.of("caravan_chronicle"))
    expect(page.get_by_text("Eren tres finestretes.")).to_be_visible()
    page.locator("[name=problem]").fill("Hi havia tres cues.")
    page.get_by_role("button", name="Send it to the host").click()
    expect(page.get_by_role("heading", name="The host reads your")).to_be_visible()
    as_(page, way.host, live_server)
    go(page, way.of("caravan_validate"))
    look("validate-again", *WIDTHS)
    assert chronicle.of(way.stop).sent["problem"] == "Hi havia tres cues."


def go(page: Page, address: str) -> None:
    assert page.goto(address).ok, address


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 400), "teal").save(out, "JPEG")
    return out.getvalue()
