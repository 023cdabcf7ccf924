from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from workflows.engine.models import Case

from .pages import ConsultationPage
from .settings import ConsultationSettings

__all__ = [
    "Consultation",
    "ConsultationPage",
    "ConsultationProcess",
    "ConsultationSettings",
]


class ConsultationProcess(Process):
    """The flow of one consultation."""

    class Meta:
        proxy = True
        verbose_name = _("consultation process")
        verbose_name_plural = _("consultation processes")


class Consultation(models.Model):
    """A question that anybody asks the team (*consulta*). What was asked and answered
    is written in its case."""

    class Decision(models.TextChoices):
        ANSWER = "answer", _("Answer it")
        ASK = "ask", _("Ask something back")
        PASS = "pass", _("Pass it to another unit")

    case = models.OneToOneField(Case, models.CASCADE, related_name="consultation")
    # What was decided last: the flow goes on by it.
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, blank=True
    )
    # Nothing came in time to what was asked back.
    lapsed = models.BooleanField(_("lapsed"), default=False)
    useful = models.BooleanField(_("useful"), null=True)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")

    def __str__(self) -> str:
        return str(self.case)
