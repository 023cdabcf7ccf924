from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """That an entry of the retention register was gone through on a day, and how many
    rows came to their end. It says nothing of whom."""

    entry = models.CharField(_("entry"), max_length=50)
    day = models.DateField(_("day"))
    rows = models.PositiveIntegerField(_("rows ended"), default=0)
    # Only the kind of fault: its words may hold personal data.
    fault = models.CharField(_("fault"), max_length=100, blank=True)
    # Null while there is more to do.
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ("-day", "entry")
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "day"), name="one_retention_run_per_entry_and_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry} · {self.day:%Y-%m-%d}"


class Departure(models.Model):
    """An address that has asked to be forgotten.

    What it had is given up at once; what is written of it is erased when the last
    mail to it has left, since that mail clears its calendar. Then this forgets the
    address too.
    """

    email = models.EmailField(_("e-mail address"), blank=True)
    created = models.DateTimeField(_("asked"))
    finished = models.DateTimeField(_("forgotten"), null=True, blank=True)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(finished=None),
                name="an_address_leaves_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(finished=None) | Q(email=""),
                name="who_has_left_is_forgotten",
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no address.
        return f"#{self.pk}"
