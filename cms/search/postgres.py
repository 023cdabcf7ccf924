"""The index on PostgreSQL: stemmed by the language of each row, found in any."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet
from modelsearch.backends.database.postgres import postgres
from wagtail.search.models import IndexEntry

from .entries import put
from .words import Words, forms, indexed

# Made by the migration `search_configuration`.
CONFIGURATIONS = {"ca": "placa_ca", "es": "placa_es", "en": "placa_en"}
# In front of the body: where nothing is said of a field, D; the lead is above that.
WEIGHTS = [0.1, 0.5, 0.5, 0.5]
TITLE = 4.0
COLUMNS = ("title", "autocomplete", "body", "title_text", "body_text")
# The column of the text that excerpts are taken from.
TEXT = "body_text"


class Indexer(postgres.ObjectIndexer):
    """What the index keeps of a row."""

    def __init__(self, obj: Any, backend: "SearchBackend") -> None:
        super().__init__(obj, backend)
        locale = getattr(obj, "locale", None)
        self.config = CONFIGURATIONS.get(getattr(locale, "language_code", ""))
        # A record has all its languages in one text: most of it is in this one.
        self.config = self.config or backend.config

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, list):
            return "\n".join(self.prepare_value(each) for each in value)
        return indexed(super().prepare_value(value))


class Index(postgres.PostgresIndex):
    def add_items(self, model: type, objs: Any) -> None:
        put(model, (Indexer(obj, self.backend) for obj in objs), COLUMNS)


class AnyLanguage(postgres.PostgresSearchQueryCompiler):
    """The staff's searches look through rows of all languages."""

    def build_tsquery(self, query: Any, config: str | None = None) -> Any:
        build = super().build_tsquery
        return reduce(or_, (build(query, config=c) for c in CONFIGURATIONS.values()))


class SearchBackend(postgres.PostgresSearchBackend):
    index_class = Index
    query_compiler_class = AnyLanguage

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.config = CONFIGURATIONS[settings.LANGUAGE_CODE]


def matching(words: Words, languages: set[str], every: bool) -> QuerySet:
    """The entries that have every one of `words`, or else any or a beginning of it.
    `score` is the better the higher."""
    configurations = {CONFIGURATIONS[code] for code in languages}
    query = reduce(or_, (_query(words, each, every) for each in sorted(configurations)))
    title = SearchRank(F("title"), query, normalization=1)
    body = SearchRank(F("body"), query, weights=WEIGHTS)
    whole = F("title")._combine(F("body"), "||", reversed=False)
    return (
        IndexEntry.objects.alias(whole=whole)
        .filter(whole=query)
        .annotate(kind=F("content_type_id"), key=F("object_id"))
        .annotate(score=title * TITLE + body)
    )


def beginning(words: Words) -> QuerySet:
    """The entries in whose titles words begin so. `score` as above."""
    lexemes = (_either(word, prefix=True) for word in words)
    query = SearchQuery(" & ".join(lexemes), search_type="raw", config="simple")
    return (
        IndexEntry.objects.filter(autocomplete=query)
        .annotate(kind=F("content_type_id"), key=F("object_id"))
        .annotate(score=SearchRank(F("autocomplete"), query, normalization=1))
    )


def _query(words: Words, configuration: str, every: bool) -> SearchQuery:
    lexemes = (_either(word, prefix=not every and len(word) > 2) for word in words)
    text = (" & " if every else " | ").join(lexemes)
    return SearchQuery(text, search_type="raw", config=configuration)


def _either(word: str, prefix: bool) -> str:
    """`word` in any of its forms. They are letters and figures alone: nothing in them
    means anything to PostgreSQL."""
    end = ":*" if prefix else ""
    return "({})".format(" | ".join(f"'{form}'{end}" for form in forms(word)))
