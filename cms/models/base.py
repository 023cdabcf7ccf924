from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.caching import memory
from cms.caching.offering import offer
from cms.editing.page_form import PageForm
from cms.editing.publishing import PagePermissions
from community.models import User


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
    # Whether somebody looks at it again a year after it was published.
    is_reviewed: ClassVar[bool] = True
    # Whether what it shows is found by itself, as a kind that its room registers.
    has_kind_of_its_own: ClassVar[bool] = False
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
        TitleFieldPanel(
            "title",
            help_text=_("What the page is about, as readers meet it in every list."),
        ),
        FieldPanel("lead"),
        FieldPanel(
            "body",
            help_text=_("Put it together of blocks: each shows what it looks like."),
        ),
    )
    promote_panels = (
        MultiFieldPanel(
            (
                FieldPanel(
                    "slug",
                    heading=_("Address"),
                    help_text=_(
                        "The last part of the page’s address: a few words without"
                        " accents. Change it, and the old address leads to the new one."
                    ),
                ),
                FieldPanel(
                    "seo_title",
                    heading=_("Title for search engines"),
                    help_text=_("Left empty, it is the title of the page."),
                ),
                FieldPanel(
                    "search_description",
                    heading=_("Description for search engines"),
                    help_text=_("Left empty, it is the lead."),
                ),
            ),
            heading=_("Where people find it"),
        ),
        MultiFieldPanel(
            (
                FieldPanel(
                    "show_in_menus",
                    heading=_("In the menu of the site"),
                    help_text=_(
                        "Two levels of pages have room in it. A page that is not there"
                        " is found by links and by searching."
                    ),
                ),
            ),
            heading=_("Menu"),
        ),
    )

    settings_panels = (
        *Page.settings_panels,
        MultiFieldPanel(
            (
                FieldPanel(
                    "owner",
                    heading=_("Who looks after it"),
                    help_text=_(
                        "Gets the mail when its day comes. Hand the page over here."
                    ),
                ),
                FieldPanel("review_by"),
            ),
            heading=_("Care of the page"),
        ),
    )
    base_form_class = PageForm

    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("lead", boost=1),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = {name: request.GET[name] for name in self.asks if name in request.GET}
        offer(request, words)
        return super().serve(request, *args, **kwargs)

    def permissions_for_user(self, user: User) -> PagePermissions:
        return PagePermissions(user, self)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        if self.is_open:
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
