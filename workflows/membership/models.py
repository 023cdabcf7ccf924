from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.workflow.models import Process
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from community.models import Role, Unit
from workflows.engine.models import Case


class MembershipProcess(Process):
    """The flow of one request to act for a body."""

    class Meta:
        proxy = True
        verbose_name = _("membership process")
        verbose_name_plural = _("membership processes")


class MembershipRequest(models.Model):
    """Somebody asks to act for the local body of the case. Who asks is in the case too;
    once it is granted, a `community.Membership` says so."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="membership_request")
    role = models.CharField(
        pgettext_lazy("a body", "role"), max_length=20, choices=Role.choices
    )

    class Meta:
        verbose_name = _("request to act for a body")
        verbose_name_plural = _("requests to act for a body")

    def __str__(self) -> str:
        return str(self.case)


class MembershipSettings(BaseGenericSetting):
    """Who looks after who acts for the bodies, and the term that the form promises."""

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("unit that looks after them"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without it nobody can ask: there is no form."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("working days to answer"), default=5
    )

    panels = (FieldPanel("unit"), FieldPanel("answer_days"))

    class Meta:
        verbose_name = _("acting for a body")
