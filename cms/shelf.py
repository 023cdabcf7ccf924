"""What a reader of the articles may choose, and what comes of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from taggit.models import Tag

from cms.choosing import Choice, Chosen, pick
from cms.models.authors import Author
from community.models import Topic

if TYPE_CHECKING:
    from cms.models.articles import ArticleQuerySet

PER_PAGE = 12


class Shelf(Chosen):
    """The articles that `asked`, the query of the address, chooses among those that
    stand here."""

    ASKS = ("topic", "tag", "year", "author", "page")

    def __init__(self, asked: QueryDict, articles: "ArticleQuerySet") -> None:
        here = articles.order_by()
        filters = [
            pick(asked, "topic", _("Topic"), _("All"), _topics(here)),
            pick(asked, "tag", _("Tag"), _("All"), _tags(here)),
            pick(asked, "author", _("Author"), _("All"), _authors(here)),
            pick(asked, "year", _("Year"), pgettext_lazy("year", "Any"), _years(here)),
        ]
        columns = {
            "topic": "topics__code",
            "tag": "tags__slug",
            "author": "signatures__author",
            "year": "published__year",
        }
        for each in filters:
            if each.chosen:
                articles = articles.filter(**{columns[each.name]: each.chosen.value})
        super().__init__(asked, filters, articles.for_cards(), PER_PAGE)


def _topics(here: "ArticleQuerySet") -> Iterable[Choice]:
    topics = Topic.objects.filter(pk__in=here.values("topics"))
    return (Choice(topic.code, str(topic.name)) for topic in topics)


def _tags(here: "ArticleQuerySet") -> Iterable[Choice]:
    tags = Tag.objects.filter(pk__in=here.values("tags")).order_by("name")
    return (Choice(tag.slug, tag.name) for tag in tags)


def _authors(here: "ArticleQuerySet") -> Iterable[Choice]:
    authors = Author.objects.filter(pk__in=here.values("signatures__author"))
    return (Choice(str(author.pk), author.name) for author in authors)


def _years(here: "ArticleQuerySet") -> Iterable[Choice]:
    days = here.dates("published", "year", order="DESC")
    return (Choice(str(day.year), str(day.year)) for day in days)
