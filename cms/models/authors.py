from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from community.models import LocalBody, Unit
from community.multilingual import every_language

from .media import CustomImage


class Author(models.Model):
    """Somebody who signs articles: by name and work, with nothing personal."""

    name = models.CharField(_("name"), max_length=120)
    role = I18nCharField(
        _("role"),
        max_length=200,
        blank=True,
        help_text=_("What readers should know: the job, not the rank."),
    )
    unit = models.ForeignKey(
        Unit,
        models.SET_NULL,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("For those of the house."),
    )
    body = models.ForeignKey(
        LocalBody,
        models.SET_NULL,
        verbose_name=_("local body"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("For those of a local body."),
    )
    photo = models.ForeignKey(
        CustomImage,
        models.SET_NULL,
        verbose_name=_("photo"),
        null=True,
        blank=True,
        related_name="+",
    )

    panels = (
        FieldPanel("name"),
        FieldPanel("role"),
        MultiFieldPanel((FieldPanel("unit"), FieldPanel("body")), _("Works for")),
        FieldPanel("photo"),
    )

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters, where there is no photo."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][:1])).upper()

    @property
    def place(self) -> str:
        """Where the author works."""
        return str(self.body or self.unit or "")

    @property
    def words(self) -> str:
        """What a search finds the author by."""
        return f"{self.name} {every_language(self.role)}"
