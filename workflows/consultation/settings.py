from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from community.models import Unit


class ConsultationSettings(BaseGenericSetting):
    """Who sorts what is asked, and the terms that the form promises."""

    select_related = ("unit",)

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("unit that sorts them"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without it nobody can ask, and the page says so."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("working days to answer"), default=10
    )
    reply_days = models.PositiveSmallIntegerField(
        _("working days for the applicant"),
        default=10,
        help_text=_("To answer what is asked back. Then the consultation is closed."),
    )

    panels = (
        FieldPanel("unit"),
        FieldPanel("answer_days"),
        FieldPanel("reply_days"),
    )

    class Meta:
        verbose_name = _("consultations")
