"""Pages as a reader may have them: published, for everybody, and in the language that
the reader is reading in."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    prefetch_related_objects,
)
from django.utils.translation import get_language
from wagtail.models import Page, PageQuerySet, PageViewRestriction


class Choice:
    """Pages that were chosen for one place. What the reader gets instead of each is
    looked up for all of them together."""

    def __init__(self, pages: Iterable[Page | None]) -> None:
        self.keys = {page.translation_key for page in pages if page}
        self.found: dict[str, dict[UUID, Page]] = {}

    def shown(self, page: Page) -> Page | None:
        language = get_language()
        if language not in self.found:
            pages = list(live_in(self.keys, language).exclude(_restricted()).specific())
            _complete(pages)
            self.found[language] = {each.translation_key: each for each in pages}
        return self.found[language].get(page.translation_key)


def shown(page: Page | None) -> Page | None:
    """`page`, which an editor chose, in the reader's language; None if there it is not
    published, or not for everybody."""
    if page is None:
        return None
    choice: Choice = getattr(page, "choice", None) or Choice([page])
    return choice.shown(page)


def live_in(keys: Iterable[UUID], language: str) -> PageQuerySet:
    """The published pages in `language` of those translation keys."""
    pages = Page.objects.live().defer_streamfields()
    # The address of a page asks for its language.
    pages = pages.select_related("locale", for_specific_subqueries=True)
    return pages.filter(translation_key__in=keys, locale__language_code=language)


def _complete(pages: list[Page]) -> None:
    """Look up what the cards of each type of page say besides its own row."""
    for kind in {type(page) for page in pages}:
        alike = [page for page in pages if type(page) is kind]
        prefetch_related_objects(alike, *getattr(kind, "card_parts", tuple)())


def _restricted() -> Exists:
    """Whether a page is private, or lies under one that is."""
    path = ExpressionWrapper(OuterRef("path"), CharField())
    restrictions = PageViewRestriction.objects.annotate(below=path)
    return Exists(restrictions.filter(below__startswith=F("page__path")))
