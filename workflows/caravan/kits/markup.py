"""The words of a tool of the kit, as editors write them: plain lines, of which some
begin with a sign.

    # A heading                     - one of a list
    1. one that is counted          [ ] one to be ticked off
    Name: ____  to be filled in     ____ alone: room to write

Lines of text that follow each other are one paragraph. What is counted is counted
through the whole paper, whatever figures are written. A name in braces is a blank
(`fields`), filled once the lines were told apart: what stands in its place is never
read as a sign.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workflows.engine.filling import fill

SIGNS = (
    ("heading", re.compile(r"#+\s+(.+)")),
    ("check", re.compile(r"\[ ?\]\s+(.+)")),
    ("item", re.compile(r"[-*•]\s+(.+)")),
    ("step", re.compile(r"\d{1,2}[.)]\s+(.+)")),
    ("room", re.compile(r"_{3,}()")),
    ("line", re.compile(r"(.*[^_\s])\s*_{3,}")),
)
# A line to write on by hand, and what belongs there: two signs of no alphabet, which
# nobody types, stand around it.
BLANK = re.compile("\ue000([^\ue001]*)\ue001")
# Controls, halves of letters, and what is no letter: XML knows none of them.
UNWRITTEN = ("Cc", "Cs", "Cn")
# What follows another of its kind stands with it.
LISTS = ("check", "item", "step")


class Line(NamedTuple):
    """A heading, a paragraph (`text`), one of a list, or room to write; `number` is
    what a step is counted as."""

    kind: str
    text: str
    number: int = 0


def lines_of(text: str, values: Mapping[str, str] | None = None) -> list[Line]:
    """`text` told apart, with `values` in its blanks; as it was written without them.
    A line of which nothing is left is not there."""
    found: list[Line] = []
    steps = 0
    for kind, words in _told_apart(text):
        if values is not None:
            words = plain(fill(words, values))
        if kind != "room" and not words:
            continue
        steps += kind == "step"
        found.append(Line(kind, words, steps if kind == "step" else 0))
    return found


def blank(label: str) -> str:
    """What stands in a blank that is left to be filled in by hand."""
    return f"\ue000{label}\ue001"


def plain(words: str) -> str:
    """`words` in one line, without the signs that no paper can have."""
    kept = (c for c in words if c.isspace() or unicodedata.category(c) not in UNWRITTEN)
    return " ".join("".join(kept).split())


def _told_apart(text: str) -> Iterator[tuple[str, str]]:
    paragraph: list[str] = []
    for line in map(str.strip, (*text.splitlines(), "")):
        kind, words = _sign_of(line)
        if kind == "text" and words:
            paragraph.append(words)
            continue
        if paragraph:
            yield "text", " ".join(paragraph)
            paragraph = []
        if kind != "text":
            yield kind, words


def _sign_of(line: str) -> tuple[str, str]:
    for kind, sign in SIGNS:
        if match := sign.fullmatch(line):
            return kind, match[1]
    return "text", line


def blocks_of(lines: list[Line]) -> list[dict]:
    """`lines` for a template: those of a list are one block, in the order written,
    which sticks to the room that follows it."""
    blocks: list[dict] = []
    for line in lines:
        if line.kind == "room" and blocks and "items" in blocks[-1]:
            blocks[-1]["sticks"] = True
        if line.kind not in LISTS:
            blocks.append({"kind": line.kind, "text": line.text})
            continue
        if not blocks or blocks[-1]["kind"] != line.kind:
            first = {"kind": line.kind, "first": line.number, "items": []}
            blocks.append({**first, "sticks": False})
        blocks[-1]["items"].append(line.text)
    return blocks
