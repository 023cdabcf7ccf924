"""A list that readers choose from: filters and pages, all in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict


@dataclass(frozen=True)
class Choice:
    """One option of a filter: what the address says and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """One thing to choose by. `chosen` is one of `choices`, or None for all."""

    name: str
    label: str
    everything: str
    choices: list[Choice]
    chosen: Choice | None


def pick(
    asked: QueryDict, name: str, label: str, everything: str, choices: Iterable[Choice]
) -> Filter:
    """The filter `name` as `asked`, the query of the address, sets it."""
    choices = list(choices)
    chosen = next((c for c in choices if c.value == asked.get(name)), None)
    return Filter(name, label, everything, choices, chosen)


class Chosen:
    """The rows that a query chooses, a page of them. What it asks that does not exist
    is left out, not an error. `words` stay in every address of the list."""

    def __init__(
        self,
        asked: QueryDict,
        filters: list[Filter],
        rows: QuerySet,
        per_page: int,
        words: dict[str, str] | None = None,
    ) -> None:
        self.filters = filters
        self.words = words or {}
        self.rows: Page = Paginator(rows, per_page).get_page(asked.get("page"))
        number = {"page": str(self.rows.number)} if asked.get("page") else {}
        self.asked = {**self._words(), **number}

    @property
    def applied(self) -> list[tuple[Choice, str]]:
        """Each filter that is on, with the query of the page without it."""
        on = [f for f in self.filters if f.chosen]
        return [(f.chosen, self.query(**{f.name: ""})) for f in on if f.chosen]

    @property
    def everything(self) -> str:
        """The query of the page without any filter."""
        return "?" + urlencode(self.words) if self.words else "./"

    @property
    def previous(self) -> str:
        """The query of the page before."""
        return self.query(page=str(self.rows.previous_page_number()))

    @property
    def next(self) -> str:
        """The query of the page after."""
        return self.query(page=str(self.rows.next_page_number()))

    def query(self, **changes: str) -> str:
        """The query of this page with `changes`; an empty value takes one away."""
        words = {**self._words(), **changes}
        return "?" + urlencode({name: word for name, word in words.items() if word})

    def _words(self) -> dict[str, str]:
        return self.words | {f.name: f.chosen.value for f in self.filters if f.chosen}
