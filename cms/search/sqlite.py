"""The index on SQLite (FTS5): no stems, but words by their beginnings."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import F, QuerySet
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import (
    BM25,
    Lexeme,
    MatchExpression,
    SearchQueryExpression,
)
from wagtail.search import models

from .entries import put
from .words import Words, indexed, plain

COLUMNS = ("title", "autocomplete", "body")
# The column of the text that excerpts are taken from.
TEXT = "body"


class Indexer(sqlite.ObjectIndexer):
    """What the index keeps of a row."""

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, list):
            return "\n".join(self.prepare_value(each) for each in value)
        return indexed(super().prepare_value(value))


class Index(sqlite.SQLiteIndex):
    def add_items(self, model: type, objs: Any) -> None:
        put(model, (Indexer(obj, self.backend) for obj in objs), COLUMNS)


class SearchBackend(sqlite.SQLiteSearchBackend):
    index_class = Index


class Rank(BM25):
    """The higher the better, and a title is worth more than a body."""

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, list]:
        table = models.SQLiteFTSIndexEntry._meta.db_table
        # The order of its columns: autocomplete, body, title.
        return f"(-bm25({table}, 0.0, 1.0, 8.0))", []


def matching(words: Words, languages: set[str], every: bool) -> QuerySet:
    """The entries that have every one of `words`, or else any. `score` is the better
    the higher. Languages make no difference."""
    lexemes = [Lexeme(each, prefix=len(each) > 3) for each in words.roots]
    return _matching(["title", "body"], reduce(and_ if every else or_, lexemes))


def beginning(words: Words) -> QuerySet:
    """The entries in whose titles words begin so. `score` as above."""
    bare = (plain(word.replace("·", "")) for word in words)
    lexemes = [Lexeme(each, prefix=True) for each in bare]
    return _matching(["autocomplete"], reduce(and_, lexemes))


def _matching(columns: list[str], lexemes: Any) -> QuerySet:
    match = MatchExpression(columns, SearchQueryExpression(lexemes))
    return (
        models.SQLiteFTSIndexEntry.objects.filter(match)
        .annotate(kind=F("index_entry__content_type_id"))
        .annotate(key=F("index_entry__object_id"), score=Rank())
    )
