"""Colleagues who go instead."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .names import new_token
from .registrations import Registration


class Substitution(models.Model):
    """That somebody with a place asked a colleague of the same body to go instead.

    The place is theirs until the colleague confirms. From then on the colleague's
    name and address are in `successor`, and no longer here.
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("the colleague goes")
        REFUSED = "refused", _("the colleague cannot go")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("taken back")

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="substitutions"
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    # Opens the page where the colleague answers.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    # Of the session, as the colleague was told.
    starts = models.DateTimeField()
    expires = models.DateTimeField(_("to be answered by"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True
    )
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    successor = models.ForeignKey(
        Registration,
        models.PROTECT,
        verbose_name=_("registration of the colleague"),
        null=True,
        blank=True,
        related_name="substituted",
    )
    created = models.DateTimeField(_("asked"), auto_now_add=True)

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(outcome=""),
                name="one_open_substitution_per_registration",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended=None)
                | (~Q(outcome="") & Q(ended__isnull=False)),
                name="a_substitution_with_an_outcome_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(outcome="confirmed", successor__isnull=False)
                | (~Q(outcome="confirmed") & Q(successor=None)),
                name="a_confirmed_substitution_has_a_successor",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires",), condition=Q(outcome=""), name="substitution_open"
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name, no address.
        return f"{self.registration_id} · {self.pk}"

    @property
    def thread(self) -> str:
        """What the mails to the colleague have in common: they leave in the order in
        which they were queued."""
        return f"substitution:{self.pk}"
