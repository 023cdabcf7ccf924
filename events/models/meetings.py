"""Where people meet online."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.work.rows import DueRow

from .appointments import Appointment
from .sessions import Provider, Session

# What people meet for. Both say alike when it is, by whom, and whether at all.
Occasion = Session | Appointment


class Meeting(DueRow):
    """The online meeting that somebody makes for a session or an appointment: as it
    should be, which that one says, and as far as it is.

    `wanted_revision` grows whenever the occasion may say another thing, and
    `synced_revision` is what was last made true.
    """

    session = models.OneToOneField(
        Session, models.PROTECT, null=True, blank=True, related_name="meeting"
    )
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="meeting"
    )
    wanted_revision = models.PositiveIntegerField(default=0)
    synced_revision = models.PositiveIntegerField(default=0)
    # Who has a meeting or, if a worker died in making it, may have one.
    provider = models.CharField(max_length=10, choices=Provider.choices, blank=True)
    # A meeting that was deleted is followed by another, with a key of its own.
    generation = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=500, blank=True)
    # Once everything about it is as it should be, and people get in.
    join_url = models.URLField(max_length=2000, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    phone_code = models.CharField(max_length=50, blank=True)
    tried = models.DateTimeField(_("last tried"), null=True, blank=True)

    class Meta(DueRow.Meta):
        verbose_name = _("online meeting")
        verbose_name_plural = _("online meetings")
        constraints = (
            models.CheckConstraint(
                condition=Q(session=None) ^ Q(appointment=None),
                name="meeting_of_one_occasion",
            ),
        )

    def __str__(self) -> str:
        return f"{self.occasion} · {self.provider}"

    @property
    def occasion(self) -> Occasion:
        """What it is for."""
        return self.session or self.appointment

    @property
    def key(self) -> str:
        """The name that we give it, so that it is found again and never made twice."""
        later = f"-{self.generation}" if self.generation else ""
        return f"{self.occasion.uuid}{later}"

    @property
    def is_synced(self) -> bool:
        """Whether it is as it should be, as far as we know."""
        return self.synced_revision == self.wanted_revision

    def settle(self, state: DueRow.State, error: str = "", **also: Any) -> bool:
        """As for any row; but what was wished for meanwhile is to be done yet."""
        with transaction.atomic():
            now = Meeting.objects.select_for_update().get(pk=self.pk)
            if now.wanted_revision != self.wanted_revision:
                fresh = {"state": self.State.QUEUED, "next_try": timezone.now()}
                return self._write(attempts=0, crashes=0, **fresh)
            if state == self.State.DONE:
                also["synced_revision"] = self.wanted_revision
            return super().settle(state, error, **also)
