"""Who asks for a place."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody
from community.privacy.addresses import of_address

from .names import new_token
from .places import HOLDING, Mode, State
from .sessions import Session


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        """Those with a place, or on the way to one."""
        return self.exclude(state=Registration.State.CANCELLED)

    def of_address(self, email: str) -> Self:
        """Those of `email`, however it is capitalised."""
        # Only what is somebody's is in the index that finds it.
        return of_address(self.of_somebody(), email)

    def of_somebody(self) -> Self:
        """Those that are still known to be somebody's."""
        return self.filter(erased=None)

    def holding(self) -> Self:
        """Those that take up a place."""
        return self.filter(state__in=Registration.HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(state=Registration.State.WAITING).order_by("arrival")

    def to_come(self, now: datetime) -> Self:
        """Active ones of sessions that are still to be held, put off without a date
        or not."""
        coming = Q(session__ends__gt=now)
        postponed = Q(session__state=Session.State.POSTPONED)
        over = (Session.State.CANCELLED, Session.State.CLOSED)
        return self.active().filter(coming | postponed).exclude(session__state__in=over)

    def held(self, now: datetime) -> Self:
        """Active ones of sessions that have been held."""
        ended = Q(session__ends__lte=now)
        closed = Q(session__state=Session.State.CLOSED)
        off = (Session.State.CANCELLED, Session.State.POSTPONED)
        return self.active().filter(ended | closed).exclude(session__state__in=off)

    def with_ahead(self) -> Self:
        """With how many wait before each, so that `queue_position` asks nothing."""
        before = Registration.objects.filter(
            session=OuterRef("session"),
            mode=OuterRef("mode"),
            state=Registration.State.WAITING,
            arrival__lt=OuterRef("arrival"),
        )
        count = before.order_by().values("session").values(count=Count("pk"))
        return self.annotate(ahead=Coalesce(Subquery(count), 0))


class Registration(models.Model):
    """A place that somebody asked for in a session (*inscripció*).

    `state` is the only truth about the place; the verbs of
    `events.registrations` change it.
    """

    State = State

    class Reason(models.TextChoices):
        PERSON = "person", _("cancelled by the person")
        STAFF = "staff", _("cancelled by the organiser")
        NOT_ME = "not_me", _("somebody else had used the address")
        DECLINED = "declined", _("not approved")
        REFUSED = "refused", _("did not want the place offered")
        EXPIRED = "expired", _("did not answer the offer in time")
        SUBSTITUTE = "substitute", _("a colleague goes instead")
        MERGED = "merged", _("merged with another of the same person")

    HOLDING = HOLDING
    # The order key of its mails.
    THREAD = "registration:%d"

    session = models.ForeignKey(
        Session,
        models.PROTECT,
        verbose_name=_("session"),
        related_name="registrations",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        related_name="registrations",
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("local body"),
        null=True,
        blank=True,
        related_name="registrations",
    )
    body_text = models.CharField(_("another body"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    question = models.TextField(_("question"), max_length=2000, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    notice_version = models.CharField(
        _("version of the privacy notice"), max_length=20, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=Reason.choices, blank=True
    )
    # In the words of who decided, for the person to read.
    refusal = models.CharField(
        _("why it was not approved"), max_length=500, blank=True, editable=False
    )
    arrival = models.PositiveIntegerField(_("arrival"))
    # Opens the person's own page, from the mail.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    # Of the form it came from: the same form sent twice is one registration.
    form_key = models.UUIDField(null=True, blank=True, editable=False)
    # From then on it is a figure: of a session, a body and a state, and of nobody.
    erased = models.DateTimeField(_("erased"), null=True, editable=False)
    created = models.DateTimeField(_("registered"), auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("session", "arrival")
        permissions = (("export_registration", "Can export the list of people"),)
        constraints = (
            models.UniqueConstraint(
                fields=("session", "arrival"), name="arrival_is_unique_in_session"
            ),
            models.UniqueConstraint(
                "session",
                Lower("email"),
                condition=~Q(state="cancelled") & Q(erased=None),
                name="one_active_registration_per_address",
                violation_error_message=_("This address is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(erased=None)
                | Q(
                    user=None,
                    name="",
                    email="",
                    body_text="",
                    position="",
                    question="",
                    refusal="",
                    form_key=None,
                ),
                name="an_erased_registration_is_nobodys",
            ),
        )
        indexes = (
            models.Index(
                fields=("session", "state", "arrival"), name="registration_list"
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name, no address.
        return f"{self.session.code} · {self.arrival}"

    def clean(self) -> None:
        if self.session_id and self.mode not in self.session.modes:
            raise ValidationError({"mode": _("This session is not held that way.")})

    @property
    def who(self) -> str:
        """What the staff's screens call the person: the name or, without one, the
        address; or that it is erased."""
        if self.erased:
            return gettext("Data erased")
        return self.name or self.email

    @property
    def body_name(self) -> str:
        """The body as the person declared it, or ""."""
        return self.body.name if self.body else self.body_text

    @property
    def queue_position(self) -> int | None:
        """The place in the waiting list, from 1; None if it does not wait. One query,
        or none on rows of `with_ahead`."""
        if self.state != self.State.WAITING:
            return None
        if hasattr(self, "ahead"):
            return self.ahead + 1
        ahead = self.session.registrations.waiting().filter(
            mode=self.mode, arrival__lt=self.arrival
        )
        return ahead.count() + 1

    @property
    def offered_until(self) -> datetime | None:
        """By when the place it is offered is to be accepted; None if none is. One
        query, or none if its offers are fetched."""
        if self.state != self.State.OFFERED:
            return None
        found = (offer for offer in self.offers.all() if not offer.outcome)
        return next(offer.expires for offer in found)

    @property
    def is_active(self) -> bool:
        """Whether there is a place, or one to come."""
        return self.state != self.State.CANCELLED

    @property
    def successor(self) -> "Registration | None":
        """That of the colleague who goes instead."""
        rows = self.substitutions.all() if self.pk else []
        return next((row.successor for row in rows if row.successor), None)

    @property
    def predecessor(self) -> "Registration | None":
        """That of the colleague whose place it was."""
        rows = list(self.substituted.all()) if self.pk else []
        return rows[-1].registration if rows else None

    @property
    def thread(self) -> str:
        """What the mails about it have in common: they leave in the order in which
        they were queued."""
        return self.THREAD % self.pk


class AccessibilityNeeds(models.Model):
    """What somebody needs to follow a session. Given with express consent, seen by
    the organisers alone, and erased 30 days after the session (GDPR, art. 9)."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="needs"
    )
    sign_language = models.BooleanField(_("Catalan sign language"), default=False)
    materials_before = models.BooleanField(_("materials beforehand"), default=False)
    telephone = models.BooleanField(_("to join by telephone"), default=False)
    other = models.CharField(_("something else"), max_length=500, blank=True)
    consented = models.DateTimeField(_("consented"), default=timezone.now)

    class Meta:
        verbose_name = _("accessibility needs")
        verbose_name_plural = _("accessibility needs")

    def __str__(self) -> str:
        return str(self.registration)
