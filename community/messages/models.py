from datetime import datetime
from email.utils import make_msgid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from community.work.rows import DueRow, DueRowQuerySet

from .kinds import is_secret


def new_message_id() -> str:
    """A Message-ID of our own domain (RFC 5322, 3.6.4)."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


class MessageQuerySet(DueRowQuerySet):
    def due(self, now: datetime) -> Self:
        """As for any row; and what shares an order key leaves in the order in
        which it was queued, so that no calendar hears of a cancelling before the
        invitation."""
        earlier = self.model.objects.filter(
            order_key=OuterRef("order_key"), pk__lt=OuterRef("pk")
        ).unsettled()
        return super().due(now).filter(Q(order_key="") | ~Exists(earlier))

    def held(self) -> Self:
        """Those that may have left in a time of which a restored backup knows
        nothing: a person decides about them."""
        return self.filter(state=DueRow.State.HELD)

    def needing_somebody(self) -> Self:
        """Those given up, unless the same was queued once more since; and those on
        hold."""
        later = self.model.objects.filter(
            Q(about=OuterRef("about")) | Q(about=None),
            kind=OuterRef("kind"),
            recipient=OuterRef("recipient"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(
            Q(~Exists(later), state=DueRow.State.FAILED) | Q(state=DueRow.State.HELD)
        )


class Message(DueRow):
    """A mail that should reach one person: a row of the outbox.

    It says what to tell (`kind`) about which record (`about`) and to whom. The text
    is written when the row is claimed, so that it is true when it leaves, and then
    kept, so that trying again sends the very same mail.
    """

    CLAIM_ORDER: ClassVar = ("-urgent", "next_try", "pk")

    kind = models.CharField(_("kind"), max_length=50)
    about = models.BigIntegerField(null=True, blank=True)
    recipient = models.EmailField(_("recipient"))
    language = models.CharField(_("language"), max_length=5)
    urgent = models.BooleanField(_("urgent"), default=False)
    # Staff asked for it: what the person knows by an earlier one is told once more.
    again = models.BooleanField(_("sent again"), default=False)
    # While a message waits with this key, queueing it again adds nothing.
    dedupe_key = models.CharField(max_length=120, blank=True)
    order_key = models.CharField(max_length=120, blank=True)
    message_id = models.CharField(
        max_length=255, unique=True, default=new_message_id, editable=False
    )
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    mime = models.BinaryField(null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta(DueRow.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-pk",)
        indexes = (
            *DueRow.Meta.indexes,
            # Without a condition: SQLite would not see that it is met.
            models.Index(fields=("order_key", "id"), name="message_in_order"),
            models.Index(fields=("kind", "about"), name="message_about"),
            models.Index(
                fields=("state",),
                condition=Q(state__in=("failed", "held")),
                name="message_needing",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("dedupe_key",),
                condition=Q(state="queued") & ~Q(dedupe_key=""),
                name="message_waits_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def settle(self, state: DueRow.State, error: str = "", **also: Any) -> bool:
        """As for any row; a secret text goes in the same write, neither before (it
        could not be sent again) nor after (it might stay)."""
        if is_secret(self) and not settings.OUTBOX_KEEPS_SECRETS:
            also |= {"subject": "", "mime": None}
        return super().settle(state, error, **also)
