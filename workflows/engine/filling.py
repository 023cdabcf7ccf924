"""Texts with blanks: *We have “{title}” and answer you[ by {day}].*

A blank is a name in braces: it is replaced, never evaluated, and what stands in its
place is not looked at again. What is in square brackets with a blank in it is left out
when the blank has nothing to say.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from django.utils.html import conditional_escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

BLANK = re.compile(r"\{([a-z_]+)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*\{[a-z_]+\}[^\[\]]*)\]")
IN_BRACES = re.compile(r"\{[^{}]*\}")
LINK_WITH_BLANK = re.compile(r"(?:://|www\.)[^\s{]*\{", re.IGNORECASE)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with `values` in its blanks."""
    return _filled(text, values, str, str)


def fill_html(text: str, values: Mapping[str, str]) -> SafeString:
    """As `fill`, for HTML: links of `text` can be clicked. Those of `values` cannot,
    since anybody may have written them."""
    return mark_safe(_filled(text, values, _linked, conditional_escape))  # noqa: S308


def _linked(words: str) -> str:
    return urlize(words, nofollow=True, autoescape=True)


def _filled(
    text: str,
    values: Mapping[str, str],
    words: Callable[[str], str],
    value: Callable[[str], str],
) -> str:
    def kept(part: re.Match) -> str:
        return part[1] if all(map(values.get, BLANK.findall(part[1]))) else ""

    # Every second piece is the name of a blank.
    pieces = enumerate(BLANK.split(OPTIONAL.sub(kept, text)))
    return "".join(
        value(values.get(piece, "")) if place % 2 else words(piece)
        for place, piece in pieces
    )


def blanks_of(text: str) -> set[str]:
    """The names of the blanks of `text`."""
    return set(BLANK.findall(text))


def faults(text: str, known: Iterable[str], may_lack: Iterable[str]) -> list[str]:
    """What is wrong with `text`, in words, if its blanks can be those of `known`.
    Those of `may_lack` have something to say in some cases only."""
    known = set(known)
    strange = [one for one in IN_BRACES.findall(text) if one[1:-1] not in known]
    found = [gettext("This mail knows no %s.") % one for one in dict.fromkeys(strange)]
    if set("{}") & set(IN_BRACES.sub("", text)):
        found.append(gettext("There is a brace without its other half."))
    if LINK_WITH_BLANK.search(text):
        found.append(gettext("An address of the web cannot have braces in it."))
    always = OPTIONAL.sub("", text)
    if not always.strip():
        found.append(
            gettext("Nothing may be left of it: write some of it outside the brackets.")
        )
    found += [
        gettext(
            "Not every case has %(blank)s: put it in square brackets, with the words "
            "that go with it. Where it is missing, all that is left out."
        )
        % {"blank": f"{{{name}}}"}
        for name in sorted(blanks_of(always) & set(may_lack))
    ]
    return found
