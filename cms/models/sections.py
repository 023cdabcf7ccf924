from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from .base import BasePage, private

# From so many headings on, a list of them helps.
HEADINGS = 4


class SectionPage(BasePage):
    """A page of text, alone or with others below it: a service and its areas, a legal
    page, whatever has no type of its own."""

    shows_pages = models.BooleanField(
        _("show the pages below"),
        default=True,
        help_text=_("Each published page below this one, as a card."),
    )
    contact = RichTextField(
        _("contact"),
        blank=True,
        features=["bold", "link", "ul"],
        help_text=_("Whom to ask about this, and how: an address, a telephone."),
    )

    template = "pages/section.html"
    page_description = _("Text with blocks, and cards of the pages below it.")
    parent_page_types = ("cms.HomePage", "cms.SectionPage")
    subpage_types = ("cms.SectionPage",)
    content_panels = (
        *BasePage.content_panels,
        MultiFieldPanel(
            (FieldPanel("shows_pages"), FieldPanel("contact")), _("Around the text")
        ),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def headings(self) -> list[str]:
        """What stands in the list "on this page"; nothing on a short page."""
        found = [block.value for block in self.body if block.block_type == "heading"]
        return found if len(found) >= HEADINGS else []

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        below = (
            SectionPage.objects.child_of(self).live().exclude(private()).defer("body")
        )
        shown = list(below.order_by("path")) if self.shows_pages else []
        return {**context, "below": list(shown)}
