from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from events.models import Registration


class RegistrationProcess(Process):
    """The flow of one registration. Its artifact is the registration."""

    class Meta:
        proxy = True
        verbose_name = _("registration process")
        verbose_name_plural = _("registration processes")


class Followed(models.Model):
    """How far the flow of a registration has followed what happened to it.

    The registration is the truth about the place; a row that differs from it is
    behind, and the worker brings it forward.
    """

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="followed"
    )
    process = models.OneToOneField(RegistrationProcess, models.PROTECT)
    state = models.CharField(max_length=10, choices=Registration.State.choices)
    ended = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("followed registration")
        verbose_name_plural = _("followed registrations")

    def __str__(self) -> str:
        return f"{self.registration_id} · {self.state}"
