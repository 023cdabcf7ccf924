"""From words to what is found, in a few queries however much that is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.search.models import IndexEntry

from cms.caching import memory
from cms.choosing import Choice, Chosen, Filter, pick

from .backend import TEXT, beginning, matching
from .kinds import Kind, Show, Shown, kinds
from .site import topics
from .words import Words, read

PER_PAGE = 12
# Nobody reads further; the best of them are counted and put in order.
MOST = 1000
SUGGESTED = 7
ELSEWHERE = 3
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Found:
    """A row that the words were found in, and its entry in the index."""

    kind: Kind
    key: int
    entry: int


@dataclass(frozen=True)
class Result:
    """A row as the list shows it."""

    kind: Kind
    shown: Shown
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Tab:
    """One kind to choose, or all of them; how much of it was found; its address."""

    label: str
    count: int
    query: str
    is_current: bool


def find(
    words: Words,
    languages: Iterable[str],
    *,
    every: bool = True,
    topic: str = "",
    year: str = "",
    of: Collection[str] = (),
) -> list[Found]:
    """What anybody may read in `languages` that has every one of `words`, or else any
    of them: the best first. `of` some kinds alone, by name, if they are said."""
    if not words:
        return []
    # What has all its languages in one is stemmed by that of the house.
    stems = {*languages, settings.LANGUAGE_CODE}
    entries = matching(words, stems, every)
    return _among(entries, languages, topic, year, of)


def suggest(words: Words) -> list[Found]:
    """What has titles in which words begin so, in the reader's language."""
    if not words:
        return []
    return _among(beginning(words), [get_language()])[:SUGGESTED]


def _among(
    entries: QuerySet,
    languages: Iterable[str],
    topic: str = "",
    year: str = "",
    of: Collection[str] = (),
) -> list[Found]:
    """Of `entries`, those whose rows anybody may find."""
    languages = list(languages)
    wanted, by_model = Q(), {}
    for kind in kinds():
        if (topic and not kind.topic) or (year and not kind.day):
            continue
        if of and kind.name not in of:
            continue
        rows = kind.rows(languages)
        if topic:
            rows = rows.filter(**{kind.topic: topic})
        if year:
            rows = rows.filter(**{f"{kind.day}__year": int(year)})
        # The index has the keys of all kinds in one column, as text.
        keys = rows.order_by().annotate(as_text=Cast("pk", CharField()))
        models = ContentType.objects.get_for_models(*kind.models).values()
        by_model |= {model.pk: kind for model in models}
        wanted |= Q(kind__in=[m.pk for m in models], key__in=keys.values("as_text"))
    if not by_model:
        return []
    # The kind first: it costs less than the words.
    best = entries.filter(wanted, kind__in=list(by_model)).order_by("-score", "-pk")
    return [
        Found(by_model[model], int(key), entry)
        for entry, model, key in best.values_list("pk", "kind", "key")[:MOST]
    ]


def results(found: Iterable[Found], words: Words) -> list[Result]:
    """`found` as the list shows it, each kind's rows in one query."""
    found = list(found)
    rows = _rows(found)
    entries = [f.entry for f in found if (s := rows.get(f)) and s.text is None]
    texts = dict(IndexEntry.objects.filter(pk__in=entries).values_list("pk", TEXT))
    return [
        Result(
            each.kind,
            shown := rows[each],
            words.marked(shown.title),
            words.excerpt(shown.text or read(texts.get(each.entry, ""))),
        )
        for each in found
        # It may have been taken away meanwhile.
        if each in rows
    ]


def _rows(found: Iterable[Found]) -> dict[Found, Shown]:
    keys: dict[Show, list[int]] = defaultdict(list)
    for each in found:
        keys[each.kind.show].append(each.key)
    shown = {show: show(wanted) for show, wanted in keys.items()}
    return {
        each: shown[each.kind.show][each.key]
        for each in found
        if each.key in shown[each.kind.show]
    }


def suggestions(words: Words) -> list[tuple[Kind, Shown]]:
    """What to suggest to somebody who has typed so much of it."""
    found = suggest(words)
    rows = _rows(found)
    return [(each.kind, rows[each]) for each in found if each in rows]


class Search(Chosen):
    """What `asked`, the query of the address, looks for and chooses."""

    def __init__(self, asked: QueryDict) -> None:
        self.looked_for = Words(asked.get("q", ""))
        language = get_language()
        topic = pick(asked, "topic", _("Topic"), _("All"), _topics())
        any_year = pgettext_lazy("year", "Any")
        year = pick(asked, "year", _("Year"), any_year, _years(language))
        self.kind = next((k for k in kinds() if k.name == asked.get("kind")), None)
        self.by_date = asked.get("sort") == "date"
        self.is_loose = False
        chosen = {"topic": _value(topic), "year": _value(year)}
        found = find(self.looked_for, [language], **chosen)
        if not found and len(self.looked_for) and not any(chosen.values()):
            found = find(self.looked_for, [language], every=False)
            self.is_loose = bool(found)
        self._counts = Counter(each.kind for each in found)
        if self.kind:
            found = [each for each in found if each.kind is self.kind]
        if self.by_date:
            found = _latest_first(found)
        words = {"q": self.looked_for.typed}
        if self.kind:
            words["kind"] = self.kind.name
        if self.by_date:
            words["sort"] = "date"
        super().__init__(asked, [topic, year], found, PER_PAGE, words)
        self.results = results(self.rows, self.looked_for)

    @property
    def total(self) -> int:
        """How many were found, of all kinds."""
        return self._counts.total()

    @property
    def everything(self) -> str:
        """The query of the page without any filter."""
        return self.query(topic="", year="")

    @property
    def from_the_start(self) -> str:
        """The query of the page without anything chosen."""
        return self.query(kind="", topic="", year="", sort="")

    @property
    def tabs(self) -> list[Tab]:
        """All kinds together, then each that something was found of."""
        kind = self.kind.name if self.kind else ""
        tabs = [Tab(str(_("All")), self.total, self.query(kind=""), not kind)]
        return tabs + [
            Tab(
                str(each.label),
                self._counts[each],
                self.query(kind=each.name),
                each.name == kind,
            )
            for each in kinds()
            if self._counts[each] or each.name == kind
        ]

    @property
    def best_first(self) -> str:
        return self.query(sort="")

    @property
    def latest_first(self) -> str:
        return self.query(sort="date")

    def elsewhere(self) -> list[Result]:
        """The best in other languages than the reader's."""
        others = [code for code in LANGUAGES if code != get_language()]
        found = find(self.looked_for, others)
        return results(found[:ELSEWHERE], self.looked_for)


def _value(chosen: Filter) -> str:
    return chosen.chosen.value if chosen.chosen else ""


def _latest_first(found: list[Found]) -> list[Found]:
    """`found` by date; what has none comes last, as it was."""
    days: dict[Found, date] = {}
    for kind in {each.kind for each in found if each.kind.day}:
        mine = {each.key: each for each in found if each.kind is kind}
        rows = kind.rows(LANGUAGES).filter(pk__in=mine)
        for key, day in rows.values_list("pk", kind.day):
            if day:
                is_moment = isinstance(day, datetime)
                days[mine[key]] = timezone.localdate(day) if is_moment else day
    return sorted(found, key=lambda each: days.get(each, date.min), reverse=True)


def _topics() -> Iterable[Choice]:
    return (Choice(t.code, str(t.name)) for t in topics().values())


def _years(language: str) -> Iterable[Choice]:
    def look_up() -> list[int]:
        years = set()
        for kind in kinds():
            if kind.day:
                rows = kind.rows([language]).order_by()
                years |= set(rows.values_list(f"{kind.day}__year", flat=True))
        return sorted(years - {None}, reverse=True)

    years = memory.once(f"years to search {language}", look_up)
    return (Choice(str(year), str(year)) for year in years)
