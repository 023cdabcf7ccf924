"""A request, written by keyboard by one, signed by another: it saves itself, takes what
is dropped on it, and survives a cut connection."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.models import Membership
from tests.browser.keyboard import choose, follow, tab_to, write
from tests.browser.signing_in import lend
from tests.factories.acting import a_town, acting, representing
from tests.factories.catalogue import a_resource
from tests.factories.files import HTML, PDF
from tests.factories.pages import a_home
from tests.factories.requests import a_question
from tests.workflows.requesting.pages import browser, of, url
from workflows.engine.models import Case
from workflows.requesting import drafts
from workflows.requesting.models import CatalogueRequest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

SHOTS = os.environ.get("SHOTS", "")

DROP = """(part, files) => {
  const dropped = new DataTransfer()
  for (const [name, text] of files) dropped.items.add(new File([text], name))
  for (const kind of ['dragenter', 'dragover', 'drop'])
    part.dispatchEvent(new DragEvent(kind, {dataTransfer: dropped, bubbles: true}))
}"""


def is_of(page: Page, live_server: Any, mine: Membership) -> None:
    page.context.clear_cookies()
    lend(page.context, browser(mine), live_server.url)


def written(page: Page, text: str) -> CatalogueRequest:
    """The draft, once it has that `text`, which may take a second saving."""
    for _second in range(10):
        draft = CatalogueRequest.objects.get()
        if draft.written.get("text") == text:
            return draft
        page.wait_for_timeout(1000)
    raise AssertionError(f"it was not saved: {draft.written}")


@pytest.fixture
def looks_well(page: Page, assert_accessible: Any) -> Any:
    """Call it to have the page looked at: by axe, and by its width."""

    def look(name: str) -> None:
        page.mouse.move(0, 0)
        width = page.viewport_size["width"]
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    return look


@pytest.mark.parametrize("width", [1280, 320])
def test_a_request_goes_from_the_keyboard_to_its_number(
    page: Page, live_server: Any, looks_well: Any, width: int
):
    cache.clear()
    a_home()
    town = a_town("Vila-real")
    resource = a_resource(name="Gestió de la transparència municipal", limit=1)
    agreement = a_question(resource, "file", label="Acord del ple", required=True)
    a_question(resource, "choice", label="Ho teniu publicat?", choices="Sí\nNo")
    ada = acting(town, name="Ada Puig")
    mar = acting(town, name="Mar Roca")
    boss = representing(town, name="Núria Vidal")

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(url("begin_request", resource.code))
    looks_well("unknown")
    is_of(page, live_server, ada)
    page.goto(url("begin_request", resource.code))
    looks_well("begin")
    follow(page, "Comença la sol·licitud")
    looks_well("blank")

    # It saves itself.
    write(page, page.locator("[name=subject]"), "Mesurar el web")
    write(page, page.locator("[name=text]"), "Volem saber com estem.")
    expect(page.locator("[data-saved]")).to_contain_text("Desat")
    draft = written(page, "Volem saber com estem.")

    # What is dropped goes at once; what is no document is refused; a cut is said.
    documents = page.locator('[data-upload="documents"]')
    documents.evaluate(DROP, [["plec.pdf", PDF.decode()], ["no.pdf", HTML.decode()]])
    expect(documents.locator("[data-kept]")).to_contain_text("plec.pdf")
    expect(documents.locator(".field__error")).to_contain_text("no.pdf")
    documents.get_by_role("button", name="Treu-lo").press("Enter")
    expect(documents.locator("[data-kept]")).not_to_contain_text("plec.pdf")
    cut = "**/documents/"
    page.route(cut, lambda route: route.abort())
    part = page.locator(f'[data-upload="question-{agreement.pk}"]')
    part.evaluate(DROP, [["acord.pdf", PDF.decode()]])
    expect(part).to_contain_text("S’ha tallat la connexió")
    looks_well("writing")
    page.unroute(cut)
    part.get_by_role("button", name="Torna-ho a enviar").press("Enter")
    expect(part.locator("[data-kept]")).to_contain_text("acord.pdf")
    assert draft.documents.count() == 1

    # A colleague has saved it meanwhile: both are there, and nothing is lost.
    draft.refresh_from_db()
    theirs = {**draft.written, "text": "La Mar hi ha escrit."}
    drafts.save(draft, theirs, version=draft.version, by=mar.user)
    write(page, page.locator("[name=text]"), "Volem saber com estem, i millorar.")
    expect(page.locator("[data-saved]")).to_contain_text("Mar Roca")
    follow(page, "Mira les dues versions")
    assert "La Mar hi ha escrit." in page.inner_text(".theirs")
    assert page.input_value("[name=text]") == "Volem saber com estem, i millorar."
    looks_well("both")
    follow(page, "Continua: mira el resum")
    looks_well("to-be-signed")
    tab_to(page, page.locator("[name=signer]"))
    page.keyboard.press("Space")
    follow(page, "Envia-la a signar")
    assert "Núria Vidal" in page.inner_text("main [role=status]")

    is_of(page, live_server, boss)
    page.goto(of(draft, "request_summary"))
    choose(page, "mayor", of="signs_as")
    looks_well("signing")
    follow(page, "Signa i envia")

    case = Case.objects.get()
    assert case.number in page.inner_text("main")
    assert url("body_request", town.code, case.number) in page.url
    looks_well("sent")
    page.goto(url("body_requests", town.code))
    assert case.number in page.inner_text("main")
    looks_well("all")
    page.goto(url("begin_request", resource.code))
    assert case.number in page.inner_text("main")
    looks_well("no-more")


def test_without_a_script_it_is_saved_by_its_button(
    browser_context_args: dict, live_server: Any, request: Any
):
    cache.clear()
    a_home()
    mine = acting(a_town("Vila-real"))
    draft = drafts.begin(mine.body, a_resource().editions.get(), mine.user)
    context = request.getfixturevalue("browser").new_context(
        **{**browser_context_args, "java_script_enabled": False}
    )
    page = context.new_page()
    lend(context, browser(mine), live_server.url)

    page.goto(live_server.url + of(draft))
    page.locator("[name=subject]").fill("Mesurar el web")
    page.locator("[name=documents]").set_input_files(
        [{"name": "acord.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    page.get_by_role("button", name="Desa l’esborrany").click()

    assert "acord.pdf" in page.inner_text("main")
    draft.refresh_from_db()
    assert draft.written["subject"] == "Mesurar el web"
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_what_goes_wrong_is_said_and_loses_nothing(
    page: Page, live_server: Any, looks_well: Any, width: int
):
    cache.clear()
    a_home()
    town = a_town("Vila-real")
    resource = a_resource(name="Gestió de la transparència municipal")
    a_question(resource, "file", label="Acord del ple", required=True)
    mine, boss = acting(town), representing(town)
    draft = drafts.begin(town, resource.editions.get(), mine.user)
    page.set_viewport_size({"width": width, "height": 900})
    is_of(page, live_server, mine)

    page.goto(of(draft, "request_summary"))
    looks_well("missing")
    page.get_by_role("link", name="Acord del ple").click()
    looks_well("checked")
    page.goto(of(draft, "discard_request"))
    looks_well("discard")

    page.goto(of(draft))
    page.context.clear_cookies()
    write(page, page.locator("[name=text]"), "No ho vull perdre.")
    expect(page.locator("[data-saved]")).to_contain_text("S’ha tancat la sessió")
    follow(page, "Desa l’esborrany")
    looks_well("signed-out")
    lend(page.context, browser(mine), live_server.url)
    follow(page, "Torna-ho a enviar")
    looks_well("token")
    follow(page, "Desa l’esborrany")
    draft.refresh_from_db()
    assert draft.written["text"] == "No ho vull perdre."

    edition = draft.edition
    edition.closes = timezone.now() - timedelta(minutes=1)
    edition.save()
    page.goto(of(draft))
    looks_well("closed")
    page.goto(of(draft, "request_summary"))
    looks_well("closed-summary")
    page.goto(of(draft))
    drafts.discard(draft, by=boss.user)
    write(page, page.locator("[name=text]"), "Massa tard.")
    follow(page, "Desa l’esborrany")
    looks_well("over")
