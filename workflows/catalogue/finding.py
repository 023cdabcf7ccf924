"""How resources are found by a search, and what makes their pages be rendered anew."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms import showing
from cms.caching import changes
from cms.search.keeping import index_rows
from cms.search.kinds import Kind, Shown, register
from cms.search.site import topics

from .models import Area, Criterion, Edition, InForce, Instrument, Question, Resource
from .offers import next_turn
from .pages import addresses

SHOWN = (Area, Criterion, Edition, InForce, Instrument, Question, Resource)


def connect() -> None:
    """Listen, and have resources found; called once, when the site starts."""
    changes.show(*SHOWN)
    showing.turns(next_turn)
    post_save.connect(_area, sender=Area, dispatch_uid="index areas")
    m2m_changed.connect(
        _topics, sender=Resource.topics.through, dispatch_uid="index resources"
    )
    register(
        Kind(
            name="resource",
            label=_("Resources"),
            one=_("Resource"),
            models=(Resource,),
            rows=_rows,
            show=_show,
            topic="topics__code",
            title="name",
        )
    )


def _rows(languages: Iterable[str]) -> QuerySet[Resource]:
    # Each has all its languages, and is shown in the reader's.
    return Resource.objects.public()


def _show(keys: Collection[int]) -> dict[int, Shown]:
    found = Resource.objects.filter(pk__in=keys).prefetch_related("topics")
    known, where = topics(), addresses()
    return {
        each.pk: Shown(
            title=str(each.name),
            url=where.get(each.pk) or reverse("resource", args=(each.code,)),
            text=str(each.summary),
            topic=next((known.get(t.pk) for t in each.topics.all()), None),
        )
        for each in found
    }


def _area(instance: Area, **kwargs: Any) -> None:
    keys = list(instance.resources.values_list("pk", flat=True))
    if keys:
        index_rows.enqueue(Resource._meta.label, keys)


def _topics(instance: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, Resource):
        index_rows.enqueue(Resource._meta.label, [instance.pk])
