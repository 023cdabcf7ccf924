"""What editors add to a session: who speaks, and what is left to read and watch."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from events.models import Session

from .media import CustomDocument, CustomImage


class Speaker(models.Model):
    """Somebody who speaks at a session."""

    session = models.ForeignKey(
        Session, models.CASCADE, verbose_name=_("session"), related_name="speakers"
    )
    name = models.CharField(_("name"), max_length=120)
    role = I18nCharField(_("role"), max_length=200, blank=True)
    bio = I18nTextField(_("bio"), blank=True)
    photo = models.ForeignKey(
        CustomImage,
        models.SET_NULL,
        verbose_name=_("photo"),
        null=True,
        blank=True,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters, where there is no photo."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][:1])).upper()


class Material(models.Model):
    """A recording, a presentation, a document … of a session."""

    class Kind(models.TextChoices):
        RECORDING = "recording", _("Recording")
        MATERIAL = "material", _("Material")
        QUESTIONS = "questions", _("Questions")

    session = models.ForeignKey(
        Session, models.CASCADE, verbose_name=_("session"), related_name="materials"
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.MATERIAL
    )
    title = I18nCharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)
    document = models.ForeignKey(
        CustomDocument,
        models.PROTECT,
        verbose_name=_("document"),
        null=True,
        blank=True,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(url="", document__isnull=False)
                | Q(url__gt="", document__isnull=True),
                name="material_is_an_address_or_a_document",
                violation_error_message=_("Give an address or a document, not both."),
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def sign(self) -> str:
        """The icon of its kind."""
        return {self.Kind.RECORDING: "play", self.Kind.QUESTIONS: "chat"}.get(
            self.kind, "file"
        )

    @property
    def link(self) -> str:
        """Where it is."""
        return self.document.url if self.document else self.url
