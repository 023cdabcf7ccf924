from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from .people import User


class UnitQuerySet(models.QuerySet["Unit"]):
    def looked_after_by(self, user: User, on: date) -> "UnitQuerySet":
        """Those whose things `user` looks after on that day: of one's own units, of
        those that one covers for, or of all."""
        if user.has_perm("community.see_all_units"):
            return self
        covers = Cover.objects.running(on).filter(user=user)
        return self.filter(
            Q(pk__in=user.unit_memberships.values("unit"))
            | Q(pk__in=covers.values("unit"))
        )


class Unit(models.Model):
    """A team of the institution. It owns series, resources and cases."""

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("code",)
        permissions = (("see_all_units", "Can see what every unit owns"),)

    def __str__(self) -> str:
        return str(self.name)


class UnitMembership(models.Model):
    """A person who works for a unit, and so sees what the unit owns."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="unit_memberships"
    )

    class Meta:
        verbose_name = _("membership of a unit")
        verbose_name_plural = _("memberships of units")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "user"), name="one_membership_per_unit_and_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.unit_id}"


class CoverQuerySet(models.QuerySet["Cover"]):
    def standing(self) -> "CoverQuerySet":
        """Those that nobody ended before their last day."""
        return self.filter(ended=None)

    def running(self, on: date) -> "CoverQuerySet":
        return self.standing().filter(starts__lte=on, until__gte=on)

    def to_come(self, on: date) -> "CoverQuerySet":
        return self.standing().filter(starts__gt=on)

    def past(self, on: date) -> "CoverQuerySet":
        return self.exclude(ended=None, until__gte=on)


class Cover(models.Model):
    """A person looks after what a unit owns while those who do are away
    (*suplència*): on some days, with the rights that this person has anyway.

    The days are those of the installation's clock, the first and the last included.
    """

    class When(models.TextChoices):
        RUNNING = "running", _("running")
        TO_COME = "to_come", _("to come")
        PAST = "past", _("past")

    unit = models.ForeignKey(
        Unit, models.CASCADE, verbose_name=_("unit"), related_name="covers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("who covers"),
        related_name="covers",
    )
    starts = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("lent by"),
        null=True,
        editable=False,
        related_name="+",
    )
    # Only if somebody ended it before its last day.
    ended = models.DateTimeField(_("ended early"), null=True, editable=False)

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover for absence")
        verbose_name_plural = _("covers for absence")
        ordering = ("-starts", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("starts")),
                name="cover_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name.
        return f"{self.unit.code} · {self.starts:%Y-%m-%d}–{self.until:%Y-%m-%d}"

    def when(self, on: date) -> "Cover.When":
        """How it stands on that day."""
        if self.ended or self.until < on:
            return self.When.PAST
        return self.When.TO_COME if self.starts > on else self.When.RUNNING


class Topic(models.Model):
    """A subject of the community (*tema*): transparency, open data …

    `tile` and `glaze` are the picture that the topic keeps everywhere.
    """

    class Tile(models.TextChoices):
        WHEEL = "roda", _("wheel")
        PETAL = "petal", _("petal")
        QUARTER = "quart", _("quarter")
        ARCH = "porxo", _("arch")
        RINGS = "anells", _("rings")
        BENCH = "banc", _("bench")
        SHUTTER = "persiana", _("shutter")
        OPEN = "obert", _("open")
        FLOWER = "flor", _("flower")
        EYE = "ull", _("eye")
        SUN = "sol", _("sun")

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"), max_length=100)
    tile = models.CharField(
        _("tile"), max_length=10, choices=Tile.choices, default=Tile.WHEEL
    )
    glaze = models.PositiveSmallIntegerField(_("glaze"), default=1)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(glaze__gte=1, glaze__lte=5),
                name="topic_glaze_is_one_of_five",
            ),
        )

    def __str__(self) -> str:
        return str(self.name)
