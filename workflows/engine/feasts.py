"""The holidays that Spain and Catalonia keep every year.

Each year an order of the Generalitat says which they are, and it has said these, but
for those that fall on a Sunday. It can say otherwise: compare.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from i18nfield.strings import LazyI18nString

from .models import Holiday

NATIONAL, CATALONIA = Holiday.GENERAL
SUNDAY = 6


class Feast(NamedTuple):
    """A holiday that comes every year: on a day of a month, or so many days from
    Easter Sunday."""

    territory: Holiday.Territory
    name: tuple[str, str, str]
    month: int = 0
    day: int = 0
    from_easter: int = 0

    def date_in(self, year: int) -> date:
        if self.month:
            return date(year, self.month, self.day)
        return easter(year) + timedelta(days=self.from_easter)


# Catalan, Spanish, English.
FEASTS = (
    Feast(NATIONAL, ("Cap d’Any", "Año Nuevo", "New Year’s Day"), 1, 1),
    Feast(NATIONAL, ("Reis", "Reyes", "Epiphany"), 1, 6),
    Feast(NATIONAL, ("Divendres Sant", "Viernes Santo", "Good Friday"), from_easter=-2),
    Feast(
        CATALONIA,
        ("Dilluns de Pasqua", "Lunes de Pascua", "Easter Monday"),
        from_easter=1,
    ),
    Feast(NATIONAL, ("Festa del Treball", "Fiesta del Trabajo", "Labour Day"), 5, 1),
    Feast(CATALONIA, ("Sant Joan", "San Juan", "Saint John’s Day"), 6, 24),
    Feast(NATIONAL, ("L’Assumpció", "La Asunción", "Assumption Day"), 8, 15),
    Feast(
        CATALONIA,
        (
            "Diada Nacional de Catalunya",
            "Fiesta Nacional de Cataluña",
            "National Day of Catalonia",
        ),
        9,
        11,
    ),
    Feast(
        NATIONAL,
        (
            "Festa Nacional d’Espanya",
            "Fiesta Nacional de España",
            "National Day of Spain",
        ),
        10,
        12,
    ),
    Feast(NATIONAL, ("Tots Sants", "Todos los Santos", "All Saints’ Day"), 11, 1),
    Feast(
        NATIONAL,
        ("Dia de la Constitució", "Día de la Constitución", "Constitution Day"),
        12,
        6,
    ),
    Feast(
        NATIONAL,
        ("La Immaculada", "La Inmaculada", "Immaculate Conception"),
        12,
        8,
    ),
    Feast(NATIONAL, ("Nadal", "Navidad", "Christmas Day"), 12, 25),
    Feast(CATALONIA, ("Sant Esteve", "San Esteban", "Saint Stephen’s Day"), 12, 26),
)


def usual_holidays(year: int) -> Iterator[Holiday]:
    """What Spain and Catalonia keep in `year`, not yet in the database."""
    for feast in sorted(FEASTS, key=lambda feast: feast.date_in(year)):
        day = feast.date_in(year)
        if day.weekday() != SUNDAY:
            name = in_each(feast.name)
            yield Holiday(date=day, territory=feast.territory, name=name)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Butcher's algorithm, without its
    exceptions before 1583)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (
        32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4
    ) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def in_each(name: tuple[str, str, str]) -> LazyI18nString:
    """`name`, which is in Catalan, Spanish and English."""
    return LazyI18nString(dict(zip(("ca", "es", "en"), name, strict=True)))
