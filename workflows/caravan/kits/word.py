"""A paper of the kit as DOCX."""

import io

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from workflows.engine import paper

from .documents import Words, joined
from .markup import BLANK, Line

WIDTH = Cm(16)
STYLES = {"item": "List Bullet", "step": "List Number"}
TO_WRITE_ON = "_" * 20


def docx(words: Words, lines: list[Line]) -> bytes:
    """`words`, whose text is `lines`, to be written in on a computer."""
    document = Document()
    _dress(document, words)
    document.add_heading(words.title, level=1)
    _write(document.add_paragraph(style="Subtitle"), words.about)
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
    foot = section.footer.paragraphs[0]
    foot.text = joined(properties.author, words.number)
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
        _write(document.add_heading(level=2), line.text)
    elif line.kind == "check":
        _write(document.add_paragraph("☐ "), line.text)
    elif line.kind == "line":
        _line(document, line.text)
    elif line.kind == "room":
        _room(document)
    else:
        _write(document.add_paragraph(style=STYLES.get(line.kind)), line.text)


def _write(paragraph: Paragraph, text: str) -> None:
    """`text`, with a line to write on for each of its blanks, and in small letters what
    belongs there."""
    # Every second piece is the label of a blank.
    for place, piece in enumerate(BLANK.split(text)):
        if place % 2:
            paragraph.add_run(TO_WRITE_ON)
            paragraph.add_run(f" ({piece})").font.size = Pt(8)
        elif piece:
            paragraph.add_run(piece)


def _line(document: Paper, label: str) -> None:
    """A label, and a line to write on to the edge of the paper."""
    paragraph = document.add_paragraph()
    _write(paragraph, label)
    paragraph.add_run(" \t")
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
