"""The list of what is proposed as a page of the site: in its menu, with words of the
editors above it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.caching import memory
from cms.caching.offering import offer
from cms.models import BasePage
from cms.models.base import private


class ProposalsPage(BasePage):
    """All that is proposed for the sessions, with what to choose by."""

    # One page in each language lists them all.
    is_reviewed = False
    asks = ("state", "topic", "series", "sort", "words", "page")

    template = "pages/proposals.html"
    page_description = _("What people propose that the sessions should treat.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ()
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of topic proposals")
        verbose_name_plural = _("pages of topic proposals")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        # It knows its table once all models are there.
        from .shelf import Shelf

        context = super().get_context(request, *args, **kwargs)
        shelf = Shelf(request.GET)
        offer(request, shelf.asked)
        # There is no end of what people write.
        if shelf.looked_for:
            request.is_offered = False
        return {**context, "shelf": shelf}


def list_address() -> str:
    """Where the list is in the active language, or "" if it is no page there."""

    def look_up() -> str:
        pages = ProposalsPage.objects.live().exclude(private())
        pages = pages.filter(locale__language_code=get_language())
        first = pages.select_related("locale").defer("body").first()
        return (first.url if first else "") or ""

    return memory.once(f"proposals {get_language()}", look_up)
