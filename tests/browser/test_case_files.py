"""Files of a case, as people without a mouse send, keep, take away and save them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from community.models import Unit
from tests.browser.keyboard import press, write
from tests.browser.signing_in import sign_in
from tests.factories.cases import a_consultation, a_unit, a_worker, do, open_task
from tests.factories.files import HTML, PDF
from tests.factories.pages import a_home
from workflows.consultation.models import ConsultationSettings
from workflows.engine import cases, files
from workflows.engine.models import Case, Entry

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

SEND = "main form .form__end button"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("acta-del-ple.pdf", "guia-de-publicitat-activa.pdf"):
        (tmp_path / name).write_bytes(PDF)
    (tmp_path / "pagina.html").write_bytes(HTML)
    return tmp_path


@pytest.fixture
def unit() -> Unit:
    cache.clear()
    a_home()
    unit = a_unit("Govern obert")
    ConsultationSettings.objects.create(unit=unit)
    return unit


@pytest.mark.parametrize("width", [1280, 320])
def test_files_go_from_hand_to_hand(
    page, live_server, unit, folder, assert_accessible, width
):
    def looks_well() -> None:
        page.mouse.move(0, 0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/ca/ask/")
    for name, value in (
        ("title", "Publicar les actes"),
        ("text", "Hem de publicar les actes del ple?"),
        ("name", "Ada Puig"),
        ("email", "ada@council.example"),
    ):
        write(page, page.locator(f"[name={name}]"), value)
    handed_in = [folder / name for name in ("acta-del-ple.pdf", "pagina.html")]
    page.locator("input[type=file]").set_input_files(handed_in)
    page.wait_for_timeout(1000 * settings.FORM_SECONDS + 300)
    press(page, page.locator(SEND))
    page.wait_for_selector(".errors")

    assert "«pagina.html» no s’ha admès" in page.inner_text(".errors")
    assert "acta-del-ple.pdf" in page.inner_text(".kept")
    looks_well()
    press(page, page.locator(SEND))
    page.wait_for_url("**/ask/sent/")
    case = Case.objects.get()

    worker = a_worker(unit, language="ca")
    do(case, worker, unit=unit.pk)
    note = cases.write(case, Entry.Way.NOTE, "Compte amb les dades.", worker)
    intern = {"name": "intern.pdf", "content_type": "application/pdf"}
    files.add(case, content=PDF, entry=note, is_visible=False, by=worker, **intern)
    sign_in(page.context, worker, live_server.url)
    page.goto(reverse("cases:step", args=[case.number, open_task(case).pk]))
    write(page, page.locator("[name=text]"), "Sí: aquí teniu la guia.")
    guide = folder / "guia-de-publicitat-activa.pdf"
    page.locator("input[type=file]").set_input_files(guide)
    press(page, page.get_by_role("button", name="Envia", exact=True))
    press(page, page.get_by_role("button", name="Torna i canvia"))
    assert "guia-de-publicitat-activa.pdf" in page.inner_text(".kept")
    looks_well()
    press(page, page.get_by_role("button", name="Envia", exact=True))
    press(page, page.get_by_role("button", name="Envia", exact=True))
    page.wait_for_selector(".cases-files")
    looks_well()
    with page.expect_download() as saved:
        press(page, page.get_by_role("link", name="acta-del-ple.pdf").first)
    assert Path(saved.value.path()).read_bytes() == PDF

    assert case.entries.get(way=Entry.Way.OUT).files.exists()
    page.context.clear_cookies()
    page.goto(reverse("my_case", args=[case.token]))
    looks_well()
    with page.expect_download() as saved:
        press(page, page.get_by_role("link", name=guide.name).first)
    assert saved.value.suggested_filename == guide.name


def test_who_has_more_to_send_finds_where(page, unit, folder, assert_accessible):
    page.set_viewport_size({"width": 320, "height": 900})
    case = a_consultation(unit)
    page.goto(reverse("my_case", args=[case.token]))
    press(page, page.get_by_role("link", name="Envieu-nos alguna cosa més"))
    page.locator("input[type=file]").set_input_files(folder / "acta-del-ple.pdf")
    press(page, page.locator(SEND))
    page.wait_for_selector(".errors")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)
    press(page, page.locator(".kept [type=checkbox]"), " ")
    write(page, page.locator("[name=text]"), "No calia res més.")
    press(page, page.locator(SEND))
    page.wait_for_url("**sent=1")

    assert case.entries.get(text="No calia res més.").files.count() == 0
