"""Rich text as the editor would have written it, wherever it comes from: another
program's clipboard, an import, an old site, a translator's file."""

import re
from html import unescape
from itertools import takewhile

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from django.utils.html import escape
from wagtail.whitelist import check_url

# What the editor offers, by Wagtail's names; what follows says the same in tags.
FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]

WRITTEN_AS = {"strong": "b", "em": "i"} | dict.fromkeys(
    ("h1", "h2", "h4", "h5", "h6"), "h3"
)
KEPT = {"a", "b", "br", "h3", "i", "li", "ol", "p", "ul"}
LISTS = ("ol", "ul")
INLINE = ("a", "b", "i")
# What stands on lines of its own: as a paragraph, if it is none of the kept.
STANDING = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"),
    *("h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol"),
    *("p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    "ul",
}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "p", "wbr"}
# As many tags in each other, or left open.
WILD = 100
# Whose words are not for readers; `del` is what a reviewer crossed out.
UNREAD = [
    *("applet", "audio", "button", "canvas", "del", "embed", "head", "iframe", "input"),
    *("link", "math", "meta", "noscript", "object", "script", "select", "style", "svg"),
    *("template", "textarea", "title", "video", "xml"),
]
# How Word says so: the marks of lists, what it hides, reviewers' comments.
HIDDEN = re.compile(
    r"mso-list:\s*ignore|mso-hide:\s*all|display:\s*none|mso-element:\s*comment", re.I
)
COMMENT = re.compile(r"^MsoComment", re.I)
LIST = re.compile(r"mso-list:\s*l\d+ level(?P<level>\d)", re.I)
COUNTED = re.compile(r"^\(?([0-9]{1,3}|[a-z]|[ivx]+)[.)]", re.I)

SPACES = re.compile(r"[ \t\r\n\f\u00a0\u2007\u202f]+")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")

TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][\w:-]*)?[^<>]*?(?P<alone>/?)>", re.I)
PARAGRAPH = re.compile(r"<p(?=[\s>])", re.I)
EMPTY = re.compile(r"<(p|h3|li|ul|ol)\b[^>]*>(?:\s|&nbsp;|\u00a0|<br ?/?>)*</\1>", re.I)
KEY = r'(?: data-block-key="[\w-]+")?'
HREF = r'(?:https?://|mailto:|tel:|/|#)[^"<>]*'
MARK = re.compile(
    rf'<(?P<end>/?)(?P<name>p|h3|ul|ol|li|b|i|a|br)(?P<rest>{KEY}| href="{HREF}"'
    r'| id="\d+" linktype="(?:page|document)"| linktype="(?:page|document)" id="\d+")'
    r" ?/?>"
)


def tidy(html: str) -> str:
    """`html` with what the editor offers and nothing else: no styles, comments, empty
    paragraphs, deleted words or addresses that do something."""
    return html if _is_tidy(html) else _clean(html)


def _is_tidy(html: str) -> bool:
    """Whether `html` can stay as it is: seen at a glance, since it is asked whenever
    a page is shown."""
    if UNSEEN.search(html) or EMPTY.search(html):
        return False
    inside: list[str] = []
    at = 0
    while (begin := html.find("<", at)) >= 0:
        mark = MARK.match(html, begin)
        if mark is None or not (inside or not html[at:begin].strip()):
            return False
        if not _fits(mark, inside):
            return False
        at = mark.end()
    return not inside and not html[at:].strip()


def _fits(mark: re.Match[str], inside: list[str]) -> bool:
    """Whether `mark` may stand where it does, `inside` those tags; note it there."""
    name, rest = mark["name"], mark["rest"]
    if mark["end"]:
        return not rest and bool(inside) and inside.pop() == name
    if rest and not rest.startswith(" data-block-key") and name != "a":
        return False
    around = inside[-1] if inside else ""
    if name == "br":
        return bool(around)
    inside.append(name)
    if name in INLINE:
        return bool(around)
    if name == "li":
        return around in LISTS
    return not around or (name in LISTS and around == "li")


def _clean(html: str) -> str:
    # A paragraph ends where the next one begins, though the parser does not know it.
    html = PARAGRAPH.sub("</p><p", UNSEEN.sub("", html))
    if _is_wild(html):
        words = SPACES.sub(" ", unescape(TAG.sub(" ", html))).strip()
        return f"<p>{escape(words)}</p>" if words else ""
    soup = BeautifulSoup(html, "html.parser")
    _drop_unread(soup)
    _mark_lists(soup)
    for tag in soup.find_all(True):
        _keep_or_unwrap(tag, soup)
    _gather_lists(soup)
    _give_paragraphs(soup)
    _drop_empty(soup)
    soup.smooth()
    _close_up(soup)
    return soup.decode(formatter="minimal")


def _is_wild(html: str) -> bool:
    """Whether nobody who means well wrote `html`: to read it would take long."""
    if html.count("<") - len(TAG.findall(html)) > WILD:
        return True
    depth = 0
    for mark in TAG.finditer(html):
        if mark["name"] and not mark["alone"] and mark["name"].lower() not in VOID:
            depth += -1 if mark["end"] else 1
            if depth > WILD:
                return True
    return False


def _drop_unread(soup: BeautifulSoup) -> None:
    """Comments and declarations, and whatever nobody was to read."""
    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        text.extract()
    for tag in soup.find_all(style=HIDDEN):
        # Of a list's paragraph the mark alone is hidden, and tells its kind.
        item = tag.find_parent("p")
        if item and "ignore" in tag["style"].lower():
            item["data-mark"] = tag.get_text(strip=True)
    for unread in ({"name": UNREAD}, {"style": HIDDEN}, {"class_": COMMENT}):
        for tag in soup.find_all(**unread):
            if not tag.decomposed:
                tag.decompose()


def _mark_lists(soup: BeautifulSoup) -> None:
    """Word writes lists as paragraphs: say of each what it is."""
    for tag in soup.find_all("p", style=LIST):
        tag.name = "li"
        tag["data-list"] = "ol" if COUNTED.match(tag.get("data-mark", "")) else "ul"


def _keep_or_unwrap(tag: Tag, soup: BeautifulSoup) -> None:
    bold = tag.name == "b" and "normal" in tag.get("style", "")
    tag.name = WRITTEN_AS.get(tag.name, tag.name)
    if tag.name == "a":
        tag.attrs = _leading(tag)
    else:
        kept = ("data-block-key", "data-list")
        tag.attrs = {name: tag[name] for name in kept if name in tag.attrs}
    if bold or tag.name not in KEPT or (tag.name == "a" and not tag.attrs):
        if tag.name in STANDING:
            tag.insert_before(soup.new_tag("wbr"))
            tag.insert_after(soup.new_tag("wbr"))
        tag.unwrap()


def _leading(tag: Tag) -> dict[str, str]:
    """The attributes of a link that leads somewhere, and harms nobody; else none."""
    linktype, key = tag.get("linktype"), tag.get("id", "")
    if linktype in ("page", "document") and key.isdigit():
        return {"linktype": linktype, "id": key}
    href = SPACES.sub("%20", tag.get("href", "").strip()).replace('"', "%22")
    inside = href.startswith("#_")  # Word's own bookmarks
    if inside or not check_url(href) or not re.match(HREF, href):
        return {}
    return {"href": href}


def _gather_lists(soup: BeautifulSoup) -> None:
    """Items that follow each other without a list around them get one."""
    for first in soup.find_all("li"):
        if first.parent is None or first.parent.name in LISTS:
            continue
        kind = first.get("data-list", "ul")

        def continues(node: Tag | NavigableString, kind: str = kind) -> bool:
            if isinstance(node, NavigableString):
                return not node.strip()
            same = node.name == "li" and node.get("data-list", "ul") == kind
            return same or node.name == "wbr"

        following = list(takewhile(continues, first.next_siblings))
        around = first.wrap(soup.new_tag(kind))
        for node in following:
            around.append(node.extract())
    for item in soup.find_all("li"):
        item.attrs.pop("data-list", None)
    for inner in soup.find_all(LISTS):
        item = inner.find_previous_sibling("li")
        if inner.parent.name in LISTS and item:
            item.append(inner.extract())


def _give_paragraphs(soup: BeautifulSoup) -> None:
    """Words that stand in no paragraph, heading or list get a paragraph; those in an
    item lose it. The `wbr` were put where one line ended and another began."""
    for tag in soup.find_all(("p", "h3", *INLINE)):
        in_line = tag.name in INLINE
        holds = tag.find(("p", "h3", *LISTS) if in_line else LISTS)
        if holds or (not in_line and tag.find_parent(("li", "p", "h3"))):
            tag.insert_before(soup.new_tag("wbr"))
            tag.insert_after(soup.new_tag("wbr"))
            tag.unwrap()
    line: Tag | None = None
    for node in list(soup.contents):
        stands = isinstance(node, Tag) and node.name in (*LISTS, "p", "h3", "wbr")
        if stands:
            line = None
        elif line is not None:
            line.append(node.extract())
        elif isinstance(node, Tag) or node.strip():
            line = node.wrap(soup.new_tag("p"))
    for mark in soup.find_all("wbr"):
        if mark.parent is soup or mark.parent.name in LISTS:
            mark.decompose()
        else:
            mark.replace_with(" ")


def _drop_empty(soup: BeautifulSoup) -> None:
    # From the inside: what held nothing but something empty is empty too.
    for tag in reversed(soup.find_all(True)):
        if tag.name != "br" and not tag.get_text(strip=True).strip("\u00a0"):
            tag.replace_with(" " if tag.name in INLINE else "")
    for tag in soup.find_all("br"):
        beside = tag.next_sibling
        if beside is None or tag.previous_sibling is None:
            tag.decompose()


def _close_up(soup: BeautifulSoup) -> None:
    """One space where there were many, and none around paragraphs."""
    for text in soup.find_all(string=True):
        if text.parent is soup or text.parent.name in LISTS:
            text.extract()
            continue
        first = text.previous_sibling is None and text.parent.name not in INLINE
        last = text.next_sibling is None and text.parent.name not in INLINE
        words = SPACES.sub(_one_space, text)
        words = words.lstrip() if first else words
        text.replace_with(words.rstrip() if last else words)


def _one_space(match: re.Match[str]) -> str:
    # A single one that does not break was meant so: « 9.30 h ».
    return match[0] if match[0] in ("\u00a0", "\u202f") else " "
