"""What changes something that everybody can see, and so makes all pages be rendered
anew. Drafts change nothing; a page that moves is saved."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.contrib.settings.models import AbstractSetting
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.caching import memory
from cms.models import (
    Alert,
    Author,
    CustomDocument,
    CustomImage,
    FooterLink,
    Material,
    Speaker,
)
from community.models import LocalBody, Topic, Unit
from events.models import Series, Session
from events.signals import places_changed

SHOWN: tuple[type[Model], ...] = (
    AbstractSetting,
    Alert,
    Author,
    CustomDocument,
    CustomImage,
    FooterLink,
    LocalBody,
    Locale,
    Material,
    Page,
    PageViewRestriction,
    SearchPromotion,
    Series,
    Session,
    Site,
    Speaker,
    Topic,
    Unit,
)
# What an editor's unpublished work, a form's lock or a registration's number writes.
UNSEEN = {
    "arrivals",
    "changed",
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
}


_shown_by_others: set[type[Model]] = set()


def show(*models: type[Model]) -> None:
    """Say of models of other rooms that pages show their rows; called at start-up."""
    _shown_by_others.update(models)


def connect() -> None:
    """Listen; called once, when the site starts."""
    post_save.connect(_saved, dispatch_uid="changes")
    post_delete.connect(_deleted, dispatch_uid="changes")
    places_changed.connect(_places_changed, dispatch_uid="changes")


def _saved(
    sender: type[Model], update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    unseen = update_fields is not None and UNSEEN.issuperset(update_fields)
    if _is_shown(sender) and not unseen:
        memory.forget()


def _is_shown(model: type[Model]) -> bool:
    return issubclass(model, (*SHOWN, *_shown_by_others))


def _deleted(sender: type[Model], **kwargs: Any) -> None:
    if _is_shown(sender):
        memory.forget()


def _places_changed(sender: type[Session], **kwargs: Any) -> None:
    memory.forget_soon()
