"""The days on which no term runs."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.strings import LazyI18nString

from community.days import day_in_words
from community.models import LocalBody
from community.models.bodies import search_key
from community.multilingual import every_language


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def general(self) -> Self:
        """Those of everybody."""
        return self.filter(body=None)

    def of_year(self, year: int) -> Self:
        return self.filter(date__range=(date(year, 1, 1), date(year, 12, 31)))

    def matching(self, text: str) -> Self:
        """Those whose name or local body has every word of `text`."""
        wanted = Q()
        for word in search_key(text).split()[:8]:
            wanted &= Q(search_key__contains=word) | Q(body__search_key__contains=word)
        return self.filter(wanted)


class Holiday(models.Model):
    """A day other than a Saturday or a Sunday that is not a working day somewhere
    (Law 39/2015, art. 30.2 and 30.7): in all of Spain, in Catalonia, or where one
    local body is. A local one may have no name: the official lists give only its day.
    """

    class Territory(models.TextChoices):
        NATIONAL = "national", _("Spain")
        CATALONIA = "catalonia", _("Catalonia")
        LOCAL = "local", _("one local body")

    GENERAL: ClassVar = (Territory.NATIONAL, Territory.CATALONIA)

    date = models.DateField(_("day"))
    territory = models.CharField(
        _("where"), max_length=10, choices=Territory.choices, default=Territory.LOCAL
    )
    body = models.ForeignKey(
        LocalBody,
        models.CASCADE,
        verbose_name=_("local body"),
        null=True,
        blank=True,
        related_name="holidays",
    )
    name = I18nCharField(_("name"), max_length=200, blank=True, default="")
    search_key = models.CharField(max_length=300, editable=False)
    changed = models.DateTimeField(auto_now=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("date", "territory", "body__name")
        constraints = (
            models.CheckConstraint(
                condition=Q(territory="local", body__isnull=False)
                | (~Q(territory="local") & Q(body__isnull=True)),
                name="local_holiday_has_its_body",
                violation_error_message=_(
                    "Choose the local body of a local holiday, and none of another."
                ),
            ),
            models.UniqueConstraint(
                fields=("date", "body"),
                name="local_holiday_once",
                violation_error_message=_("This holiday is in the list already."),
            ),
            # A day is a holiday of Spain or one that Catalonia adds.
            models.UniqueConstraint(
                fields=("date",),
                condition=Q(body__isnull=True),
                name="general_holiday_once",
                violation_error_message=_("This holiday is in the list already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.date:%d/%m/%Y})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(every_language(self.name))[:300]
        super().save(*args, **kwargs)

    @property
    def label(self) -> LazyI18nString | Promise:
        """Its name, in the language in which it is read."""
        return self.name or _("local holiday")

    @property
    def in_words(self) -> str:
        """Its day, with weekday and year."""
        return day_in_words(self.date)

    @property
    def where(self) -> str:
        """Whose day off it is: *Catalonia*, or the name of the local body."""
        return self.body.name if self.body else self.get_territory_display()
