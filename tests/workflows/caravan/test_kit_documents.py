"""The papers of a kit: what they say, that everybody can read them, and that nothing
that somebody writes does anything in them."""

import io
import re
from time import perf_counter

import pytest
from django.conf import settings
from django.utils.translation import override
from docx import Document

from tests.papers import facts, read, structure
from workflows.caravan.kits import documents as kit_documents
from workflows.caravan.kits import fields as kit_fields
from workflows.caravan.kits import markup as kit_markup
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.kits import tools
from workflows.caravan.kits.documents import Words
from workflows.caravan.models import Tool, ToolVersion

pytestmark = pytest.mark.django_db

VALUES = {
    **kit_fields.EXAMPLE,
    "title": "Cita prèvia sense cues",
    "place": "Casa de la vila",
    "accessibility": "hi ha ascensor",
    "contact_phone": "930 000 000",
    "office": "Govern obert",
    "office_email": "caravana@placa.example",
    "field": "Serveis",
    "form": "presencial",
    "date": "dijous 26 de novembre de 2026",
    "time": "de 10 a 12 h",
    "link": "https://placa.example/ca/caravan/map/#stop-7",
}
CODES = [one.code for one in kit_seed.TOOLS]


def words(text: str, what: str = Tool.What.GUIDE, **values: str) -> Words:
    return Words(what, "ca", "Un full", text, {**VALUES, **values})


def of_tool(code: str, language: str = "ca") -> Words:
    """A tool as it comes with the site."""
    what = next(one.what for one in kit_seed.TOOLS if one.code == code)
    version = ToolVersion(tool=Tool(what=what), words=kit_seed.words_of(code))
    return tools.words(version, language, VALUES)


def docx(content: bytes) -> list[tuple[str, str]]:
    """Its paragraphs, each with the name of its style."""
    paragraphs = Document(io.BytesIO(content)).paragraphs
    return [(one.style.name, one.text) for one in paragraphs]


# Those that come with the site --------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_each_tool_is_a_tagged_paper_in_catalan_that_says_so(code):
    pdf = kit_documents.made(of_tool(code))["pdf"]

    assert facts(pdf)["Tagged"] == "yes"
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(ca)" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert "CAR-2026-0000" in facts(pdf)["Title"]
    assert "Cita prèvia sense cues" in read(pdf)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_each_tool_has_all_languages_and_no_broken_field(code, language):
    texts = kit_seed.words_of(code)[language]

    assert texts["title"]
    assert kit_fields.faults(texts["text"]) == []
    said = read(kit_documents.pdf(of_tool(code, language)))
    assert not set("{}[]") & set(said)


@pytest.mark.parametrize("code", CODES)
def test_the_languages_of_a_tool_say_the_same(code):
    """As many headings, questions and boxes, with the same fields."""
    texts = [one["text"] for one in kit_seed.words_of(code).values()]

    kinds = [[line.kind for line in kit_markup.lines_of(text)] for text in texts]
    assert kinds.count(kinds[0]) == len(settings.LANGUAGES)
    fields = [sorted(set(re.findall(r"\{[a-z_]+\}", text))) for text in texts]
    assert fields.count(fields[0]) == len(settings.LANGUAGES)


def test_ten_papers_are_made_in_less_than_fifteen_seconds():
    begun = perf_counter()

    for code in CODES:
        kit_documents.made(of_tool(code))

    assert perf_counter() - begun < 15


# Blank --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["poster", "interview"])
def test_blank_it_has_lines_to_write_on_and_says_what_belongs_there(code):
    link = "https://placa.example/en/caravan/"
    paper = of_tool(code, "en")
    with override("en"):
        paper.values.clear()
        paper.values.update(kit_fields.by_hand(link))

    made = kit_documents.made(paper)

    said = read(made["pdf"])
    assert "title of the practice" in said
    assert "title of the practice" in structure(made["pdf"])
    assert not set("{}[]_\ue000\ue001") & set(said + facts(made["pdf"])["Title"])
    assert facts(made["pdf"])["Tagged"] == "yes"
    if code == "poster":
        assert link in said.replace("\u200b", "")
        assert facts(made["pdf"])["Pages"] == "1"
    else:
        texts = [text for _style, text in docx(made["docx"])]
        assert any("____ (title of the practice)" in text for text in texts)


# What is in them ----------------------------------------------------------------------

TEXT = """Primera línia
del mateix paràgraf.

# Un títol
- Una cosa[: {place}]
- Una altra
[ ] Feta
1. Per què?
____
1. Com?

Nom: ____"""


def test_signs_at_the_beginning_of_a_line_make_headings_lists_and_room_to_write():
    tags = structure(kit_documents.pdf(words(TEXT)))

    assert tags.count("H1") == 1
    assert tags.count("H2") == 1
    assert "Primera línia del mateix paràgraf." in " ".join(tags.split())
    # Two of the list, one to tick, two that are counted.
    assert tags.count("LI (block)") == 5
    said = read(kit_documents.pdf(words(TEXT)))
    assert "1. Per què?" in said
    assert "2. Com?" in said, "counted through the paper"
    assert "#" not in said
    assert "_" not in said


def test_what_people_fill_in_is_a_docx_too_with_the_same_words():
    made = kit_documents.made(words(TEXT, Tool.What.CONSENT))

    said = docx(made["docx"])
    assert ("Heading 1", "Un full") in said
    assert ("Heading 2", "Un títol") in said
    assert ("List Bullet", "Una cosa: Casa de la vila") in said
    assert ("List Number", "Per què?") in said
    assert ("Normal", "☐ Feta") in said
    assert any(text.startswith("Nom:") and "\t" in text for _style, text in said)
    properties = Document(io.BytesIO(made["docx"])).core_properties
    assert (properties.title, properties.language) == ("Un full", "ca")


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("guide", {"pdf"}),
        ("poster", {"pdf"}),
        ("script", {"pdf", "docx"}),
        ("consent", {"pdf", "docx"}),
        ("checklist", {"pdf", "docx"}),
    ],
)
def test_only_what_people_write_in_is_a_docx(what, kinds):
    assert set(kit_documents.made(words("Hola", what))) == kinds


def test_what_a_stop_lacks_is_left_out_with_the_words_around_it():
    said = read(kit_documents.pdf(words("Hi ha lloc[ a {place}].", place="")))

    assert "Hi ha lloc." in said


def test_the_poster_has_a_code_that_leads_to_the_stop_and_words_for_who_cannot_see_it():
    pdf = kit_documents.pdf(of_tool("poster"))

    assert VALUES["link"] in read(pdf).replace("\u200b", "")
    assert "Figure" in structure(pdf)
    with override("ca"):
        told = kit_documents._code(VALUES["link"])
    assert VALUES["link"] in told["alt"]
    assert told["svg"].startswith("<svg")


# Whatever is written ------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["{nonsense}", "{host.name}", "{0}", "{", "}"])
def test_a_broken_field_is_said_and_nothing_is_made(broken):
    with pytest.raises(kit_fields.Broken):
        kit_documents.made(words(f"Hola {broken}"))


@pytest.mark.parametrize(
    "value",
    [
        '#read("/etc/passwd") *b* _c_ $x$ @r `',
        "{rapporteur} [x] # no",
        "- no\n# no",
        "<b>&amp;</b>",
    ],
)
def test_what_stands_in_a_field_stands_there_as_it_was_written(value):
    paper = words("Pràctica: {title}", Tool.What.SCRIPT, title=value)

    made = kit_documents.made(paper)

    told = " ".join(value.split())
    assert f"Pràctica: {told}" in read(made["pdf"])
    assert ("Normal", f"Pràctica: {told}") in docx(made["docx"])


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Gràcies 👍🏽 漢字"},
        {"title": "paraula " * 18, "host": "Consell " * 9, "place": "lloc " * 39},
        {"title": "t" * 150},
        {"title": "a\x01b\x0cc\u202ed\u200be\ufeff"},
        {"title": ""},
    ],
    ids=["emoji", "long", "one word", "controls", "empty"],
)
@pytest.mark.parametrize("code", ["poster", "interview"])
def test_nothing_that_somebody_writes_keeps_it_from_being_made(code, values):
    paper = of_tool(code)
    paper.values.update(values)

    made = kit_documents.made(paper)

    assert facts(made["pdf"])["Tagged"] == "yes"
    if code == "poster":
        assert facts(made["pdf"])["Pages"] == "1"


@pytest.fixture(autouse=True)
def _own_values(monkeypatch):
    """Each test has its own."""
    monkeypatch.setattr(f"{__name__}.VALUES", dict(VALUES))
