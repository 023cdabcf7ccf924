from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.caching import memory
from cms.caching.offering import offer


def private() -> models.Q:
    """The pages that not everybody may see, with all that lies below them."""

    def look_up() -> list[str]:
        return list(PageViewRestriction.objects.values_list("page__path", flat=True))

    found = models.Q(pk__in=())
    for path in memory.once("private", look_up):
        found |= models.Q(path__startswith=path)
    return found


class BasePage(Page):
    """What every page of ours has: a lead and a body of blocks.

    A page is the same for everybody whom we do not know, and kept for them. Of the
    query it can read the names that it `asks`, and no others.
    """

    asks: ClassVar[tuple[str, ...]] = ()
    # Set where it has just been found that nobody is kept from it.
    is_open = False

    lead = models.TextField(
        _("lead"),
        blank=True,
        max_length=400,
        help_text=_("One or two sentences under the title, also for search engines."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = (
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
    )

    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = {name: request.GET[name] for name in self.asks if name in request.GET}
        offer(request, words)
        return super().serve(request, *args, **kwargs)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        if self.is_open:
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
