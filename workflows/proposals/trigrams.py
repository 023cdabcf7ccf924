"""Titles that are spelt more or less the same: by the groups of three letters that they
share, as pg_trgm counts them. SQLite is taught to count so too."""

import re
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import F, FloatField, Func, QuerySet, Value

from cms.search.words import plain

from .models import Proposal

# Of 1, which is the same title; pg_trgm's own threshold.
ALIKE = 0.3
_word = re.compile(r"[^\W_]+")


class Similarity(Func):
    function = "SIMILARITY"
    output_field = FloatField()


def titled_like(text: str) -> QuerySet[Proposal, int]:
    """The keys of those whose title is spelt like `text`, the most alike first; none
    where the database cannot tell."""
    rows = Proposal.objects.values_list("pk", flat=True)
    if not _can_tell():
        return rows.none()
    if connection.vendor == "postgresql":
        from django.contrib.postgres.lookups import TrigramSimilar

        # What its index knows.
        rows = rows.filter(TrigramSimilar(F("title"), Value(text)))
    alike = rows.annotate(alike=Similarity("title", Value(text)))
    return alike.filter(alike__gte=ALIKE).order_by("-alike", "-pk")


def connect() -> None:
    """At start-up."""
    connection_created.connect(_teach, dispatch_uid="trigrams")


def _teach(connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        count = connection.connection.create_function
        count("SIMILARITY", 2, similarity, deterministic=True)


@cache
def _can_tell() -> bool:
    """Whether the database counts: on PostgreSQL it is an extension that not everybody
    may make."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def similarity(one: str, other: str) -> float:
    """How much of the letters of both they share, from 0 to 1.

    >>> similarity("Contractes menors", "Contractes mneors") > 0.6
    True
    """
    ours, theirs = _trigrams(one), _trigrams(other)
    return len(ours & theirs) / (len(ours | theirs) or 1)


@lru_cache(4096)
def _of_word(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _trigrams(text: str) -> frozenset[str]:
    return frozenset().union(*map(_of_word, _word.findall(plain(text))))
