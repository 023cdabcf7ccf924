"""What can be found: each kind is registered at start-up, by whoever knows it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from community.models import Topic


@dataclass(frozen=True)
class Shown:
    """One row of a kind as the list of results shows it."""

    title: str
    url: str
    # Of the row's own language; "" if it is in the reader's.
    language: str = ""
    # What an excerpt is taken from; None if it is what the index holds.
    text: str | None = None
    topic: Topic | None = None
    day: date | None = None
    # The row itself, where the template of its kind says more of it.
    row: Any = None


# The rows of some keys, as they are shown. Kinds that have the same one share its
# queries.
Show = Callable[[Collection[int]], dict[int, Shown]]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be found.

    `name` is in addresses: it never changes; `label` is many of them, `one` is one.
    `rows` are those of `models` that anybody may find in some languages (codes).
    `topic` (its code) and `day` are lookups on them, or "" if the kind has none: then
    nothing of it is found by that. `title` is their column with what they are called.
    `template` shows one result.
    """

    name: str
    label: str | Promise
    one: str | Promise
    models: tuple[type[Model], ...]
    rows: Callable[[Iterable[str]], QuerySet]
    show: Show
    topic: str = ""
    day: str = ""
    title: str = "title"
    template: str = "components/search_result.html"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Have `kind` found, after those that are registered already."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """All of them, in the order of their tabs."""
    return list(_kinds.values())
