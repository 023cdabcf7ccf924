"""What we write to those who come, besides what happens to their places."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from community.models import LocalBody

from .places import Mode
from .registrations import Registration, RegistrationQuerySet
from .sessions import Session


class Reminder(models.Model):
    """That those who come to a session were reminded of it, so long `before` the moment
    when it `starts`: once, and once more if it starts at another."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="reminders")
    # As `Before` writes it.
    before = models.CharField(max_length=10)
    starts = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "before", "starts"), name="a_reminder_leaves_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} · {self.before}"


class Circular(models.Model):
    """What the staff wrote to people of a session, in each language, and to which."""

    class To(models.TextChoices):
        EVERYBODY = "everybody", _("everybody, with a place or without one yet")
        CONFIRMED = "confirmed", _("those who have a place")
        WAITING = "waiting", _("those who wait for one")

    session = models.ForeignKey(Session, models.PROTECT, related_name="circulars")
    # Of the form it came from: the same form sent twice is one circular.
    key = models.UUIDField(unique=True, editable=False)
    subject = I18nCharField(_("subject"), max_length=150)
    text = I18nTextField(_("text"))
    to = models.CharField(
        _("to whom"), max_length=10, choices=To.choices, default=To.CONFIRMED
    )
    mode = models.CharField(
        _("who take part"), max_length=10, choices=Mode.choices, blank=True
    )
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("of the local body"),
        null=True,
        blank=True,
        related_name="+",
    )
    # How the session stood: what was written before it was cancelled holds no more.
    session_state = models.CharField(max_length=10, choices=Session.State.choices)
    people = models.PositiveIntegerField(_("people"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("written by"),
        null=True,
        related_name="+",
    )
    created = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("message to people")
        verbose_name_plural = _("messages to people")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.session_id} · {self.pk}"

    @property
    def addressees(self) -> RegistrationQuerySet:
        """Whom it is for, as they are now: never who has cancelled."""
        states = Registration.State
        people = self.session.registrations.active().of_somebody()
        if self.to == self.To.CONFIRMED:
            people = people.filter(state=states.CONFIRMED)
        elif self.to == self.To.WAITING:
            people = people.filter(state=states.WAITING)
        if self.mode:
            people = people.filter(mode=self.mode)
        if self.body_id:
            people = people.filter(body=self.body_id)
        return people
