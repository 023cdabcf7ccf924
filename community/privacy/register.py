"""The retention register: what personal data is held, what for and until when.

Each room registers what it holds at start-up; nothing here knows what it is. Every
model that could hold something of a person is named, if only to say that it does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import ngettext

Words = str | Promise

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Entry:
    """Something of people that is held (GDPR, art. 30.1): in which `models`, what it
    is, what for, on which legal basis, and what stays when its term has come.

    `name` is stored with each run: it never changes without a migration.
    `rows` are those that hold something of somebody now.
    `due` are those of them whose term has come at a moment; without it, it is held for
    as long as `since` says. What is due is deleted, unless `end` does something else
    with at most so many of the rows: it returns how many, and doing it again changes
    nothing.
    """

    name: str
    models: tuple[str, ...]
    what: Words
    purpose: Words
    basis: Words
    since: Words
    kept: Words
    rows: Callable[[], QuerySet]
    term: timedelta | None = None
    due: Callable[[datetime], QuerySet] | None = None
    end: Callable[[datetime, int], int] | None = None

    def end_some(self, now: datetime, limit: int) -> int:
        """End at most `limit` of the rows that are due at `now`, for good; returns how
        many."""
        if self.end:
            return self.end(now, limit)
        return delete_some(self.due(now), limit) if self.due else 0

    @property
    def until(self) -> str:
        """When it ends, in words: *30 days after the session*."""
        if self.term is None:
            return str(self.since)
        return f"{_in_words(self.term)} {self.since}"


def _in_words(term: timedelta) -> str:
    years, rest = divmod(term, YEAR)
    if years and not rest:
        return ngettext("%d month", "%d months", 12 * years) % (12 * years)
    if term.days:
        return ngettext("%d day", "%d days", term.days) % term.days
    hours = term // timedelta(hours=1)
    return ngettext("%d hour", "%d hours", hours) % hours


_entries: dict[str, Entry] = {}
_nobody: dict[str, str] = {}


def register(entry: Entry) -> None:
    """Add `entry`. A name is taken once."""
    if entry.name in _entries and _entries[entry.name] != entry:
        raise ValueError(f"{entry.name!r} is in the retention register twice")
    _entries[entry.name] = entry


def holds_nobody(because: str, *models: str) -> None:
    """Say of `models` that they hold nothing of anybody, and why (English, for
    those who look after the site)."""
    _nobody.update(dict.fromkeys(models, because))


def entries() -> list[Entry]:
    """The register, in order of registration."""
    return list(_entries.values())


def answered_for() -> dict[str, str]:
    """Each model that the register names, and the entry or the reason."""
    named = {model: e.name for e in _entries.values() for model in e.models}
    return {**_nobody, **named}


Row = TypeVar("Row", bound=Model)


def delete_some(rows: QuerySet[Row], limit: int) -> int:
    """Delete at most `limit` of `rows`, with what hangs on them; returns how many."""
    keys = list(rows.order_by().values_list("pk", flat=True)[:limit])
    if keys:
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
