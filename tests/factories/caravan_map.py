"""What the map of the caravan shows: stops with a date, and practices with a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cms.models import HomePage
from community.models import LocalBody
from events.models import Appointment
from tests.factories.cases import a_consultation, copies
from workflows.caravan.map import geometry
from workflows.caravan.models import Field, GoodPractice, GoodPracticePage, Stop


def a_place(
    name: str = "Vic", code: str = "08298", comarca: str = "Osona", **values: Any
) -> LocalBody:
    """A municipality of the province, unless it says otherwise."""
    defaults = {"name": name, "comarca": comarca, "kind": "municipality"}
    return LocalBody.objects.get_or_create(code=code, defaults=defaults | values)[0]


def a_date(days: int, **values: Any) -> Appointment:
    starts = timezone.now() + timedelta(days=days)
    ends = starts + timedelta(hours=2)
    defaults = {"title": "Parada", "starts": starts, "ends": ends}
    return Appointment.objects.create(**{**defaults, **values})


def a_public_stop(title: str = "Cita prèvia", days: int = 10, **values: Any) -> Stop:
    """One that everybody sees: its date is in so many days."""
    values.setdefault("case", a_consultation())
    values.setdefault("body", a_place())
    values.setdefault("appointment", a_date(days))
    return Stop.objects.create(**{"title": title, "field": Field.SERVICES, **values})


def a_public_practice(
    home: HomePage, title: str = "Tràmits sols", **values: Any
) -> GoodPractice:
    """One with a page that everybody may read."""
    values.setdefault("body", a_place("Mataró", "08121", "Maresme"))
    defaults = {"title": title, "language": "ca", "field": Field.SERVICES}
    defaults["published"] = timezone.now() - timedelta(days=400)
    practice = GoodPractice.objects.create(**{**defaults, **values})
    page = GoodPracticePage(title=title, locale=home.locale, practice=practice)
    practice.page = home.add_child(instance=page)
    practice.save(update_fields=["page"])
    return practice


def many_stops(number: int, body_of: Callable[[int], LocalBody]) -> list[Stop]:
    """So many stops, each of the body that `body_of` says of its number."""
    case = a_consultation()
    every = [case, *copies(case, number - 1)]
    return [
        a_public_stop(
            f"Una pràctica de què parlar, la {each}",
            days=each - number // 2,
            case=case,
            body=body_of(each),
        )
        for each, case in enumerate(every)
    ]


def all_over() -> Callable[[int], LocalBody]:
    """Another municipality for each number up to a hundred."""
    codes = sorted(geometry.drawn()["towns"])
    return lambda each: a_place(
        f"Municipi {each}", codes[each * 3], f"Comarca {each % 9}"
    )
