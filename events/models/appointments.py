"""Meetings of a case, and who is to come to them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from community.models import User

from .invitations import Invitation
from .names import new_token, new_uid
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
    # Why it was cancelled.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Grows with each change that its guests are told of.
    revision = models.PositiveIntegerField(default=0)
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


class Guest(models.Model):
    """Somebody of the two sides of an appointment: `expected` says whether she is to
    come, and the rest what stands in her calendar.

    `sequence`, `revision` and `starts` are what she was last told: null until the
    first mail.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="guests")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expected = models.BooleanField(default=True)
    uid = models.CharField(max_length=255, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateTimeField(null=True, blank=True)
    # The entry has been taken out of her calendar.
    withdrawn = models.BooleanField(default=False)
    rsvp = models.CharField(
        _("answer"), max_length=10, choices=Invitation.Rsvp.choices, blank=True
    )
    # Of the reply that says so: an older one changes nothing.
    rsvp_sequence = models.PositiveIntegerField(null=True, blank=True)
    rsvp_stamp = models.DateTimeField(null=True, blank=True)
    join_token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ("pk",)
        constraints = (
            # Who comes again after all has a new entry.
            models.UniqueConstraint(
                fields=("appointment", "user"),
                condition=Q(expected=True),
                name="expected_once_at_an_appointment",
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def stands(self) -> bool:
        """Whether the appointment is to be in her calendar."""
        return self.expected and self.appointment.takes_place
