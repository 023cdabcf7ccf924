from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

# Before its day it is among what comes soon, and after it is overdue.
SOON = timedelta(days=30)


class ReviewQuerySet(models.QuerySet["Review"]):
    def of_pages(self) -> Self:
        """Of pages that readers see, and that are no mirror of another."""
        return self.filter(page__live=True, page__alias_of=None)

    def due(self, on: date) -> Self:
        """Whose day has come."""
        return self.of_pages().filter(by__lte=on)

    def soon(self, on: date) -> Self:
        """Whose day has come, or comes within a month."""
        return self.of_pages().filter(by__lte=on + SOON)


class Review(models.Model):
    """When somebody should look at a page again. It is the page's, not its text's: it
    holds at once, whether or not what was written with it is published.

    Without a day, somebody has decided that nobody need look.
    """

    page = models.OneToOneField(
        Page, models.CASCADE, related_name="review", verbose_name=_("page")
    )
    # To Wagtail this is no use that the page is put to.
    page.wagtail_reference_index_ignore = True
    by = models.DateField(_("review by"), null=True, blank=True)
    # When whoever looks after the page was told that its day has come.
    told = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a page")
        verbose_name_plural = _("reviews of pages")
        indexes: ClassVar = [
            models.Index(fields=("by",), condition=Q(told=None), name="review_to_tell")
        ]

    def __str__(self) -> str:
        return str(self.page)
