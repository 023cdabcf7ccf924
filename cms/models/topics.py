"""The topics (*temes*) to their readers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms.showing import coming_of, past_of
from community.models import Topic
from events.models import Session

from .articles import ArticlePage, ArticleQuerySet
from .base import BasePage, private
from .sessions import Material

COMING = 6
RECORDED = 6
ARTICLES = 6


class TopicsPage(BasePage):
    """Every topic that has a page, as a wall of tiles."""

    template = "pages/topics.html"
    page_description = _("All the topics. Put a page for each topic below it.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("cms.TopicPage",)
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of topics")
        verbose_name_plural = _("pages of topics")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        topics = TopicPage.objects.child_of(self).live().exclude(private())
        topics = topics.defer("body").select_related("topic").order_by("path")
        return {**context, "topics": topics}


class TopicPage(BasePage):
    """A topic to its readers: what it is, what comes, what was said and written."""

    topic = models.ForeignKey(
        Topic, models.PROTECT, verbose_name=_("topic"), related_name="pages"
    )

    template = "pages/topic.html"
    page_description = _("A topic: its text, its sessions and its articles.")
    parent_page_types = ("cms.TopicsPage",)
    subpage_types = ()
    content_panels = (
        *BasePage.content_panels[:-2],
        FieldPanel("topic", help_text=_("It has one page in each language.")),
        *BasePage.content_panels[-2:],
    )

    class Meta:
        verbose_name = _("page of a topic")
        verbose_name_plural = _("pages of topics")

    def clean(self) -> None:
        super().clean()
        # No constraint can say it: the language is in the table of all pages.
        twins = TopicPage.objects.filter(topic=self.topic_id, locale=self.locale_id)
        if self.topic_id and twins.exclude(pk=self.pk).exists():
            told = _("This topic has a page in this language already.")
            raise ValidationError({"topic": told})

    def articles(self) -> ArticleQuerySet:
        """The articles on the topic, in the language of the page."""
        articles = ArticlePage.objects.for_anybody(self.locale_id)
        return articles.filter(topics=self.topic_id)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sessions = Session.objects.filter(topic=self.topic_id)
        recorded = sessions.filter(materials__kind=Material.Kind.RECORDING).distinct()
        articles = list(self.articles().for_cards()[: ARTICLES + 1])
        return {
            **context,
            "topic": self.topic,
            "coming": list(coming_of(sessions)[:COMING]),
            "recorded": list(past_of(recorded)[:RECORDED]),
            "articles": articles[:ARTICLES],
            "has_more": len(articles) > ARTICLES,
        }
