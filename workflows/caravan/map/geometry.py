"""Where the municipalities of the province are, and how they are drawn.

The map is a file that ships with the site (`community/data/README.md` says where it
comes from); `draw_map` makes it.
"""

import json
from functools import cache
from math import hypot
from pathlib import Path
from typing import Any

import community
from community.models import LocalBody

DATA = Path(community.__file__).parent / "data"
MAP = DATA / "municipis_map.json"


@cache
def drawn() -> dict[str, Any]:
    """The map: `width` and `height` of its view box, the paths `land`,
    `municipalities` and `comarques`, and `towns` by INE code, each with its middle
    (`at` in the view box, `km` from the north-western corner) and its `shape`."""
    return json.loads(MAP.read_text(encoding="utf-8"))


def centre(code: str) -> tuple[float, float] | None:
    """The middle of the municipality with the INE code `code`: kilometres to the east
    and to the south of the corner of the province. None if it is not of it."""
    town = drawn()["towns"].get(code)
    return tuple(town["km"]) if town else None


def distance(code: str, other: str) -> float | None:
    """How many kilometres lie between two municipalities, as the crow flies from
    middle to middle; None where one is not of the province."""
    here, there = centre(code), centre(other)
    if here is None or there is None:
        return None
    return hypot(here[0] - there[0], here[1] - there[1])


def town_of(body: LocalBody) -> str | None:
    """The INE code of the municipality where `body` is: its own, or that of the one
    that it belongs to. A county council or a consortium has none."""
    for one in (body, body.parent):
        if one is not None and one.code in drawn()["towns"]:
            return one.code
    return None
