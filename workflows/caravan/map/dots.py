"""Where the dots of the map lie, so that none covers another, and what else is drawn
for them. All in units of its view box."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from math import cos, hypot, pi, sin, tau
from typing import TYPE_CHECKING, Any

from . import geometry

if TYPE_CHECKING:
    from .marks import Mark

# Up to so many dots are so large: where a phone is 320 px wide, the first are 24 px.
SIZES = ((36, 26), (70, 20))
SMALLEST = 15
# What is left free between two.
GAP = 2
# More municipalities are not named on the map: their names would cover each other.
MOST_NAMES = 14
# How wide a letter of a name is, and how high its line.
LETTER, LINE = 9.5, 20


@dataclass(frozen=True)
class Dot:
    """A mark where it is drawn; `from_x` and `from_y` are the middle of its
    municipality, to which a line leads if it had to give way."""

    mark: "Mark"
    x: float
    y: float
    from_x: float
    from_y: float
    radius: int

    @property
    def gave_way(self) -> bool:
        return hypot(self.x - self.from_x, self.y - self.from_y) > 1

    @property
    def left(self) -> float:
        return round(self.x - self.radius, 1)

    @property
    def top(self) -> float:
        return round(self.y - self.radius, 1)

    @property
    def side(self) -> int:
        return 2 * self.radius


@dataclass(frozen=True)
class Name:
    """The name of a municipality beside its dot."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Drawn:
    """All that the template draws. `ground` is the map without anything on it,
    `shapes` the municipalities that have something."""

    ground: dict[str, Any]
    shapes: list[str]
    dots: list[Dot]
    names: list[Name]
    letters: int


def drawn(marks: Iterable["Mark"]) -> Drawn:
    """The map with those of `marks` that have a municipality."""
    ground = geometry.drawn()
    here = [mark for mark in marks if mark.town]
    towns = {mark.town: ground["towns"][mark.town] for mark in here}
    radius = _radius(len(here))
    spread = _Spread(radius, ground["width"], ground["height"])
    dots = [
        Dot(
            mark, *spread.near(*towns[mark.town]["at"]), *towns[mark.town]["at"], radius
        )
        for mark in here
    ]
    return Drawn(
        ground=ground,
        shapes=[town["shape"] for town in towns.values()],
        dots=dots,
        names=_names(dots, ground["width"]) if len(towns) <= MOST_NAMES else [],
        letters=round(radius * 0.85),
    )


def _radius(dots: int) -> int:
    return next((size for most, size in SIZES if dots <= most), SMALLEST)


class _Spread:
    """Finds a free place for one dot after the other: where it belongs, or else the
    nearest."""

    def __init__(self, radius: int, width: int, height: int) -> None:
        self.radius, self.width, self.height = radius, width, height
        self.apart = 2 * radius + GAP
        # What is taken, by squares as wide as two dots are apart.
        self.taken: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        # Where a search from the same place goes on.
        self.reached: dict[tuple[float, float], int] = {}

    def near(self, x: float, y: float) -> tuple[float, float]:
        ring = self.reached.get((x, y), 0)
        for step in count(ring):
            free = next(filter(self._is_free, self._ring(x, y, step)), None)
            if free or step * self.radius > self.width + self.height:
                break
        self.reached[x, y] = step
        place = free or (x, y)
        self.taken[self._square(place)].append(place)
        return place

    def _ring(self, x: float, y: float, step: int) -> Iterator[tuple[float, float]]:
        """Places around `x`, `y`, on the circle number `step`."""
        places = 6 * step or 1
        reach = step * self.apart / 2
        for number in range(places):
            angle = tau * number / places - pi / 2
            yield round(x + reach * cos(angle), 1), round(y + reach * sin(angle), 1)

    def _is_free(self, place: tuple[float, float]) -> bool:
        x, y = place
        edge = self.radius + GAP
        if not (edge <= x <= self.width - edge and edge <= y <= self.height - edge):
            return False
        column, row = self._square(place)
        beside = (
            other
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for other in self.taken.get((c, r), ())
        )
        return all(hypot(x - a, y - b) >= self.apart for a, b in beside)

    def _square(self, place: tuple[float, float]) -> tuple[int, int]:
        return int(place[0] // self.apart), int(place[1] // self.apart)


def _names(dots: list[Dot], width: int) -> list[Name]:
    """The name of each municipality that has room for it beside its first dot."""
    boxes = [(d.left, d.top, d.left + d.side, d.top + d.side) for d in dots]
    names: list[Name] = []
    named: set[str | None] = set()
    for dot in dots:
        if dot.mark.town in named:
            continue
        named.add(dot.mark.town)
        for name, box in _sides(dot):
            fits = box[0] >= 0 and box[2] <= width
            if fits and not any(_overlap(box, other) for other in boxes):
                names.append(name)
                boxes.append(box)
                break
    return names


def _sides(dot: Dot) -> Iterator[tuple[Name, tuple[float, float, float, float]]]:
    text = dot.mark.place_name
    long, away = len(text) * LETTER, dot.radius + 6
    top, bottom = dot.y - LINE / 2, dot.y + LINE / 2
    right = round(dot.x + away, 1)
    yield Name(text, right, dot.y, "start"), (right, top, right + long, bottom)
    left = round(dot.x - away, 1)
    yield Name(text, left, dot.y, "end"), (left - long, top, left, bottom)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
