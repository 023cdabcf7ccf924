import re
import unicodedata

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _


def search_key(name: str) -> str:
    """`name` as it is looked for: no accents, capitals or punctuation.

    >>> search_key("L'Hospitalet de Llobregat")
    'l hospitalet de llobregat'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


class LocalBodyQuerySet(models.QuerySet["LocalBody"]):
    def standing(self) -> "LocalBodyQuerySet":
        """Those that can be chosen: not merged into another."""
        return self.filter(merged_into=None)

    def public(self) -> "LocalBodyQuerySet":
        """Those with a page that everybody may read."""
        return self.standing().filter(is_public=True)

    def matching(self, text: str) -> "LocalBodyQuerySet":
        """Those whose name has every word of `text`, in any order and without
        accents; names that begin with it come first."""
        key = search_key(text)
        if not key:
            return self.none()
        wanted = Q()
        for word in key.split()[:8]:
            wanted &= Q(search_key__contains=word)
        begins = Case(
            When(search_key=key, then=Value(0)),
            When(search_key__startswith=key, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.standing().filter(wanted).order_by(begins, "name")

    def named(self, text: str) -> "LocalBody | None":
        """The one body that `text` names, or None if there is none or it is
        not clear which."""
        key = search_key(text)
        found = list(self.standing().filter(search_key=key)[:2]) if key else []
        if not found:
            found = list(self.matching(text)[:2])
        return found[0] if len(found) == 1 else None


class LocalBody(models.Model):
    """A body of local government or of its sphere (*ens local*) whose people the
    community serves: a municipality, a county council, a consortium …"""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        COUNTY_COUNCIL = "county_council", _("county council")
        PROVINCIAL_COUNCIL = "provincial_council", _("provincial council")
        DECENTRALISED = "emd", _("decentralised municipal body")
        ASSOCIATION = "mancomunitat", _("association of municipalities")
        CONSORTIUM = "consortium", _("consortium")
        AUTONOMOUS = "autonomous_body", _("autonomous body")

    code = models.CharField(
        _("code"), max_length=20, unique=True, help_text=_("INE code, or our own")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=220, editable=False, db_index=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("belongs to"),
        null=True,
        blank=True,
        related_name="children",
    )
    # The body that goes on with what this one was: it is chosen no more.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    comarca = models.CharField(_("county"), max_length=60, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(
        _("year of the population"), null=True, blank=True
    )
    population_source = models.CharField(
        _("source of the population"), max_length=200, blank=True
    )
    is_public = models.BooleanField(
        _("public page"),
        default=False,
        help_text=_(
            "Everybody can see in which sessions its people took part. No names."
        ),
    )

    objects = LocalBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("local body")
        verbose_name_plural = _("local bodies")
        ordering = ("name",)
        constraints = (
            # A population without its year says nothing: they come together.
            models.CheckConstraint(
                condition=Q(population__isnull=True)
                | Q(population_year__isnull=False, population_source__gt=""),
                name="population_has_year_and_source",
                violation_error_message=_(
                    "Write the year and the source of the population."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)
