"""What a reader of the agenda may choose, and what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.showing import coming_of, past_of
from community.models import Topic
from events.models import Series, Session, SessionQuerySet

PER_PAGE = 24
PAST = "past"


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


class Agenda:
    """The sessions that `asked`, the query of the address, chooses. What it asks that
    does not exist is left out, not an error."""

    def __init__(self, asked: QueryDict) -> None:
        self.is_past = asked.get("when") == PAST
        self.filters = [
            _filter(asked, "series", _("Series"), _("All"), _series()),
            _filter(asked, "topic", _("Topic"), _("All"), _topics()),
            _filter(asked, "format", _("How it is held"), _("Any way"), _formats()),
        ]
        rows = (past_of if self.is_past else coming_of)(self._chosen())
        self.rows: PageOfRows = Paginator(rows, PER_PAGE).get_page(asked.get("page"))

    @property
    def applied(self) -> list[tuple[Choice, str]]:
        """Each filter that is on, with the query of the page without it."""
        on = [f for f in self.filters if f.chosen]
        return [(f.chosen, self.query(**{f.name: ""})) for f in on if f.chosen]

    def months(self) -> list[tuple[date, list[Session]]]:
        """The page's sessions under the first day of each month."""

        def month(session: Session) -> date:
            return timezone.localtime(session.starts).date().replace(day=1)

        return [(day, list(held)) for day, held in groupby(self.rows, key=month)]

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
        words = {"when": PAST if self.is_past else ""}
        words |= {f.name: f.chosen.value for f in self.filters if f.chosen}
        words |= changes
        return "?" + urlencode({name: word for name, word in words.items() if word})

    def _chosen(self) -> SessionQuerySet:
        sessions = Session.objects.all()
        columns = {"series": "series__code", "topic": "topic__code"}
        for each in self.filters:
            if each.chosen:
                column = columns.get(each.name, each.name)
                sessions = sessions.filter(**{column: each.chosen.value})
        return sessions


def _filter(
    asked: QueryDict, name: str, label: str, everything: str, choices: Iterable[Choice]
) -> Filter:
    choices = list(choices)
    chosen = next((c for c in choices if c.value == asked.get(name)), None)
    return Filter(name, label, everything, choices, chosen)


def _series() -> Iterable[Choice]:
    return (Choice(s.code, str(s.title)) for s in Series.objects.all())


def _topics() -> Iterable[Choice]:
    return (Choice(t.code, str(t.name)) for t in Topic.objects.all())


def _formats() -> Iterable[Choice]:
    return (Choice(str(f.value), str(f.label)) for f in Session.Format)
