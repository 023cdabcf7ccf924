"""The articles of the community (*apunts*), and where they stand."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Count,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.images.models import SourceImageIOError
from wagtail.models import Locale, Orderable, PageManager, TranslatableMixin
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.caching.offering import offer
from cms.editing.page_form import PageForm
from cms.search.words import hidden
from cms.shelf import Shelf
from community.models import Topic
from community.multilingual import every_language

from .authors import Author
from .base import BasePage, private
from .media import CustomDocument, CustomImage, Rendition

MOST_TOPICS = 3
RELATED = 3

# The renditions that templates ask for.
CARD = "fill-720x360"
NARROW = "fill-720x378"
WIDE = "fill-1200x630"
PORTRAIT = "fill-96x96"


class ArticleQuerySet(PageQuerySet):
    def for_anybody(self, locale: Locale | int) -> "ArticleQuerySet":
        """Those in that language that are published for everybody, latest first."""
        articles = self.live().exclude(private()).filter(locale=locale)
        return articles.order_by("-published", "-pk")

    def for_cards(self) -> "ArticleQuerySet":
        """With what their cards say, and nothing more."""
        cards = self.defer("body").select_related("picture")
        return cards.prefetch_related(*ArticlePage.card_parts())

    def for_feed(self) -> "ArticleQuerySet":
        """With what a feed says of them."""
        return self.defer("body").prefetch_related("topics", "signatures__author")


class ArticlesPage(BasePage):
    """Where the articles are: all of them, the latest first, with what to choose by."""

    asks = Shelf.ASKS

    template = "pages/articles.html"
    page_description = _("Every article, with filters. Write articles below it.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("cms.ArticlePage",)
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of articles")
        verbose_name_plural = _("pages of articles")

    def articles(self) -> ArticleQuerySet:
        """What this page lists, in its language."""
        return ArticlePage.objects.for_anybody(self.locale_id).child_of(self)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        shelf = Shelf(request.GET, self.articles())
        # What does not exist is not in the address any more: there is no end of it.
        offer(request, shelf.asked)
        return {**context, "shelf": shelf}


class ArticleForm(PageForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if len(cleaned.get("topics") or ()) > MOST_TOPICS:
            few = _("Choose %(most)s topics at most: those that it is really about.")
            self.add_error("topics", ValidationError(few, params={"most": MOST_TOPICS}))
        return cleaned


class ArticlePage(BasePage):
    """An article (*apunt*): what somebody of the community tells the others."""

    picture = models.ForeignKey(
        CustomImage,
        models.SET_NULL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without one, the article wears the tiles of its first topic."),
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=250,
        blank=True,
        help_text=_(
            "For those who cannot see it. Left empty, it is there for the eye only."
        ),
    )
    topics = ParentalManyToManyField(
        Topic,
        verbose_name=_("topics"),
        related_name="articles",
        help_text=_("One to three. Readers find the article under each of them."),
    )
    tags = ClusterTaggableManager(
        through="cms.ArticleTag",
        verbose_name=_("tags"),
        blank=True,
        help_text=_("Words of your own, with commas between them."),
    )
    published = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_(
            "The date that readers see. Left empty, it is the day of the first"
            " publication."
        ),
    )

    objects = PageManager.from_queryset(ArticleQuerySet)()

    template = "pages/article.html"
    page_description = _("Something to tell: with topics, authors and documents.")
    parent_page_types = ("cms.ArticlesPage",)
    subpage_types = ()
    base_form_class = ArticleForm
    content_panels = (
        *BasePage.content_panels[:-1],
        FieldPanel("topics", widget=CheckboxSelectMultiple),
        MultiFieldPanel(
            (FieldPanel("picture"), FieldPanel("picture_alt")), _("Picture")
        ),
        BasePage.content_panels[-1],
        InlinePanel("signatures", heading=_("Authors"), label=_("author"), max_num=6),
        InlinePanel("attachments", heading=_("Attachments"), label=_("document")),
        FieldPanel("tags"),
    )
    promote_panels = (
        *BasePage.promote_panels,
        MultiFieldPanel((FieldPanel("published"),), _("Date")),
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("words"),
        index.FilterField("published"),
    ]
    override_translatable_fields = (SynchronizedField("topics", overridable=False),)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.live and self.published is None:
            self.published = timezone.localdate(self.first_published_at)
        super().save(*args, **kwargs)

    @staticmethod
    def card_parts() -> tuple[str | Prefetch, ...]:
        """What a card says besides the row: for `prefetch_related_objects`."""
        return "topics", Prefetch("picture__renditions", *_renditions(CARD))

    @property
    def changed(self) -> date | None:
        """The day of the last publication, if it is another than that of the first:
        what was imported may have been published long before we did."""
        if not (self.first_published_at and self.last_published_at):
            return None
        last = timezone.localdate(self.last_published_at)
        return last if last > timezone.localdate(self.first_published_at) else None

    @cached_property
    def topic(self) -> Topic | None:
        """The first one, whose tiles the article wears."""
        return next(iter(self.topics.all()), None)

    @property
    def words(self) -> str:
        """What a search finds it by besides its text, in every language; no excerpt
        shows it."""
        topics = (every_language(topic.name) for topic in self.topics.all())
        tags = (tag.name for tag in self.tags.all())
        authors = (signature.author.words for signature in self.signatures.all())
        return hidden(" ".join((*topics, *tags, *authors)))

    def authors(self) -> list[Author]:
        """Who signs it, in order."""
        signatures = self.signatures.select_related(
            "author__unit", "author__body", "author__photo"
        )
        return [signature.author for signature in signatures]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        others = ArticlePage.objects.for_anybody(self.locale_id).exclude(pk=self.pk)
        related, authors = self._related(others), self.authors()
        # Those of a preview are in its form, not in the database.
        shown = [self, *related] if self.pk else related
        prefetch_related_objects(shown, "topics")
        pictures = [page.picture for page in (self, *related)]
        _prefetch_renditions(*pictures, *(author.photo for author in authors))
        sizes = self._sizes()
        return {
            **context,
            "topics": list(self.topics.all()),
            "authors": authors,
            "attachments": self.attachments.select_related("document"),
            "narrow": sizes.get(NARROW),
            "wide": sizes.get(WIDE),
            "related": related,
            **self._neighbours(others),
        }

    def _sizes(self) -> dict[str, Rendition]:
        """The picture in the sizes of the page; none if its file was lost."""
        try:
            return self.picture.get_renditions(NARROW, WIDE) if self.picture else {}
        except SourceImageIOError:
            return {}

    def _related(self, others: ArticleQuerySet) -> list["ArticlePage"]:
        """Those of `others` that share most of its topics, the latest first."""
        mine = Topic.objects.filter(articles=self.pk)
        shared = Count("topics", filter=Q(topics__in=mine))
        alike = others.annotate(shared=shared).filter(shared__gt=0)
        alike = alike.defer("body").select_related("picture")
        return list(alike.order_by("-shared", "-published", "-pk")[:RELATED])

    def _neighbours(self, others: ArticleQuerySet) -> dict[str, "ArticlePage | None"]:
        """The articles before and after this one, as time goes."""
        found: dict[str, ArticlePage | None] = {"older": None, "newer": None}
        if not self.published:
            return found
        same_day = Q(published=self.published)
        before = Q(published__lt=self.published) | same_day & Q(pk__lt=self.pk)
        older = others.filter(before)
        newer = others.exclude(before).order_by("published", "pk")
        ends = Q(pk=_first(older)) | Q(pk=_first(newer))
        for page in others.filter(ends).defer("body"):
            moment = (page.published, page.pk)
            which = "older" if moment < (self.published, self.pk) else "newer"
            found[which] = page
        return found


def _first(articles: ArticleQuerySet) -> Subquery:
    return Subquery(articles.values("pk")[:1])


def _renditions(*specs: str) -> tuple[QuerySet[Rendition], str]:
    """Which renditions to prefetch, and where Wagtail looks for them first."""
    return Rendition.objects.filter(filter_spec__in=specs), "prefetched_renditions"


def _prefetch_renditions(*pictures: CustomImage | None) -> None:
    """Those of all the pictures of an article's page, in one query."""
    made = Prefetch("renditions", *_renditions(CARD, NARROW, PORTRAIT, WIDE))
    prefetch_related_objects([picture for picture in pictures if picture], made)


class ArticleSignature(Orderable):
    """An author's name under an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="signatures")
    author = models.ForeignKey(
        Author, models.PROTECT, verbose_name=_("author"), related_name="signatures"
    )

    panels = (
        FieldPanel(
            "author",
            help_text=_("Who is not there yet is written down in The site > Authors."),
        ),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("author of an article")
        verbose_name_plural = _("authors of articles")
        constraints = (
            models.UniqueConstraint(
                fields=("page", "author"),
                name="an_author_signs_an_article_once",
                violation_error_message=_("The same author is there twice."),
            ),
        )

    def __str__(self) -> str:
        return str(self.author)


class ArticleAttachment(TranslatableMixin, Orderable):
    """A document that comes with an article."""

    page = ParentalKey(
        ArticlePage, on_delete=models.CASCADE, related_name="attachments"
    )
    document = models.ForeignKey(
        CustomDocument, models.PROTECT, verbose_name=_("document"), related_name="+"
    )
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("Left empty, it is the title of the document."),
    )

    panels = (
        FieldPanel(
            "document", help_text=_("Readers save it, and see its kind and its size.")
        ),
        FieldPanel("title"),
    )

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.title or self.document.title


class ArticleTag(TaggedItemBase):
    """A word that an editor put on an article."""

    content_object = ParentalKey(
        ArticlePage, on_delete=models.CASCADE, related_name="tagged_items"
    )

    class Meta:
        verbose_name = _("tag of an article")
        verbose_name_plural = _("tags of articles")
