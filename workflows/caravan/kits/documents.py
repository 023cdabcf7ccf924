"""A tool of the kit as paper: a tagged PDF and, where people write in it, a DOCX.

Both are made of the same lines (`markup`), so that they say the same.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, override

from workflows.caravan.models import KitFile, Tool
from workflows.engine import paper

from . import fields
from .markup import BLANK, Line, blocks_of, lines_of, plain

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
    def number(self) -> str:
        """Of its case; "" on a paper that is of none."""
        return _known(self.values["number"])

    @property
    def name(self) -> str:
        """By which its file is told from others."""
        practice = _known(self.practice) if self.what == What.POSTER else ""
        return joined(self.title, practice, self.number)

    @property
    def lines(self) -> list[Line]:
        """Raises `fields.Broken`."""
        fields.check(self.text)
        return lines_of(self.text, self.values)


def _known(words: str) -> str:
    """`words`, or "" if they are left to be filled in."""
    return "" if BLANK.search(words) else plain(words)


def joined(*parts: str) -> str:
    """Those of `parts` that say something, in one line."""
    return " · ".join(filter(None, parts))


def made(words: Words) -> dict[str, bytes]:
    """The files of `words`, by their kind. Raises `fields.Broken` for a blank that
    is none."""
    with override(words.language):
        # Here, since only the worker needs its 9 MB.
        from . import word

        lines = words.lines
        makers = {Kind.PDF: _pdf, Kind.DOCX: word.docx}
        return {kind: makers[kind](words, lines) for kind in words.kinds}


def pdf(words: Words) -> bytes:
    """As `made`, the PDF alone."""
    with override(words.language):
        return _pdf(words, words.lines)


def _pdf(words: Words, lines: list[Line]) -> bytes:
    letterhead = paper.letterhead()
    told = {
        "language": words.language,
        **letterhead,
        "name": words.name,
        "foot": joined(letterhead["site"], words.number),
        "title": words.title,
        "eyebrow": gettext("Digital Innovation Caravan"),
        "practice": words.practice,
        "about": words.about,
        "blocks": blocks_of(lines),
        "contact": paper.contact(),
        "code": _code(words.values["link"]) if words.what == What.POSTER else {},
    }
    return paper.set_pdf(TEMPLATES.get(What(words.what), TEMPLATE), told)


def _code(link: str) -> dict[str, str]:
    """The QR code that leads to `link`, and what says so to who cannot see it."""
    # Here, since only the worker needs its 4 MB.
    import segno

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
