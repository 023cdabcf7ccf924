"""The tools of the kit, blank, for who looks at them before there is a stop."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.work.rows import DueRow

from .kits import Tool


class BlankKit(DueRow):
    """All tools of the kit in one language, blank: the worker makes what is missing of
    them. There is one in each language in which the caravan has a page."""

    # About an hour: nothing far away is asked.
    MAX_ATTEMPTS: ClassVar = 8

    language = models.CharField(_("language"), max_length=10, unique=True)
    # Where its papers say that one reads of the caravan.
    link = models.CharField(max_length=500)

    class Meta(DueRow.Meta):
        verbose_name = _("blank kit")
        verbose_name_plural = _("blank kits")

    def __str__(self) -> str:
        return f"{self.language} · {self.state}"


class BlankFile(models.Model):
    """A tool, blank, as a file to be saved or printed; without a tool it is all of them
    in one. What is here can be handed out: what is out of date goes with the change."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"
        ZIP = "zip", "ZIP"

    kit = models.ForeignKey(BlankKit, models.CASCADE, related_name="files")
    tool = models.ForeignKey(Tool, models.CASCADE, null=True, related_name="blanks")
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("file of a blank kit")
        verbose_name_plural = _("files of blank kits")
        ordering = ("tool__order", "tool_id", "-kind")
        constraints = (
            models.UniqueConstraint(
                fields=("kit", "tool", "kind"),
                name="a_blank_tool_has_a_file_of_a_kind_once",
            ),
            models.UniqueConstraint(
                fields=("kit",),
                condition=models.Q(tool=None),
                name="a_blank_kit_is_packed_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kit_id} · {self.name}"
