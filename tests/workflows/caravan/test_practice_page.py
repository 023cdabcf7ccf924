"""The page of a good practice, and the same on paper."""

import json
import os
import re
import subprocess
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from PIL import Image as Picture

from cms.models import CustomImage
from tests.factories.acting import a_town
from tests.factories.pages import a_home, translated
from tests.factories.practices import (
    TOLD,
    a_caravan_page,
    a_practice,
    a_told_stop,
)
from tests.papers import facts, read, structure
from workflows.caravan.models import Adaptation, GoodPractice, PracticeSheet
from workflows.caravan.practices import publishing, sheet
from workflows.caravan.sides import chronicle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def caravan() -> Any:
    cache.clear()
    return a_caravan_page(a_home())


def words(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def sheet_of(practice: GoodPractice) -> str:
    with override("en"):
        return reverse("practice_sheet", args=[practice.key])


def test_it_says_all_that_was_told_whose_it_is_and_what_it_serves():
    practice = a_practice("Cita prèvia", sdgs=[10, 16, 99])

    read = words(practice.page.url)

    told = [text for name, text in TOLD.items() if name not in ("cost", "effort")]
    assert [text for text in told if text not in read] == []
    assert practice.body.name in read
    said = {number for number in ("10", "16", "99") if f" {number} " in read}
    assert said == {"10", "16"}
    # Bands are said in words, never as they are stored.
    assert chronicle.in_words("cost", TOLD["cost"]) in read
    assert f" {TOLD['cost']} " not in read


def test_the_contact_is_said_only_if_she_agrees():
    practice = a_practice()
    stop = practice.stop
    assert stop.contact_name not in words(practice.page.url)

    practice.shows_contact = True
    practice.save()

    read = words(practice.page.url)
    assert stop.contact_name in read
    assert stop.contact_email in read


def test_who_adapts_it_is_said_and_who_has_left_it_is_not():
    practice = a_practice()
    State = Adaptation.State
    for name, state in (("Gelida", State.DONE), ("Rubió", State.LEFT)):
        practice.adaptations.create(body=a_town(name), state=state, text="Per a dins")

    read = words(practice.page.url)

    assert "Gelida" in read
    assert "Rubió" not in read
    assert "Per a dins" not in read


def test_a_page_in_another_language_shows_the_same_record(caravan):
    practice = a_practice()
    translated(caravan.get_parent().specific, "es", slug="plaza")
    translated(caravan, "es")

    page = translated(practice.page.specific, "es", title="Cita previa")

    read = words(page.url)
    assert "Cita previa" in read
    assert TOLD["problem"] in read
    practice.refresh_from_db()
    assert practice.page_id != page.pk


def test_it_asks_the_database_the_same_however_many_adapt_it():
    practice = a_practice()
    practice.adaptations.create(body=a_town())

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            words(practice.page.url)
        return len(queries)

    asked()
    before = asked()
    for _ in range(12):
        practice.adaptations.create(body=a_town())
    assert asked() == before


def test_what_the_editor_changes_in_the_record_is_read_at_once(admin_client):
    practice = a_practice()
    words(practice.page.url)

    sent = {**TOLD, "title": practice.title, "field": practice.field, "sdgs": ["4"]}
    sent["advice"] = "Pregunteu abans a qui ho farà servir."
    address = reverse("goodpractice:edit", args=[practice.pk])
    answer = admin_client.post(address, sent)

    assert answer.status_code == 302
    assert "Pregunteu abans" in words(practice.page.url)
    practice.refresh_from_db()
    assert practice.sdgs == [4]


# On paper -----------------------------------------------------------------------------


def test_the_worker_makes_the_sheet_which_is_tagged_and_says_the_same():
    practice = a_practice("Cita prèvia")
    assert Client().get(sheet_of(practice)).status_code == 404

    assert sheet.make_due(10) == 1

    answer = Client().get(sheet_of(practice))
    pdf = b"".join(answer)
    assert answer["Content-Type"] == "application/pdf"
    said = read(pdf)
    assert [
        text for text in ("Cita prèvia", TOLD["solution"]) if text not in said
    ] == []
    assert facts(pdf)["Tagged"] == "yes"
    assert b"pdfuaid" in pdf


def shown_on(practice: GoodPractice, **pictures: Picture) -> list[CustomImage]:
    """The page of `practice` shows those pictures, by what they show, from now on."""
    page = practice.page.specific
    images, blocks = [], []
    for number, (alt, picture) in enumerate(pictures.items()):
        data = BytesIO()
        picture.save(data, "PNG")
        file = ContentFile(data.getvalue(), f"{alt}.png")
        images.append(CustomImage.objects.create(title=alt, file=file))
        seen = {"image": images[-1].pk, "alt_text": alt, "decorative": False}
        words = {"caption": f"Foto {number}", "credit": ""}
        blocks.append({"type": "image", "value": {"image": seen, **words}})
    page.body = json.dumps(blocks)
    page.save_revision().publish()
    return images


def noise(width: int, height: int) -> Picture:
    """What no JPEG makes small."""
    return Picture.frombytes("RGB", (width, height), os.urandom(width * height * 3))


def drawn_in(pdf: bytes) -> list[tuple[int, int]]:
    """The sides of the pictures of `pdf`, as they are drawn in it."""
    command = ("pdfimages", "-list", "-")
    lines = subprocess.run(command, input=pdf, capture_output=True, check=True)
    rows = [line.split() for line in lines.stdout.decode().splitlines()[2:]]
    return [(int(row[3]), int(row[4])) for row in rows if row[8] == "jpeg"]


@pytest.fixture
def made() -> Any:
    def of(practice: GoodPractice) -> bytes:
        sheet.make_due(10)
        return b"".join(Client().get(sheet_of(practice)))

    return of


@pytest.mark.any_database
def test_it_has_three_pictures_of_the_page_with_what_they_show_in_a_small_file(made):
    practice = a_practice()
    small, other = (Picture.new("RGB", (60, 80), c) for c in ("#b4552d", "#1f4d7a"))
    shown = {"taulell": noise(1700, 1300), "cua": small, "pati": other}
    shown_on(practice, **shown, quarta=small)

    pdf = made(practice)

    assert len(drawn_in(pdf)) == 3
    assert max(max(size) for size in drawn_in(pdf)) <= 1600
    assert len(pdf) < 2 * 1024 * 1024
    assert structure(pdf).count("Figure") == 3
    assert [f"Foto {n}" in read(pdf) for n in range(4)] == [True, True, True, False]
    # With an alternative text to each, or else typst would not have said so.
    assert b"pdfuaid" in pdf


@pytest.mark.any_database
def test_a_picture_that_cannot_be_read_or_says_nothing_is_left_out(made):
    practice = a_practice()
    small = Picture.new("RGBA", (60, 40), (14, 95, 74, 90))
    lost, damaged, _seen = shown_on(practice, lost=small, damaged=small, seen=small)
    lost.file.storage.delete(lost.file.name)
    Path(damaged.file.path).write_bytes(b"\x89PNG\r\n\x1a\nno more")

    pdf = made(practice)

    assert len(drawn_in(pdf)) == 1
    assert "Foto 2" in read(pdf)


def test_it_is_made_anew_when_a_picture_of_it_changes_or_goes(made, work):
    practice = a_practice()
    small = Picture.new("RGB", (60, 40), "#0e5f4a")
    [seen, gone] = shown_on(practice, seen=small, gone=small)
    # Which page shows what is noted behind the editor's back.
    work()
    assert len(drawn_in(made(practice))) == 2

    gone.delete()
    assert len(drawn_in(made(practice))) == 1

    data = BytesIO()
    Picture.new("RGB", (30, 90), "#b4552d").save(data, "PNG")
    seen.file = ContentFile(data.getvalue(), "altra.png")
    seen.save()
    assert drawn_in(made(practice)) == [(30, 90)]


def test_nothing_that_somebody_writes_does_anything_in_it():
    stop = a_told_stop('#image("/etc/passwd") *')
    practice = a_practice(stop=stop)

    sheet.make_due(10)

    assert '#image("/etc/passwd") *' in read(b"".join(Client().get(sheet_of(practice))))


def test_it_is_made_at_no_request_and_the_one_of_before_stays_meanwhile(monkeypatch):
    practice = a_practice()
    sheet.make_due(10)
    before = b"".join(Client().get(sheet_of(practice)))
    made: list[int] = []
    monkeypatch.setattr(sheet, "pdf_of", lambda row: made.append(row.pk) or b"%PDF-2")

    sheet.want(practice)

    assert b"".join(Client().get(sheet_of(practice))) == before
    assert not made
    sheet.make_due(10)
    assert b"".join(Client().get(sheet_of(practice))) == b"%PDF-2"


def test_of_a_draft_there_is_no_sheet_even_if_one_was_made():
    practice = publishing.draft(a_told_stop())
    row = PracticeSheet.objects.create(practice=practice)
    row.file.save("", ContentFile(b"%PDF"))

    assert Client().get(sheet_of(practice)).status_code == 404
