"""Who holds something of an address. Each room registers itself at start-up.

A room shows what it holds, says what it loses when the address leaves, gives that up
at once, and erases the rest when the last mail has left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Fact:
    """One thing that is held: its `name` in the file, which never changes, its
    `label` on the page, and its value. `shown` says the value in words where it does
    not speak for itself."""

    name: str
    label: Words
    value: Any
    shown: Words | None = None

    @property
    def is_moment(self) -> bool:
        return isinstance(self.value, datetime)

    @property
    def words(self) -> Words:
        """The value in words; "" if there is nothing to say, and for a moment, which
        the page tells in its own."""
        if self.shown is not None:
            return self.shown
        if isinstance(self.value, bool):
            return _("Yes") if self.value else _("No")
        if isinstance(self.value, list):
            return ", ".join(self.value)
        return "" if self.value is None or self.is_moment else str(self.value)


@dataclass(frozen=True)
class Record:
    """What is held in one place: `title` and `links` (label and address) are for the
    page alone."""

    facts: list[Fact]
    title: Words = ""
    links: list[tuple[Words, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A kind of records, `name` in the file and `title` on the page."""

    name: str
    title: Words
    records: list[Record]


def _nothing_to_say(address: str) -> list[str]:
    return []


def _nothing_to_correct(address: str, changes: dict[str, str]) -> None:
    """Nothing of it can be corrected."""


@dataclass(frozen=True)
class Holder:
    """A room that holds something of people.

    `show`: all that is held of an address.
    `foresee`: what the address loses by leaving, a sentence each.
    `correct`: takes over the changes of `name`, `position` and `language`.
    `give_up`: in the transaction of leaving, what cannot wait.
    `erase`: forgets what was held up to a moment, in a transaction.
    All of them know an address however it is capitalised.
    """

    name: str
    show: Callable[[str], list[Part]]
    give_up: Callable[[str], None]
    erase: Callable[[str, datetime], None]
    foresee: Callable[[str], list[str]] = _nothing_to_say
    correct: Callable[[str, dict[str, str]], None] = _nothing_to_correct


_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Make `holder` known. A name is taken once."""
    if holder.name in _holders and _holders[holder.name] != holder:
        raise ValueError(f"holder {holder.name!r} is registered twice")
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    """Every holder, in order of registration."""
    return list(_holders.values())


def all_of(address: str) -> list[Part]:
    """Everything that is held of `address`, without the parts that are empty: first
    what the person did here, then what we wrote."""
    # The rooms further left, which register later, hold what people come for.
    found = [holder.show(address) for holder in reversed(holders())]
    parts = [part for parts in found for part in parts]
    return [part for part in parts if part.records]


def correct(address: str, changes: dict[str, str]) -> None:
    """Have every holder take over the changes of `name`, `position` and `language`
    that are among `changes`."""
    with transaction.atomic():
        for holder in holders():
            holder.correct(address, changes)
