"""The words that people look for and the words that texts are made of.

Whoever searches leaves out accents, writes *l.l* or *ll* for *l·l* and *dada* for
*dades*. Stemming is PostgreSQL's work; all the rest is done here, the same for every
database.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Of what is typed, more letters and more words than these are not looked at.
LETTERS = 200
MOST = 10

# Between these lies what a text is found by and nobody reads. They are Unicode's own
# for a note between the lines, and no whitespace that could be stripped.
BEGIN, END = "\ufff9", "\ufffb"
_hidden = re.compile(f"{BEGIN}[^{END}]*{END}")

# However people write the dot of *l·l*.
_geminate = re.compile(r"(?<=l)[.·•∙‧⋅・-](?=l\w)|(?<=ŀ)(?=l)")
_word = re.compile(r"[^\W_]+(?:·[^\W_]+)*")

# Words that say nothing of what is looked for, without accents, in each language.
_EMPTY = """
a al als amb c com d de del dels el els en es i l la les lo los m n o pel pels per que s
se si t un una unes uns
con esta este las para por su sus unas unos y
an and are at by for from how in is of on or the to what with
"""
EMPTY = frozenset(_EMPTY.split())

# One plain letter for each that wears an accent, so that places stay the same.
PLAIN = {
    code: base.lower()
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFKD", chr(code))[0]).isalpha()
}


def plain(text: str) -> str:
    """`text` without accents and capitals, letter for letter.

    >>> plain("Informació")
    'informacio'
    """
    return text.translate(PLAIN)


def hidden(text: str) -> str:
    """`text` as an index may keep it beside what is read."""
    return f"{BEGIN}{text}{END}" if text else ""


def read(text: str) -> str:
    """Of what an index keeps, what readers see, on one line."""
    lines = (" ".join(line.split()) for line in _hidden.sub(" ", text).splitlines())
    joined = ""
    for line in filter(None, lines):
        sign = " " if joined.endswith((".", ":", "?", "!", "…", "»")) else " · "
        joined += f"{sign}{line}" if joined else line
    return joined


def indexed(text: str) -> str:
    """`text` with, beside it, those of its words that people write in another way.

    >>> indexed("Col·lecció").split(BEGIN)
    ['Col·lecció ', 'colleccio collecció\ufffb']
    """
    text = unicodedata.normalize("NFC", text)
    words = set(words_of(text))
    others = sorted({other for w in words for other in _ways(w) if other != w})
    return f"{text} {hidden(' '.join(others))}" if others else text


def words_of(text: str) -> list[str]:
    """The words of `text`, as they are written there, in small letters."""
    return _word.findall(_geminate.sub("·", text.lower()))


def _ways(word: str) -> tuple[str, str]:
    joined = word.replace("·", "")
    return joined, plain(joined)


def forms(word: str) -> list[str]:
    """The ways to write `word` that a text may have."""
    joined, bare = _ways(word)
    found = [joined, bare]
    # Without its accent, the commonest ending of all is not known to the stemmers.
    if bare == joined and (match := re.search(r"[csgtx]io(n?)$", bare)):
        found.append(f"{bare.removesuffix('io' + match[1])}ió{match[1]}")
    return list(dict.fromkeys(found))


def root(word: str) -> str:
    """What the forms of a plain `word` begin with, more or less: where no stemmer is
    at hand.

    >>> root("informacions"), root("obertes"), root("dades")
    ('informac', 'obert', 'dades')
    """
    for ending, least in (("iones", 4), ("ions", 4), ("ion", 4), ("io", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word.removesuffix(ending)
    for ending in ("es", "os", "as", "s", "a", "e", "o"):
        if word.endswith(ending) and len(word) - len(ending) >= 5:
            return word.removesuffix(ending)
    return word


class Words:
    """What somebody typed, as words to look for. False if there are none."""

    def __init__(self, typed: str) -> None:
        # Whatever it holds can be said again: no controls, one line, an end.
        seen = "".join(c if c.isprintable() else " " for c in typed[: LETTERS * 10])
        seen = unicodedata.normalize("NFC", " ".join(seen.split()))
        self.typed = seen[:LETTERS].strip()
        words = dict.fromkeys(words_of(self.typed))
        words = [w for w in words if len(w) > 1 or w.isdigit()]
        self.all = [w for w in words if plain(w) not in EMPTY][:MOST] or words[:MOST]

    def __bool__(self) -> bool:
        return bool(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    @property
    def roots(self) -> list[str]:
        return [root(plain(word.replace("·", ""))) for word in self.all]

    @cached_property
    def _found(self) -> re.Pattern[str]:
        # *l·l* in a text, and each of its forms.
        roots = (re.escape(each).replace("ll", "l[.·]?l") for each in self.roots)
        return re.compile(rf"(?<!\w)(?:{'|'.join(roots)})[\w·]*")

    def marked(self, text: str) -> SafeString:
        """`text` for a page, with the words in it that were looked for marked."""
        if not self:
            return escape(text)
        marked, last = [], 0
        for match in self._found.finditer(plain(text)):
            start, end = match.span()
            marked += [
                escape(text[last:start]),
                f"<mark>{escape(text[start:end])}</mark>",
            ]
            last = end
        # All that was in `text` is escaped above.
        return mark_safe("".join([*marked, escape(text[last:])]))  # noqa: S308

    def excerpt(self, text: str, letters: int = 220) -> SafeString:
        """The part of `text` where the words stand, or else its beginning."""
        text = unicodedata.normalize("NFC", text)
        if len(text) <= letters:
            return self.marked(text)
        first = self._found.search(plain(text)) if self else None
        start = _beginning(text, first.start() if first else 0, letters)
        end = len(text) if start + letters >= len(text) else start + letters
        part = text[start:end].lstrip(" ·")
        if end < len(text):
            part = part.rpartition(" ")[0].rstrip(" ,;:·") + " …"
        return self.marked(f"… {part}" if start else part)


def _beginning(text: str, found: int, letters: int) -> int:
    """Where a part of `text` begins that has the letter `found` in it: at a sentence
    or, if that is far, at a word."""
    if found < letters * 2 // 3:
        return 0
    earliest = max(min(found - letters // 3, len(text) - letters), 0)
    sentence = max(text.rfind(sign, earliest, found) for sign in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 2
    return text.find(" ", earliest) + 1
