"""What a session is found by besides its own texts.

Rooms to the left know more of it: they register at start-up.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from community.multilingual import every_language

if TYPE_CHECKING:
    from .models import Session

Around = Callable[["Session"], Iterable[str]]

_around: dict[str, Around] = {}


def register(name: str, around: Around) -> None:
    """Have sessions found by the words of `around` too."""
    _around[name] = around


def words_around(session: "Session") -> str:
    """The words, in every language."""
    words = [every_language(session.series.title)]
    if session.topic:
        words.append(every_language(session.topic.name))
    for around in _around.values():
        words += around(session)
    return " ".join(filter(None, words))
