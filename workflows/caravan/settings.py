from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from community.models import Unit


class CaravanSettings(BaseGenericSetting):
    """Who looks after the caravan, and the terms that its pages promise."""

    select_related = ("unit",)

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("unit that looks after it"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without it nobody can ask for a stop, and the page says so."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("working days to say whether it stops there"), default=10
    )
    amend_days = models.PositiveSmallIntegerField(
        _("working days for the host to amend"),
        default=10,
        help_text=_("Then what was asked counts as withdrawn."),
    )

    panels = (
        FieldPanel("unit"),
        FieldPanel("review_days"),
        FieldPanel("amend_days"),
    )

    class Meta:
        verbose_name = _("caravan")
