from datetime import datetime
from email.utils import make_msgid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from community.privacy.addresses import of_address
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

    def to(self, address: str) -> Self:
        """Those to `address`, however it is capitalised."""
        return of_address(self, address, "recipient")

    def given_up(self) -> Self:
        """Those that could not be sent, unless the same was queued once more since."""
        return self.filter(self._is_given_up())

    def needing_somebody(self) -> Self:
        """Those given up, and those on hold. Where no mail arrives any more, the
        address needs somebody, and not each mail to it."""
        nowhere = Suppression.objects.current().of(OuterRef("recipient"))
        given_up = self._is_given_up() & Q(~Exists(nowhere))
        # Said by itself: these few have an index, and all others need not be read.
        few = self.filter(state__in=(DueRow.State.FAILED, DueRow.State.HELD))
        return few.filter(given_up | Q(state=DueRow.State.HELD))

    def _is_given_up(self) -> Q:
        later = self.model.objects.filter(
            Q(about=OuterRef("about")) | Q(about=None),
            kind=OuterRef("kind"),
            recipient=OuterRef("recipient"),
            pk__gt=OuterRef("pk"),
        )
        # In this order: SQLite would look for what came later of every mail.
        return Q(state=DueRow.State.FAILED) & Q(~Exists(later))


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
    # How the provider that took it away calls it, in what it tells of it later.
    provider_id = models.CharField(max_length=255, blank=True, editable=False)
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
            models.Index(fields=("provider_id",), name="message_of_provider"),
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


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def current(self) -> Self:
        """Those that nobody has lifted."""
        return self.filter(lifted=None)

    def of(self, address: str | OuterRef) -> Self:
        """Those of `address`, however it is capitalised: some text, or the column of an
        outer query."""
        given = Value(address) if isinstance(address, str) else address
        return self.alias(as_one=Lower("email")).filter(as_one=Lower(given))


class Suppression(models.Model):
    """An address to which nothing is sent any more: mail to it comes back, or its
    reader complained; until somebody lifts it."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("mail to it comes back")
        COMPLAINED = "complained", _("its reader reported our mail as unwanted")

    email = models.EmailField(_("e-mail address"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    # What the far side said, without addresses.
    words = models.CharField(_("words of the mail server"), max_length=500, blank=True)
    created = models.DateTimeField(_("since"), auto_now_add=True)
    lifted = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("address without mail")
        verbose_name_plural = _("addresses without mail")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(lifted=None),
                name="one_suppression_per_address",
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no address.
        return f"#{self.pk} · {self.reason}"
