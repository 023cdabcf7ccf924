"""By which calendar the terms of the cases of a local body run.

A day is no working one if it is a holiday where the office is or where the interested
person is (Law 39/2015, art. 30.6). Where the office is, the setting `SEAT` says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from django.conf import settings
from django.db.models import Count, Max, Q

from community.models import LocalBody

from .models import Holiday
from .terms import Calendar, Name

# In each municipality (Royal Legislative Decree 2/2015, art. 37.2).
LOCAL_HOLIDAYS_A_YEAR = 2

ByYear = dict[int, list[Holiday]]


def calendar_of(body: LocalBody | None = None) -> Calendar:
    """The days off of Spain, of Catalonia, where our office is and where `body` is."""
    lines = {place.name: list(upwards(place)) for place in (seat(), body) if place}
    places = {one for line in lines.values() for one in line}
    by_body: dict[int | None, ByYear] = defaultdict(lambda: defaultdict(list))
    for holiday in Holiday.objects.filter(Q(body=None) | Q(body__in=places)):
        by_body[holiday.body_id][holiday.date.year].append(holiday)
    general = by_body[None]
    local = {name: _local(line, by_body) for name, line in lines.items()}
    names: dict[date, list[Name]] = defaultdict(list)
    for holidays in chain(general.values(), *(one.values() for one in local.values())):
        for holiday in holidays:
            if holiday.label not in names[holiday.date]:
                names[holiday.date].append(holiday.label)
    known = {"": set(general), **{name: _whole(one) for name, one in local.items()}}
    return Calendar({day: tuple(said) for day, said in names.items()}, known)


def _local(line: list[LocalBody], by_body: Mapping[int | None, ByYear]) -> ByYear:
    """In each year the holidays of the first of `line` that has some."""
    found: ByYear = {}
    for one in reversed(line):
        found.update(by_body.get(one.pk, {}))
    return found


def _whole(holidays: ByYear) -> set[int]:
    """The years of which all local holidays are there."""
    return {year for year, own in holidays.items() if len(own) >= LOCAL_HOLIDAYS_A_YEAR}


def seat() -> LocalBody | None:
    """The municipality where our office is, if it is in the list of local bodies."""
    return LocalBody.objects.filter(code=settings.SEAT).first()


def version() -> str:
    """Another one after any change of the holidays, or of where the office is."""
    told = Holiday.objects.aggregate(rows=Count("pk"), last=Max("changed"))
    last = told["last"].isoformat() if told["last"] else ""
    return f"{told['rows']} {last} {settings.SEAT}"


def upwards(body: LocalBody) -> Iterator[LocalBody]:
    """`body`, the body that it belongs to, and so on."""
    seen: set[int] = set()
    one: LocalBody | None = body
    while one and one.pk not in seen:
        seen.add(one.pk)
        yield one
        one = one.parent
