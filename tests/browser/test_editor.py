"""An editor's day, in a browser: to write, to show, to have approved, to translate, to
correct, to plan; and what readers, feeds and search engines get of it.

The pictures of the guide for editors are taken on the way:

    GUIDE_PICTURES=1 ./dev test tests/browser/test_editor.py
"""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from PIL import ExifTags, Image
from playwright.sync_api import Locator, Page, Route, expect
from wagtail.models import Workflow, WorkflowPage

from cms.models import ArticlesPage, CustomImage
from tests.browser.faults import Watch
from tests.factories.demonstration import plant
from tests.mail import MailServer

EDITOR, COORDINATOR = "edita@placa.example", "coordina@placa.example"
TITLE = "Respondre una sol·licitud en deu dies"
SPANISH = "Responder una solicitud en diez días"
SLUG = "respondre-una-sollicitud-en-deu-dies"
SPANISH_SLUG = "responder-en-diez-dias"
PICTURE = "Un taulell a la plaça"
LEAD = "Què fem el primer dia, qui ho mira i què escrivim quan falta informació."
WORD = (
    "<p class=MsoNormal style='mso-fareast-font-family:x'><b>El primer dia</b> mirem si"
    " la sol·licitud és nostra.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
)
# What there is to translate, in the order of the form.
WORDS = {
    TITLE: SPANISH,
    LEAD: "Qué hacemos el primer día y quién lo mira.",
    "Un taulell amb dues cadires": "Un mostrador con dos sillas",
    "<b>El primer dia</b> mirem si la sol·licitud és nostra.": "<b>Antes</b> miramos.",
    SLUG: SPANISH_SLUG,
}
PASTE = """(field, html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'x')
    field.dispatchEvent(new ClipboardEvent('paste',
        {clipboardData: data, bubbles: true, cancelable: true}))
}"""

PICTURES = settings.BASE_DIR / "docs" / "editors"
DRAWING = settings.BASE_DIR / "cms" / "demonstration" / "pictures" / "taulell.webp"

Post = Callable[[str], list[EmailMessage]]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def shoot(page: Page, name: str) -> None:
    """Take a picture of the screen for the guide."""
    if "GUIDE_PICTURES" not in os.environ:
        return
    page.wait_for_load_state()
    page.evaluate("document.getAnimations().forEach(each => each.finish())")
    with Image.open(BytesIO(page.screenshot())) as taken:
        taken.quantize(128).save(PICTURES / f"{name}.png", optimize=True)


def photograph(folder: Path) -> Path:
    """As a telephone makes them: HEIC, and with the place in it."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 23.0, 12.0)
    file = folder / "IMG_2041.HEIC"
    with Image.open(DRAWING) as drawing:
        mirrored = drawing.convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirrored.save(file, "HEIF", exif=exif.tobytes())
    return file


# What editors do ---------------------------------------------------------------------


def menu(page: Page) -> Locator:
    return page.locator("#wagtail-sidebar")


def begin_an_article(page: Page, title: str) -> None:
    menu(page).get_by_role("link", name="Apunts", exact=True).click()
    way = page.get_by_role("link", name="Afegir apunt")
    expect(way).to_be_visible()
    shoot(page, "apunts")
    way.click()
    page.get_by_role("textbox", name="Títol").fill(title)
    page.get_by_role("textbox", name="Entradeta").fill(LEAD)
    page.get_by_role("checkbox", name="Accés a la informació").check()


def upload_a_picture(page: Page, file: Path) -> None:
    page.get_by_role("button", name="Escull una imatge").click()
    chooser = page.get_by_role("dialog")
    chooser.get_by_role("tab", name="Pujar").click()
    chooser.locator("input[type=file]").set_input_files(file)
    chooser.get_by_role("textbox", name="Títol").fill(PICTURE)
    chooser.get_by_role("textbox", name="Text alternatiu").fill(
        "Un taulell amb cadires"
    )
    shoot(page, "imatge")
    chooser.get_by_role("button", name="Pujar").click()
    expect(page.get_by_text(PICTURE)).to_be_visible(timeout=20_000)
    words = page.get_by_role("textbox", name="Què s’hi veu")
    words.fill("Un taulell amb dues cadires")


def add_a_block(page: Page, name: str) -> None:
    """At the end of the body."""
    page.locator("#panel-child-contingut-body-section .c-sf-add-button").last.click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    if name == "Text":
        shoot(page, "blocs")
    options.filter(has_text=re.compile(f"^{name}$")).click()


def paste_from_word(page: Page) -> None:
    field = page.locator(".public-DraftEditor-content").last
    field.click()
    field.evaluate(PASTE, WORD)
    expect(field).to_contain_text("El primer dia")


def act(page: Page, name: str) -> None:
    """Press what the foot of the form offers, at once or when it is opened."""
    way = page.locator("footer").get_by_role("button", name=name, exact=True)
    if not way.is_visible():
        page.locator("footer").get_by_role("button", name="Més accions").click()
        if name == "Envia a Moderació":
            shoot(page, "accions")
    way.click()


def save(page: Page) -> None:
    """Wait until what was written is kept: nobody has to press anything for it."""
    expect(page.get_by_text("Desat.", exact=True)).to_be_visible()


def look_at_the_preview(page: Page) -> None:
    page.get_by_role("button", name="Mostrar/ocultar previsualització").click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.get_by_text("mirem si la sol·licitud és nostra")).to_be_visible()
    shoot(page, "previsualitzacio")
    page.get_by_role("button", name="Mostrar/ocultar previsualització").click()


def open_article(page: Page, title: str) -> None:
    menu(page).get_by_role("link", name="Apunts", exact=True).click()
    page.get_by_role("link", name=title, exact=True).first.click()
    # Its menus open once its scripts have begun, and the list has menus of that name.
    page.wait_for_url(re.compile("/edit/$"))


def translate_into_spanish(page: Page) -> None:
    page.locator("header").get_by_role("button", name="Accions").first.click()
    page.get_by_role("link", name="Traduir aquesta pàgina").click()
    page.get_by_role("checkbox", name="castellà").check()
    shoot(page, "traduir")
    page.get_by_role("button", name="Enviar").click()
    for old, new in WORDS.items():
        if old == SLUG:
            page.get_by_role("tab", name="Promoure").click()
        translate(page, old, new)
    page.get_by_role("tab", name="Contingut").click()
    shoot(page, "traduccio")


def translate(page: Page, old: str, new: str) -> None:
    words = page.get_by_text(old, exact=True).filter(visible=True)
    part = page.locator("li").filter(has=words).last
    part.get_by_role("button", name="Traduir").click()
    page.keyboard.type(new)
    part.get_by_role("button", name="Desar").click()
    expect(part.get_by_role("button", name="Editar")).to_be_visible()


def plan(page: Page, moment: datetime) -> None:
    page.get_by_role("button", name="Canviar l'estat").click()
    page.get_by_role("button", name="Establir programació de publicació").click()
    dialog = page.get_by_role("dialog")
    when = dialog.get_by_role("textbox", name="Publica-la el")
    when.fill(f"{moment:%Y-%m-%d %H:%M}")
    calendar = page.locator(".xdsoft_datetimepicker").filter(visible=True)
    expect(calendar).to_be_visible()
    shoot(page, "programar")
    dialog.get_by_role("heading").last.click()
    expect(calendar).to_have_count(0)
    dialog.get_by_role("button", name="Desar programació de publicació").click()


# The day -------------------------------------------------------------------------


@pytest.fixture
def site(site_url: str) -> str:
    """The demonstration; an administrator has given its articles moderation."""
    plant()
    shelf = ArticlesPage.objects.get(locale__language_code="ca")
    WorkflowPage.objects.create(page=shelf.page_ptr, workflow=Workflow.objects.get())
    return site_url


@pytest.fixture
def post(site: str, work: Callable[[], None], smtp_server: MailServer) -> Post:
    """Call it with an address for the mails that it has got."""

    def arrived(address: str) -> list[EmailMessage]:
        call_command("sweep")
        work()
        return smtp_server.mails_to(address)

    return arrived


@pytest.fixture
def desk(new_context: Callable[..., Any], site: str) -> Callable[[], Page]:
    """Call it for somebody's own browser. A proxy hands out pictures; here nobody
    stands before the site."""

    def hand_out(route: Route) -> None:
        address = urlsplit(route.request.url).path
        route.fulfill(path=Path(settings.MEDIA_ROOT) / address.removeprefix("/media/"))

    def sit_down() -> Page:
        page = new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.route("**/media/images/**", hand_out)
        return page

    return sit_down


def sign_in(page: Page, address: str, post: Post) -> None:
    page.goto("/admin/")
    page.get_by_label("Correu electrònic").fill(address)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Codi")).to_be_visible()
    text = post(address)[-1].get_body(("plain",)).get_content()
    page.get_by_label("Codi").fill(re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text)[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


def test_an_editors_day(desk, post, site, tmp_path):
    editor, coordinator, reader = desk(), desk(), desk()
    watches = [Watch(each, site) for each in (editor, coordinator, reader)]
    sign_in(editor, EDITOR, post)
    expect(editor.get_by_role("heading", name="Pròximes sessions")).to_be_visible()
    shoot(editor, "inici")

    # An article, with a telephone's picture and with words that come from Word.
    begin_an_article(editor, TITLE)
    upload_a_picture(editor, photograph(tmp_path))
    add_a_block(editor, "Text")
    paste_from_word(editor)
    save(editor)
    look_at_the_preview(editor)
    address = f"/ca/apunts/{SLUG}/"
    assert reader.goto(address).status == 404, "nobody sees it yet"

    # It is handed in; who approves hears of it, and so does who wrote it.
    act(editor, "Envia a Moderació")
    expect(editor.get_by_text("ha estat enviada a moderació")).to_be_visible()
    assert TITLE in post(COORDINATOR)[-1].get_body(("plain",)).get_content()
    sign_in(coordinator, COORDINATOR, post)
    open_article(coordinator, TITLE)
    act(coordinator, "Aprova i publica")
    expect(coordinator.get_by_text(f"{TITLE}' ha estat")).to_be_visible()
    assert TITLE in post(EDITOR)[-1].get_body(("plain",)).get_content()

    # It is there: on its page and for who follows, clean, and silent about the place.
    reader.goto("/ca/apunts/")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(
        reader.get_by_role("img", name="Un taulell amb dues cadires")
    ).to_be_visible()
    text = reader.get_by_text("mirem si la sol·licitud és nostra").inner_html()
    assert text == "<b>El primer dia</b> mirem si la sol·licitud és nostra."
    with Image.open(CustomImage.objects.get(title=PICTURE).file.path) as picture:
        assert not picture.getexif()
    assert TITLE in reader.request.get("/ca/apunts/feed.xml").text()
    assert address in reader.request.get("/sitemap.xml").text()

    # In Spanish too, once it is published there.
    open_article(editor, TITLE)
    translate_into_spanish(editor)
    assert reader.goto(f"/es/apuntes/{SPANISH_SLUG}/").status == 404
    editor.get_by_role("button", name="Publicar en castellà").click()
    expect(editor.get_by_text(f"S'ha publicat '{SPANISH}' en castellà")).to_be_visible()
    reader.goto(address)
    reader.get_by_role("link", name="Castellano").first.click()
    expect(reader).to_have_url(f"{site}/es/apuntes/{SPANISH_SLUG}/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(SPANISH)
    expect(reader.get_by_text("Antes miramos.")).to_be_visible()
    assert SPANISH in reader.request.get("/es/apuntes/feed.xml").text()

    # A correction, and a shorter address: the old one leads there. No moderation now.
    WorkflowPage.objects.all().delete()
    open_article(editor, TITLE)
    editor.get_by_role("textbox", name="Entradeta").fill("Amb un model de resposta.")
    editor.get_by_role("tab", name="Promoure").click()
    editor.get_by_role("textbox", name="Adreça").fill("en-deu-dies")
    shoot(editor, "promoure")
    act(editor, "Publica")
    expect(editor.get_by_text("ha estat publicada")).to_be_visible()
    reader.goto(address)
    expect(reader).to_have_url(f"{site}/ca/apunts/en-deu-dies/")
    expect(reader.get_by_text("Amb un model de resposta.")).to_be_visible()

    # Another one for tomorrow at nine. It comes by itself.
    begin_an_article(editor, "Demà hi serà")
    tomorrow = timezone.localtime() + timedelta(days=1)
    plan(editor, tomorrow.replace(hour=9, minute=0))
    expect(editor).to_have_url(re.compile("/edit/$"))
    act(editor, "Programa la publicació")
    expect(editor.get_by_text("ha estat programada")).to_be_visible()
    assert reader.goto("/ca/apunts/dema-hi-sera/").status == 404
    with time_machine.travel(tomorrow.replace(hour=9, minute=1)):
        post(EDITOR)
        assert reader.goto("/ca/apunts/dema-hi-sera/").status == 200

    assert [watch.left_the_house for watch in watches] == [[], [], []]
