"""Meetings of a case."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from .sessions import Provider


class Appointment(models.Model):
    """When those who work on a case see each other: a diagnosis, a visit.

    Its dates and state are changed by the verbs of `events.appointments`.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = I18nCharField(_("title"), max_length=200)
    starts = models.DateTimeField(_("starts"), db_index=True)
    ends = models.DateTimeField(_("ends"))
    place = I18nCharField(_("place"), max_length=200, blank=True)
    provider = models.CharField(
        _("online meeting"),
        max_length=10,
        choices=Provider.choices,
        default=Provider.NONE,
    )
    join_url = models.URLField(
        _("link of the online meeting"), max_length=1000, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("-starts",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="appointment_ends_after_it_starts",
                violation_error_message=_("The appointment must end after it starts."),
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_online(self) -> bool:
        """Whether people can come online."""
        return self.provider != Provider.NONE

    @property
    def takes_place(self) -> bool:
        """Whether it is to be held on its day, or was."""
        return self.state == self.State.PLANNED
