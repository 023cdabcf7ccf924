from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField


class Unit(models.Model):
    """A team of the institution. It owns series, resources and cases."""

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)

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
