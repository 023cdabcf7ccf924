"""The catalogue on the page of a body: what it can request now, and who answers."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models import LocalBody, Membership, Unit
from workflows.membership.models import MembershipSettings
from workflows.membership.sections import Section, register

from . import requested
from .offers import Answered, answers, bodies, offers
from .pages import addresses, card_of, catalogue_address
from .records import Area, Resource

# Of what can be requested, so many; the catalogue has them all.
FIRST = 5


def _can_request(mine: Membership) -> Mapping[str, Any]:
    """What ends first comes first."""
    [body] = bodies(LocalBody.objects.filter(pk=mine.body_id))
    told = answers(body, offers(), requests=requested.by(body.code))
    able = sorted((row for row in told if row.answer.can), key=_closes)
    where = addresses()
    catalogue = catalogue_address()
    return able and {
        "cards": [card_of(row, where) for row in able[:FIRST]],
        "number": len(able),
        "all_url": catalogue and f"{catalogue}?body={body.code}&can=yes",
    }


def _closes(row: Answered) -> tuple[bool, float]:
    closes = row.answer.window and row.answer.window.closes
    return closes is None, closes.timestamp() if closes else 0.0


def _contacts(mine: Membership) -> Mapping[str, Any]:
    """The units that a body may need, each with what it looks after."""
    looks_after: dict[int, list[Any]] = defaultdict(list)
    if unit := MembershipSettings.load().unit_id:
        looks_after[unit].append(_("who acts for the bodies"))
    pairs = Resource.objects.public().order_by("area__order", "area__code")
    areas = Area.objects.in_bulk()
    for unit, area in pairs.values_list("unit", "area").distinct():
        looks_after[unit].append(areas[area].name)
    units = Unit.objects.filter(pk__in=looks_after)
    return {"contacts": [(unit, looks_after[unit.pk]) for unit in units]}


def register_sections() -> None:
    register(
        Section(
            "offers",
            _("What it can request now"),
            "components/body_offers.html",
            _can_request,
        )
    )
    register(
        Section(
            "contacts",
            _("Who helps you"),
            "components/body_contacts.html",
            _contacts,
            is_aside=True,
        )
    )
