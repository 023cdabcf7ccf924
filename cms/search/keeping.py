"""What keeps the index true: whoever changes a word has its rows indexed again.

Wagtail sees to pages that change. This sees to sessions, and to what is found by the
words of something else: of a speaker, a series, a topic.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from django_tasks import task
from wagtail.search.backends import get_search_backend

from cms.models import (
    ArticlePage,
    ArticleSignature,
    Author,
    Material,
    SessionPage,
    Speaker,
)
from community.models import Topic
from events.models import Series, Session

# What a session's entry is made of; the rest of its columns are no words.
WORDS = {"title", "summary", "place", "series", "topic"}
TOGETHER = 100


@task()
def index_rows(label: str, keys: list[int]) -> None:
    """Renew the entries of those rows."""
    model = apps.get_model(label)
    rows = model.get_indexed_objects().filter(pk__in=keys)
    get_search_backend().add_bulk(model, list(rows))


def _again(model: type[Model], rows: QuerySet, key: str = "pk") -> None:
    """Have those of `model` indexed that `rows` name as `key`."""
    keys = list(rows.order_by().values_list(key, flat=True).distinct())
    for start in range(0, len(keys), TOGETHER):
        index_rows.enqueue(model._meta.label, keys[start : start + TOGETHER])


def _session(
    instance: Session, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    if update_fields is None or WORDS & set(update_fields):
        index_rows.enqueue("events.Session", [instance.pk])


def _part_of_session(instance: Speaker | Material | SessionPage, **kwargs: Any) -> None:
    index_rows.enqueue("events.Session", [instance.session_id])


def _series(instance: Series, **kwargs: Any) -> None:
    _again(Session, Session.objects.filter(series=instance))


def _topic(instance: Topic, **kwargs: Any) -> None:
    _again(Session, Session.objects.filter(topic=instance))
    _again(ArticlePage, ArticlePage.objects.filter(topics=instance))


def _author(instance: Author, **kwargs: Any) -> None:
    _again(ArticlePage, ArticleSignature.objects.filter(author=instance), "page")


def connect() -> None:
    """Listen; called once, when the site starts."""
    for model, listener in (
        (Session, _session),
        (Series, _series),
        (Topic, _topic),
        (Author, _author),
    ):
        post_save.connect(listener, sender=model, dispatch_uid=f"index {model}")
    for model in (Speaker, Material, SessionPage):
        for signal in (post_save, post_delete):
            signal.connect(
                _part_of_session, sender=model, dispatch_uid=f"index {model}"
            )
