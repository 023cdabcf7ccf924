"""Places that are offered, and must be accepted."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .registrations import Registration


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        """Those still to be answered."""
        return self.filter(outcome="")


class Offer(models.Model):
    """A place kept for somebody who waited, until they answer or it `expires`."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("not wanted")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="offers"
    )
    expires = models.DateTimeField(_("to be answered by"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True
    )
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    created = models.DateTimeField(_("offered"), auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(outcome=""),
                name="one_open_offer_per_registration",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended=None)
                | (~Q(outcome="") & Q(ended__isnull=False)),
                name="an_offer_with_an_outcome_has_ended",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires",), condition=Q(outcome=""), name="offer_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} · {self.pk}"
