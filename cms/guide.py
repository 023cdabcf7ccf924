"""The guide for editors, `docs/editors/guia.md`, as a page of the admin."""

import re
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe

GUIDE = settings.BASE_DIR / "docs" / "editors" / "guia.md"

# As much of Markdown as the guide is written in.
HEADING = re.compile(r"(#{2,3}) (.+)")
PICTURE = re.compile(r"!\[(.+)\]\(([\w-]+\.png)\)", re.DOTALL)
ITEM = re.compile(r"^(?:- |\d+\. )", re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"\[([^\]]+)\]\((#[\w-]+)\)")


class Guide(NamedTuple):
    """Its title, where each part begins (by anchor, in words), and all of it."""

    title: str
    parts: list[tuple[str, str]]
    text: SafeString


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/guide.html", {"guide": read(GUIDE.read_text("utf-8"))})


def read(text: str) -> Guide:
    """The guide of that Markdown: a title, then blocks with an empty line between."""
    title, *blocks = re.split(r"\n{2,}", text.strip())
    headings = [HEADING.fullmatch(block) for block in blocks]
    parts = [found[2] for found in headings if found and found[1] == "##"]
    return Guide(
        title.removeprefix("# "),
        [(slugify(part), part) for part in parts],
        format_html_join("\n", "{}", ((_block(block),) for block in blocks)),
    )


def _block(block: str) -> SafeString:
    if found := HEADING.fullmatch(block):
        level, words = len(found[1]), found[2]
        return format_html('<h{0} id="{1}">{2}</h{0}>', level, slugify(words), words)
    if found := PICTURE.fullmatch(block):
        alt, address = " ".join(found[1].split()), static(f"editors/{found[2]}")
        return format_html('<img src="{}" alt="{}" loading="lazy">', address, alt)
    if ITEM.match(block):
        kind = "ul" if block.startswith("- ") else "ol"
        written = ((_words(item),) for item in ITEM.split(block)[1:])
        items = format_html_join("", "<li>{}</li>", written)
        return format_html("<{0}>{1}</{0}>", kind, items)
    return format_html("<p>{}</p>", _words(block))


def _words(text: str) -> SafeString:
    marked = BOLD.sub(r"<strong>\1</strong>", escape(text.strip()))
    return mark_safe(LINK.sub(r'<a href="\2">\1</a>', marked))  # noqa: S308 (escaped)
