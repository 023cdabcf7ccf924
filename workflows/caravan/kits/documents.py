"""A tool of the kit as paper: a tagged PDF and, where people write in it, a DOCX.

Both are made of the same lines (`kit_markup`), so that they say the same.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import segno
from django.utils.translation import gettext, override
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from workflows.caravan.models import KitFile, Tool
from workflows.engine import paper

from . import fields
from .markup import Line, blocks_of, lines_of, plain

What = Tool.What
Kind = KitFile.Kind

TEMPLATES = {What.POSTER: "kit_poster.typ"}
TEMPLATE = "kit.typ"
# In these people write, many of them on a computer.
WRITTEN_IN = (What.SCRIPT, What.CONSENT, What.CHECKLIST)

CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
}


@dataclass(frozen=True)
class Words:
    """What a paper is made of: the `words` of a version in a language, and what stands
    in its blanks."""

    what: str
    language: str
    title: str
    text: str
    values: Mapping[str, str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The files that it is made as."""
        return (Kind.PDF, Kind.DOCX) if self.what in WRITTEN_IN else (Kind.PDF,)

    @property
    def practice(self) -> str:
        return plain(self.values["title"])

    @property
    def about(self) -> str:
        return f"{self.practice} · {plain(self.values['host'])}"

    @property
    def lines(self) -> list[Line]:
        """Raises `kit_fields.Broken`."""
        fields.check(self.text)
        return lines_of(self.text, self.values)


def made(words: Words) -> dict[str, bytes]:
    """The files of `words`, by their kind. Raises `kit_fields.Broken` for a blank that
    is none."""
    with override(words.language):
        lines = words.lines
        makers = {Kind.PDF: _pdf, Kind.DOCX: _docx}
        return {kind: makers[kind](words, lines) for kind in words.kinds}


def pdf(words: Words) -> bytes:
    """As `made`, the PDF alone."""
    with override(words.language):
        return _pdf(words, words.lines)


# PDF ----------------------------------------------------------------------------------


def _pdf(words: Words, lines: list[Line]) -> bytes:
    told = {
        "language": words.language,
        **paper.letterhead(),
        "title": words.title,
        "eyebrow": gettext("Digital Innovation Caravan"),
        "practice": words.practice,
        "about": words.about,
        "number": words.values["number"],
        "blocks": blocks_of(lines),
        "contact": paper.contact(),
        "code": _code(words.values["link"]) if words.what == What.POSTER else {},
    }
    return paper.set_pdf(TEMPLATES.get(What(words.what), TEMPLATE), told)


def _code(link: str) -> dict[str, str]:
    """The QR code that leads to `link`, and what says so to who cannot see it."""
    drawn = io.BytesIO()
    # Read from a wall: a quarter of it may be torn off.
    code = segno.make(link, error="q", micro=False)
    code.save(drawn, kind="svg", border=4, light="#fff", xmldecl=False)
    return {
        "svg": drawn.getvalue().decode(),
        "link": link,
        "alt": gettext("QR code that leads to %(link)s") % {"link": link},
        "words": gettext("Read all about it"),
    }


# DOCX ---------------------------------------------------------------------------------

WIDTH = Cm(16)


def _docx(words: Words, lines: list[Line]) -> bytes:
    document = Document()
    _dress(document, words)
    document.add_heading(words.title, level=1)
    document.add_paragraph(words.about, style="Subtitle")
    for line in lines:
        _put(document, line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _dress(document: Paper, words: Words) -> None:
    """Its language, title, page and letters. The sizes of the headings are those of
    the PDF; their colour is the brand's."""
    strong = paper.letterhead()["colours"]["strong"]
    properties = document.core_properties
    properties.title, properties.language = words.title, words.language
    properties.author = paper.letterhead()["site"]
    properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.footer.paragraphs[
        0
    ].text = f"{properties.author} · {words.values['number']}"
    letters = document.styles["Normal"]
    letters.font.size = Pt(11)
    speech = letters.element.get_or_add_rPr()
    named = OxmlElement("w:lang")
    named.set(qn("w:val"), words.language)
    speech.append(named)
    for name, size in (("Heading 1", 20), ("Heading 2", 14)):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor.from_string(strong.lstrip("#")[:6].upper())


def _put(document: Paper, line: Line) -> None:
    if line.kind == "heading":
        document.add_heading(line.text, level=2)
    elif line.kind == "item":
        document.add_paragraph(line.text, style="List Bullet")
    elif line.kind == "step":
        document.add_paragraph(line.text, style="List Number")
    elif line.kind == "check":
        document.add_paragraph(f"☐ {line.text}")
    elif line.kind == "line":
        _line(document, line.text)
    elif line.kind == "room":
        _room(document)
    else:
        document.add_paragraph(line.text)


def _line(document: Paper, label: str) -> None:
    """A label, and a line to write on to the edge of the paper."""
    paragraph = document.add_paragraph(f"{label} \t")
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)


def _room(document: Paper) -> None:
    """A box that grows as one writes in it."""
    paragraph = document.add_paragraph("\n\n")
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "4")):
            edge.set(qn(f"w:{name}"), value)
        edges.append(edge)
    paragraph.paragraph_format.element.get_or_add_pPr().append(edges)
