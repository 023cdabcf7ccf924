"""An editor keeps the catalogue: a year, its dates, a spreadsheet and the report."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.browser.faults import WIDE, faults
from tests.browser.signing_in import sign_in
from tests.factories import a_body
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_home
from workflows.catalogue.models import Area, Edition, Question, Resource
from workflows.catalogue.report_files import make_due
from workflows.catalogue.spreadsheet import files

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def editor_page(
    transactional_db, live_server, page: Page, editor, whole_resource
) -> Page:
    """The admin as an editor has it, in Catalan, with two resources."""
    cache.clear()
    a_home()
    a_body("Granollers", code="08096")
    a_resource(code="GO-2", name={"ca": "Obertura de dades"}, edition={"year": 2026})
    Question.objects.create(
        resource=whole_resource, kind="choice", label="Quina?", choices="Sí\nNo"
    )
    sign_in(page.context, editor, live_server.url)
    return page


def look(page: Page) -> None:
    assert faults(page) == []
    page.set_viewport_size({"width": WIDE, "height": 800})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_a_year_is_copied_and_then_opened(editor_page: Page):
    page = editor_page
    page.goto(reverse("edition:index"))
    look(page)
    page.goto(reverse("edition:copy"))
    look(page)
    press(page, "Mira què es faria")
    look(page)
    press(page, "Fes-les")
    assert Edition.objects.filter(year=2027, is_published=False).count() == 2

    page.goto(reverse("edition:windows"))
    page.get_by_label("Any").fill("2027")
    page.get_by_label("publica-les").check()
    look(page)
    press(page, "Mira què canviaria")
    look(page)
    press(page, "Canvia-les")
    assert Edition.objects.filter(year=2027, is_published=True).count() == 2


def test_the_form_is_seen_as_it_is_asked(editor_page: Page, whole_resource):
    page = editor_page
    page.goto(reverse("resource:edit", args=[whole_resource.pk]))
    look(page)
    page.goto(reverse("resource:preview", args=[whole_resource.pk]))
    look(page)
    assert page.get_by_label("Sí").is_visible()


def test_a_spreadsheet_is_changed_and_comes_in_again(editor_page: Page, tmp_path: Path):
    page = editor_page
    page.goto(reverse("resource:index"))
    look(page)
    page.goto(reverse("resource:import"))
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="2026", exact=True).click()
    file = tmp_path / "cataleg.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    book["areas"].append(["dades", 2, "Dades"])
    book["resources"]["B3"] = "dades"
    book["questions"].append(["GO-2", "", "", "text", "no", "", "Per què?"])

    book["resources"]["A2"] = "GO-2"
    book.save(file)
    page.set_input_files("input[type=file]", file)
    press(page, "Mira què canviaria")
    look(page)
    assert page.get_by_text("resources, fila 3: Tracta del mateix").is_visible()

    book["resources"]["A2"] = "GO-1"
    book.save(file)
    page.set_input_files("input[type=file]", file)
    press(page, "Mira què canviaria")
    look(page)
    press(page, "Importa’l")
    assert page.get_by_text("Nous: 2. Canvien: 1. Com eren: 3.").is_visible()
    assert Resource.objects.get(code="GO-2").area == Area.objects.get(code="dades")
    assert Question.objects.filter(resource__code="GO-2").exists()


def test_the_report_is_asked_for_and_fetched(editor_page: Page, monkeypatch):
    page = editor_page
    page.goto(reverse("resource:report"))
    look(page)
    press(page, "Fes-lo en XLSX")
    look(page)
    make_due(1)
    page.get_by_role("link", name="Mira si ja hi és").click()
    page.wait_for_load_state()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Baixa el fitxer XLSX").click()
    rows = files.read(Path(download.value.path()).read_bytes(), [], "report")["report"]
    assert rows[1][:2] == ["08096", "Granollers"]

    with monkeypatch.context() as patch:
        patch.setattr("workflows.catalogue.report.table", lambda: 1 / 0)
        press(page, "Torna’l a fer")
        make_due(1)
        page.reload()
        look(page)
    assert page.get_by_role("button", name="Torna-ho a provar").is_visible()
