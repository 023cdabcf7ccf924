"""What stands in the calendars of people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .names import new_token, new_uid
from .registrations import Registration


class Invitation(models.Model):
    """A calendar entry in the calendar of one person.

    `sequence`, `revision` and `starts` are what the person was last told: null
    until the first mail.
    """

    class Rsvp(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("in a calendar", "accepted")
        TENTATIVE = "tentative", pgettext_lazy("in a calendar", "tentative")
        DECLINED = "declined", pgettext_lazy("in a calendar", "declined")

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="invitations"
    )
    uid = models.CharField(max_length=255, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateTimeField(null=True, blank=True)
    # The entry has been taken out of the calendar; the next place is a new one.
    withdrawn = models.BooleanField(default=False)
    rsvp = models.CharField(
        _("answer"), max_length=10, choices=Rsvp.choices, blank=True
    )
    # Of the reply that says so: an older one changes nothing.
    rsvp_sequence = models.PositiveIntegerField(null=True, blank=True)
    rsvp_stamp = models.DateTimeField(_("answered"), null=True, blank=True)
    join_token = models.CharField(max_length=64, unique=True, default=new_token)
    # When the person first went in by it.
    joined = models.DateTimeField(_("went in"), null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(withdrawn=False),
                name="one_live_invitation_per_registration",
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def email(self) -> str:
        return self.registration.email


class PersonalFeed(models.Model):
    """The calendar to which an address subscribes, with the sessions that it has a
    place in. Whoever has its token reads it, and can do nothing else."""

    email = models.EmailField(_("e-mail address"))
    token = models.CharField(max_length=64, unique=True, default=new_token)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("personal calendar")
        verbose_name_plural = _("personal calendars")
        constraints = (
            models.UniqueConstraint(
                Lower("email"), name="one_personal_feed_per_address"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
