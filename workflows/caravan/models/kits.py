"""The kit of a stop, and the tools that editors keep for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from community.models import User
from community.work.rows import DueRow

from .stops import Side, Stop


class Tool(models.Model):
    """A tool of the kit (*eina*): what it is for, for whom, and whether a stop needs it
    before what came of it is published. Its text is in versions, which stay."""

    class What(models.TextChoices):
        GUIDE = "guide", _("guide")
        AGENDA = "agenda", pgettext_lazy("tool", "agenda")
        CHECKLIST = "checklist", _("checklist")
        SCRIPT = "script", _("interview script")
        CONSENT = "consent", _("consent form")
        POSTER = "poster", _("poster")
        OTHER = "other", _("other")

    code = models.SlugField(_("code"), unique=True)
    what = models.CharField(_("what it is"), max_length=10, choices=What)
    side = models.CharField(_("for whom"), max_length=10, choices=Side, blank=True)
    required = models.BooleanField(_("required"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("given to new stops"), default=True)

    class Meta:
        verbose_name = _("tool of the kit")
        verbose_name_plural = _("tools of the kit")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.code

    @property
    def latest(self) -> "ToolVersion | None":
        """Its words as they are now; None while it has none."""
        versions = sorted(self.versions.all(), key=lambda version: version.number)
        if not versions:
            return None
        versions[-1].tool = self
        return versions[-1]

    @property
    def title(self) -> str:
        """What it is called now, in the active language; "" while it has no words."""
        return self.latest.title if self.latest else ""


class ToolVersion(models.Model):
    """The words of a tool as they are from a day on, in each language; never
    changed once a kit was made of them."""

    tool = models.ForeignKey(Tool, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # By language: {"ca": {"title": …, "text": …}}.
    words = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a tool")
        verbose_name_plural = _("versions of tools")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("tool", "number"), name="versions_of_a_tool_are_counted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tool_id} · {self.number}"

    def said(self, language: str) -> dict[str, str]:
        """Its title and text in `language`, or else in that of the house."""
        own = self.words.get(language, {})
        is_whole = own.get("title") and own.get("text")
        return own if is_whole else self.words.get(settings.LANGUAGE_CODE, {})

    @property
    def title(self) -> str:
        """What it is called, in the active language."""
        return self.said(get_language() or "").get("title", "")


class KitOrder(DueRow):
    """The kit of a stop is to be made, as `wanted` says: the worker does it."""

    # About an hour: nothing far away is asked, and somebody should know soon.
    MAX_ATTEMPTS: ClassVar = 8

    stop = models.OneToOneField(Stop, models.CASCADE, related_name="kit_order")
    # All that it is made of: `kits.mark`.
    wanted = models.CharField(max_length=32)

    class Meta(DueRow.Meta):
        verbose_name = _("order of a kit")
        verbose_name_plural = _("orders of kits")

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.state}"


class KitPart(models.Model):
    """A tool in the kit of one stop: the version it was made of, its files, and who has
    done what it asks."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="kit")
    tool = models.ForeignKey(Tool, models.PROTECT, related_name="parts")
    version = models.ForeignKey(ToolVersion, models.PROTECT, related_name="parts")
    required = models.BooleanField(default=False)
    # Why it could not be made, for the office; "" if it was.
    fault = models.CharField(max_length=300, blank=True)
    # What it was made of last, as `KitOrder.wanted` says it.
    made_of = models.CharField(max_length=32, blank=True)
    made = models.DateTimeField(null=True, blank=True)
    done = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("part of a kit")
        verbose_name_plural = _("parts of kits")
        ordering = ("tool__order", "tool_id")
        constraints = (
            models.UniqueConstraint(
                fields=("stop", "tool"), name="a_kit_has_a_tool_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.tool_id}"


class KitFile(models.Model):
    """A part of a kit as a file to be saved or printed.

    It lies in the database: it is small, made anew whole, and goes with its row, so
    that a worker who dies leaves nothing behind.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    part = models.ForeignKey(KitPart, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("file of a kit")
        verbose_name_plural = _("files of kits")
        ordering = ("-kind",)
        constraints = (
            models.UniqueConstraint(
                fields=("part", "kind"), name="a_part_has_a_file_of_a_kind_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part_id} · {self.kind}"
