"""How proposals are found by a search of the site, and what makes the pages that show
them be rendered anew."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.caching import memory
from cms.search.kinds import Kind, Shown, register
from cms.search.site import topics
from workflows.engine.models import Case

from .kind import NAME
from .models import Proposal, Support


def connect() -> None:
    """Listen, and have proposals found; called once, when the site starts."""
    post_save.connect(_changed, sender=Proposal, dispatch_uid="shown proposals")
    post_save.connect(_ended, sender=Case, dispatch_uid="ended proposals")
    for signal in (post_save, post_delete):
        signal.connect(_counted, sender=Support, dispatch_uid="counted proposals")
    register(
        Kind(
            name="proposal",
            label=_("Proposals"),
            one=_("Proposal"),
            models=(Proposal,),
            rows=_rows,
            show=_show,
            topic="topic__code",
            day="published",
        )
    )


def _rows(languages: Iterable[str]) -> QuerySet[Proposal]:
    return Proposal.objects.public().filter(case__language__in=languages)


def _show(keys: Collection[int]) -> dict[int, Shown]:
    known, here = topics(), get_language()
    rows = Proposal.objects.public().filter(pk__in=keys).select_related("case")
    return {
        row.pk: Shown(
            title=row.title,
            url=row.get_absolute_url(),
            language="" if row.case.language == here else row.case.language,
            text=row.wanted,
            topic=known.get(row.topic_id),
            day=timezone.localdate(row.published),
        )
        for row in rows
    }


def _changed(instance: Proposal, **kwargs: Any) -> None:
    # Whoever proposes something, which is hidden still, changes no page.
    if instance.published:
        memory.forget()


def _ended(instance: Case, **kwargs: Any) -> None:
    """What is withdrawn after it was published is public no more."""
    if instance.kind == NAME and instance.state == Case.State.CANCELLED:
        memory.forget()


def _counted(**kwargs: Any) -> None:
    memory.forget_soon()
