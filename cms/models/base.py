from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock


class BasePage(Page):
    """What every page of ours has: a lead and a body of blocks."""

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

    class Meta:
        abstract = True
