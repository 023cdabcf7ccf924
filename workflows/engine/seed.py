"""Demonstration data: the holidays of Spain, of Catalonia and of Barcelona. What is
there already stays as it is."""

from collections.abc import Callable
from datetime import date

from community.models import LocalBody

from .feasts import in_each, usual_holidays
from .models import Holiday

YEARS = (2026, 2027)

# Of Barcelona, whose council says each year which they are.
BARCELONA = "08019"
LOCAL_HOLIDAYS = (
    (
        date(2026, 5, 25),
        ("Dilluns de Pasqua Granada", "Lunes de Pascua Granada", "Whit Monday"),
    ),
    (date(2026, 9, 24), ("La Mercè", "La Mercè", "La Mercè")),
)


def seed(say: Callable[[str], None]) -> None:
    """Plant the holidays, once: what somebody wrote since is newer."""
    if Holiday.objects.exists():
        return
    holidays = [one for year in YEARS for one in usual_holidays(year)]
    barcelona = LocalBody.objects.filter(code=BARCELONA).first()
    if barcelona:
        holidays += [
            Holiday(
                date=day,
                territory=Holiday.Territory.LOCAL,
                body=barcelona,
                name=in_each(name),
            )
            for day, name in LOCAL_HOLIDAYS
        ]
    for holiday in holidays:
        holiday.save()
    say(f"{len(holidays)} holidays")
