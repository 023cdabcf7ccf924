"""What was perhaps meant, where nothing was found."""

from difflib import get_close_matches

from django.utils.translation import get_language

from cms.caching import memory

from .kinds import kinds
from .words import Words, plain, words_of

# Of 1, which is the same word.
ALIKE = 0.75


def instead(words: Words) -> str:
    """`words` with, in the place of each that stands in no title, the one most like it
    that does; "" if there is nothing better to say."""
    known = _words_of_titles()
    meant = []
    for word in words:
        bare = plain(word.replace("·", ""))
        best = [bare] if bare in known else get_close_matches(bare, known, 1, ALIKE)
        meant.append(known[best[0]] if best else word)
    return " ".join(meant) if meant != list(words) else ""


def _words_of_titles() -> dict[str, str]:
    """Each word of a title in the reader's language: without accents, and as it is."""

    def look_up() -> dict[str, str]:
        found = {}
        for kind in kinds():
            rows = kind.rows([get_language()]).order_by()
            for title in rows.values_list(kind.title, flat=True):
                for word in words_of(str(title)):
                    found[plain(word.replace("·", ""))] = word
        return found

    return memory.once(f"words of titles {get_language()}", look_up)
