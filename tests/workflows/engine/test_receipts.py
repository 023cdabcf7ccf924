"""The receipt: what it says, that it is for everybody to read, and that nothing that
somebody writes does anything in it."""

import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

import pytest
import time_machine
import typst
from django.conf import settings
from i18nfield.strings import LazyI18nString

from cms.models import SiteSettings
from tests.factories import a_body
from tests.factories.cases import a_consultation, a_unit, a_worker, do
from workflows.engine import answers, jobs, paper, receipts
from workflows.engine.feasts import usual_holidays
from workflows.engine.models import Case, Entry, File

pytestmark = pytest.mark.django_db

# Before Good Friday and Easter Monday.
TUESDAY = datetime.fromisoformat("2026-03-31T09:30:00+02:00")


def read(pdf: bytes) -> str:
    """Its words, in the order in which they are read."""
    return _poppler("pdftotext", "-enc", "UTF-8", "-", "-", given=pdf)


def facts(pdf: bytes) -> dict[str, str]:
    lines = _poppler("pdfinfo", "-", given=pdf).splitlines()
    return {name: said.strip() for name, _, said in (x.partition(":") for x in lines)}


def _poppler(*command: str, given: bytes) -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    return done.stdout.decode()


def told(pdf: bytes) -> str:
    return " ".join(read(pdf).split())


def asked(**values: object) -> Case:
    with time_machine.travel(TUESDAY, tick=False):
        return a_consultation(**values)


# What it says ------------------------------------------------------------------------


def test_it_says_what_was_asked_by_whom_when_and_until_when_it_is_answered():
    site = SiteSettings.load()
    site.contact = LazyI18nString({"ca": "Servei de Govern Obert\nDe 9 a 14 h"})
    site.email = "oficina@placa.example"
    site.save()
    case = asked(
        unit=a_unit("Govern obert"),
        title="Publicar les actes",
        text="Hem de publicar-les?\n\nI les col·legials?",
        name="Ada Puig",
        email="ada@council.example",
        body=a_body("Vila-real"),
    )
    entry = case.entries.get()
    File.objects.create(case=case, entry=entry, name="acta del ple.pdf", size=1)

    words = told(receipts.make(case))

    for said in (
        settings.SITE_NAME,
        "Justificant",
        case.number,
        "dimarts 31 de març de 2026, a les 9.30 h",
        "Ada Puig",
        "ada@council.example",
        "Vila-real",
        "Govern obert",
        "Publicar les actes",
        "Hem de publicar-les? I les col·legials?",
        "acta del ple.pdf",
        "Us responem, com a molt tard, el dijous 16 d’abril de 2026.",
        "10 dies hàbils",
        "Servei de Govern Obert De 9 a 14 h oficina@placa.example",
    ):
        assert said in words, said


@pytest.fixture(autouse=True)
def _holidays():
    for holiday in usual_holidays(2026):
        holiday.save()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ca", ("Justificant", "31 de març")),
        ("es", ("Justificante", "31 de marzo")),
        ("en", ("Receipt", "31 March")),
    ],
)
def test_it_is_in_the_language_of_who_asked(language, said):
    pdf = receipts.make(asked(language=language))

    for words in said:
        assert words in told(pdf)
    assert f"/Lang({language})".encode() in pdf


def test_it_says_the_term_as_it_began_whatever_became_of_it():
    unit = a_unit()
    case, worker = asked(unit=unit), a_worker(unit)
    before = told(receipts.make(case))
    with time_machine.travel(TUESDAY, tick=False):
        do(case, worker, unit=unit.pk)
        do(case, worker, decision="ask", text="De quin any?")
    case.refresh_from_db()
    assert case.due is None

    assert told(receipts.make(case)) == before


def test_what_the_staff_wrote_is_not_in_it():
    case = asked()
    Entry.objects.create(case=case, way=Entry.Way.NOTE, text="Ull amb aquest")
    Entry.objects.create(case=case, way=Entry.Way.OUT, text="La resposta")

    words = told(receipts.make(case))

    assert "Ull" not in words
    assert "La resposta" not in words


@pytest.mark.parametrize("theme", ["base", "riera"])
def test_a_brand_gives_it_its_name_its_logo_and_its_colours(settings, theme):
    settings.THEME, settings.SITE_NAME = theme, f"La casa {theme}"
    folder = settings.THEMES_DIR / theme / "static"

    said = receipts._told(asked())

    assert said["site"] == f"La casa {theme}"
    assert said["logo"]["shape"] == (folder / "img/logo-shape.svg").read_text()
    sheet = "css/tokens.css" if theme == "base" else "css/brand.css"
    assert said["colours"]["shape"] in (folder / sheet).read_text()


def test_a_brand_may_have_a_receipt_of_its_own(settings, tmp_path):
    (tmp_path / "own" / "documents").mkdir(parents=True)
    (tmp_path / "base").symlink_to(settings.THEMES_DIR / "base")
    own = tmp_path / "own" / "documents" / "receipt.typ"
    own.write_text("#set document(title: [R])\nDe casa nostra")
    settings.THEMES_DIR, settings.THEME = tmp_path, "own"

    assert told(receipts.make(asked())) == "De casa nostra"


# For everybody to read ---------------------------------------------------------------


def test_it_is_tagged_and_says_that_it_is_accessible():
    pdf = receipts.make(asked(body=a_body("Vila-real")))

    assert facts(pdf)["Tagged"] == "yes"
    assert facts(pdf)["Title"].startswith("Justificant CON-2026-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert facts(pdf)["Pages"] == "1"


STRANGE = {
    "typst's own signs": '#read("/etc/passwd") #panic() *b* _c_ $x$ = h <l> @r // \\ `',
    "quotes": "\"' «» “” ’ l·l ŀl",
    "another alphabet": "Ελληνικά Русский",
    "from right to left": "مرحبا بالعالم",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_whatever_is_written_stands_there_as_it_was_written(text):
    pdf = receipts.make(asked(title=text, text=text, name=text))

    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    if "مرحبا" not in text:
        assert told(pdf).count(" ".join(text.split())) == 3
    else:
        assert "بالعالم" in told(pdf)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "", "text": "", "name": ""},
        {"title": "Gràcies 👍🏽", "text": "👩‍👩‍👧 漢字"},
        {"text": "a\x01b\x0cc\u202ed\u200be\ufeff"},
        {"title": "t" * 200, "name": "n" * 150, "text": "x" * 10_000},
        {"text": "paraula " * 1250},
        {"text": "\n" * 10_000},
        {"text": "línia\n" * 1600},
    ],
    ids=["empty", "emoji", "controls", "one word", "words", "lines", "many lines"],
)
def test_nothing_that_somebody_writes_keeps_it_from_being_made(values):
    case = asked(**values)
    begun = perf_counter()

    pdf = receipts.make(case)

    assert perf_counter() - begun < 5
    assert facts(pdf)["Tagged"] == "yes"
    assert case.number in told(pdf)


def test_a_word_without_end_stays_on_the_paper():
    pdf = receipts.make(asked(title="t" * 200, text="x" * 3_000))

    boxes = _poppler("pdftotext", "-bbox", "-", "-", given=pdf)
    right = max(float(part.split('"')[0]) for part in boxes.split('xMax="')[1:])
    assert right < 595 - 60, "within the margin, in points"


def test_the_templates_of_all_themes_ask_for_nothing_from_elsewhere():
    files = list(Path(settings.THEMES_DIR).glob("*/documents/*.typ"))
    assert files
    assert not [file for file in files if "@preview" in file.read_text()]


def test_no_letters_of_the_system_are_in_it():
    # Which common letters have, and typst's own have not.
    case = asked(title="😀")
    letters = _poppler("pdffonts", "-", given=receipts.make(case))

    assert "Libertinus" in letters
    known = typst.Fonts(include_system_fonts=False).families()
    for line in letters.splitlines()[2:]:
        name = line.split()[0].partition("+")[2].partition("-")[0]
        assert name in {family.replace(" ", "") for family in known}


# In the case -------------------------------------------------------------------------


def test_it_is_a_file_of_the_case_for_the_applicant_to_see(work):
    case = asked(language="es")

    work()

    file = case.files.get()
    assert (file.name, file.is_visible) == (f"Justificante {case.number}.pdf", True)
    assert file.content_type == "application/pdf"
    with file.file.open() as content:
        assert case.number in told(content.read())


def test_withdrawn_before_it_was_made_there_is_none():
    case = asked()
    answers.withdraw(case)

    jobs.run_due(10)

    assert not case.files.exists()


def test_a_fault_of_the_template_is_tried_again_and_says_nothing_of_anybody(
    monkeypatch, caplog
):
    case = asked(name="Ada Puig")
    monkeypatch.setattr(paper, "of_theme", lambda name: Path("/nowhere"))

    jobs.run_due(10)

    [task] = case.process.task_set.filter(flow_task_type="JOB")
    assert task.job.state == "retrying"
    assert "Puig" not in task.job.error + json.dumps(task.data) + caplog.text


def test_dates_are_counted_with_the_holidays_of_then():
    case = asked()

    assert receipts._first_term(case).due == date(2026, 4, 16)
