"""What people answer from their calendars."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .appointments import Guest
from .invitations import Invitation


class Answer(models.Model):
    """A reply (iTIP METHOD:REPLY, RFC 5546, 3.2.3) that came for an invitation to
    a session or, of a `guest`, to an appointment.

    It says how the person's calendar stands; it never changes a place.
    """

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("taken")
        OLD = "old", _("older than what we knew")
        DOUBTFUL = "doubtful", _("from another address")
        LEFT = "left", _("left aside by the organiser")

    invitation = models.ForeignKey(
        Invitation, models.PROTECT, related_name="answers", null=True
    )
    guest = models.ForeignKey(Guest, models.CASCADE, related_name="answers", null=True)
    rsvp = models.CharField(_("answer"), max_length=10, choices=Invitation.Rsvp.choices)
    # Of the reply: which invitation it answers, and when it was made (DTSTAMP).
    sequence = models.PositiveIntegerField()
    stamp = models.DateTimeField(_("answered"))
    # Who sent it, where that is not the address we invited.
    sender = models.EmailField(_("sent by"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    created = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer from a calendar")
        verbose_name_plural = _("answers from calendars")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("invitation", "sequence", "stamp", "rsvp", "sender"),
                name="an_answer_is_kept_once",
            ),
            models.UniqueConstraint(
                fields=("guest", "sequence", "stamp", "rsvp", "sender"),
                name="an_answer_of_a_guest_is_kept_once",
            ),
            models.CheckConstraint(
                condition=Q(invitation=None, guest__isnull=False)
                | Q(invitation__isnull=False, guest=None),
                name="an_answer_is_to_one_invitation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invitation_id or self.guest_id} · {self.rsvp}"

    @property
    def invited(self) -> Invitation | Guest:
        """Whose calendar it speaks for."""
        return self.guest or self.invitation

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody has to say if it is the person's."""
        return self.outcome == self.Outcome.DOUBTFUL
