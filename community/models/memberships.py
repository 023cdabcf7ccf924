"""Who acts for which local body, and how they came to."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .bodies import LocalBody
from .people import User


class Role(models.TextChoices):
    """What somebody may do for a body."""

    REPRESENTATIVE = "representative", _("representative")
    TECHNICIAN = "technician", _("technician")
    READER = "reader", _("reader")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def standing(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended=None)

    def active(self) -> Self:
        """Those that let somebody act now: of accounts that can sign in."""
        return self.standing().filter(user__is_active=True)

    def representatives(self) -> Self:
        return self.active().filter(role=Role.REPRESENTATIVE)


class Membership(models.Model):
    """A person acting for a local body (*pertinença*), from the moment `since` until
    somebody ends it. What was asked and not given is a case, and is none of these."""

    class How(models.TextChoices):
        DOMAIN = "domain", _("by the domain of the address")
        APPROVED = "approved", _("approved")
        INVITED = "invited", _("invited")
        IMPORTED = "imported", _("from a list of contacts")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="memberships",
    )
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("local body"),
        related_name="memberships",
    )
    role = models.CharField(
        pgettext_lazy("a body", "role"), max_length=20, choices=Role.choices
    )
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    since = models.DateTimeField(_("since"), default=timezone.now)
    # Who approved, invited or imported it; nobody where the domain did.
    given_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True
    )
    ended = models.DateTimeField(_("until"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("body__name", "user__name", "pk")
        permissions = (("export_membership", "Can take memberships out as a file"),)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "body"),
                condition=Q(ended=None),
                name="a_person_acts_for_a_body_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_has_a_known_role"
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name.
        return f"{self.user_id} · {self.body_id}"

    @property
    def signs(self) -> bool:
        """Whether it lets one sign for the body, and say who acts for it."""
        return self.role == Role.REPRESENTATIVE


class BodyDomain(models.Model):
    """A domain of mail addresses that a body's people have. One that several bodies
    share says nothing of whose an address is."""

    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("local body"),
        related_name="domains",
    )
    domain = models.CharField(_("domain"), max_length=253, db_index=True)

    class Meta:
        verbose_name = _("domain of a body")
        verbose_name_plural = _("domains of bodies")
        ordering = ("domain", "body__name")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "domain"), name="a_body_has_a_domain_once"
            ),
        )

    def __str__(self) -> str:
        return self.domain


def new_key() -> str:
    """Of a link that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


class MembershipInvitationQuerySet(models.QuerySet["MembershipInvitation"]):
    def open(self) -> Self:
        """Those that can be accepted now."""
        return self.filter(ended=None, until__gt=timezone.now())


class MembershipInvitation(models.Model):
    """A representative asks a colleague, by mail, to act for the body too. It is for
    one address and runs out."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    body = models.ForeignKey(
        LocalBody, models.PROTECT, related_name="membership_invitations"
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(
        pgettext_lazy("a body", "role"), max_length=20, choices=Role.choices
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    token = models.CharField(
        max_length=40, unique=True, default=new_key, editable=False
    )
    created = models.DateTimeField(_("sent on"), auto_now_add=True)
    until = models.DateTimeField(_("good until"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True
    )
    ended = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = MembershipInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to act for a body")
        verbose_name_plural = _("invitations to act for a body")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "body",
                Lower("email"),
                condition=Q(ended=None),
                name="an_address_is_invited_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended=None, outcome="")
                | Q(ended__isnull=False, outcome__gt=""),
                name="an_answered_invitation_says_how",
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no address.
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended is None and self.until > timezone.now()
