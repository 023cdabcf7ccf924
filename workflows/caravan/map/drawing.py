"""How the map of the province is drawn, once, of the borders that es-atlas has: what
comes of it is the file that `geometry` reads.

Borders come as TopoJSON (github.com/topojson/topojson-specification): each stretch of
border is there once, as an arc that both neighbours name, so that two neighbours never
come apart. es-atlas has simplified them already, to steps of 180 metres: about one unit
of the view box here, so that nothing is left to take away.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import cos, radians
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

# As wide as the view box; what is drawn stays clear of its edges.
WIDTH = 600
MARGIN = 6
# Kilometres in a degree of a meridian at 41.7° N, and of the equator.
KM_NORTH = 111.07
KM_EAST = 111.32
# Half the diagonal of a square kilometre.
SPECK = 0.71
# Places of the view box are told in tenths.
FINE = 10


class Broken(Exception):
    """The file has not what the map needs; says what."""


def draw(topology: Mapping[str, Any], comarques: Mapping[str, str]) -> dict[str, Any]:
    """The map of the municipalities that `comarques` has, by their INE codes, with
    the comarca of each."""
    towns = _towns(topology, comarques)
    arcs = _in_km(topology, {arc for rings in towns.values() for arc in _arcs(rings)})
    width, height = (
        max(p[axis] for arc in arcs.values() for p in arc) for axis in (0, 1)
    )
    scale = (WIDTH - 2 * MARGIN) / width
    shown = {number: _placed(arc, scale) for number, arc in arcs.items()}
    beside = defaultdict(list)
    for code, rings in towns.items():
        for arc in _arcs(rings):
            beside[arc].append(code)
    inner = [arc for arc, codes in beside.items() if len(codes) > 1]
    comarcal = [a for a in inner if len({comarques[c] for c in beside[a]}) > 1]
    coast = [arc for arc, codes in beside.items() if len(codes) == 1]
    return {
        "width": WIDTH,
        "height": round(height * scale + 2 * MARGIN),
        "land": _path(_chained(shown[arc] for arc in coast)),
        "municipalities": _path(_chained(shown[arc] for arc in inner)),
        "comarques": _path(_chained(shown[arc] for arc in comarcal)),
        "towns": {
            code: _town(rings, arcs, shown, scale)
            for code, rings in sorted(towns.items())
        },
    }


def _towns(
    topology: Mapping[str, Any], comarques: Mapping[str, str]
) -> dict[str, list[list[int]]]:
    """The rings of each municipality, as numbers of arcs."""
    try:
        every = topology["objects"]["municipalities"]["geometries"]
        found = {g["id"]: g for g in every if g["id"] in comarques}
    except (KeyError, TypeError) as error:
        raise Broken("It is not municipalities.json of es-atlas.") from error
    if missing := sorted(comarques.keys() - found.keys()):
        raise Broken(f"It has no {', '.join(missing)}.")
    return {code: list(_rings(geometry)) for code, geometry in found.items()}


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[int]]:
    several = geometry["type"] == "MultiPolygon"
    for polygon in geometry["arcs"] if several else [geometry["arcs"]]:
        yield from polygon


def _arcs(rings: Iterable[list[int]]) -> Iterator[int]:
    """The arcs of `rings`. The complement of a number follows its arc backwards."""
    return (arc if arc >= 0 else ~arc for ring in rings for arc in ring)


def _in_km(topology: Mapping[str, Any], wanted: set[int]) -> dict[int, Ring]:
    """The arcs `wanted`, in km from the north-western corner of all of them.

    A degree is as long everywhere as in the middle: over a province, that is wrong
    by one part in a hundred.
    """
    degrees = {number: list(_decoded(topology, number)) for number in wanted}
    longitudes = [x for arc in degrees.values() for x, _y in arc]
    latitudes = [y for arc in degrees.values() for _x, y in arc]
    west, north = min(longitudes), max(latitudes)
    east = KM_EAST * cos(radians((north + min(latitudes)) / 2))
    return {
        number: [((x - west) * east, (north - y) * KM_NORTH) for x, y in arc]
        for number, arc in degrees.items()
    }


def _decoded(topology: Mapping[str, Any], number: int) -> Iterator[Point]:
    scale, start = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    for dx, dy in topology["arcs"][number]:
        x, y = x + dx, y + dy
        yield x * scale[0] + start[0], y * scale[1] + start[1]


def _placed(arc: Ring, scale: float) -> Ring:
    """`arc` in tenths of the view box."""
    return [tuple(round((v * scale + MARGIN) * FINE) for v in point) for point in arc]


def _town(
    rings: list[list[int]],
    arcs: Mapping[int, Ring],
    shown: Mapping[int, Ring],
    scale: float,
) -> dict[str, Any]:
    """A municipality: its middle in km and in the view box, and its shape."""
    largest = max((_whole(ring, arcs) for ring in rings), key=_area)
    x, y = _middle(largest) if _area(largest) else _mean(largest)
    shape = [_whole(ring, shown) for ring in rings]
    return {
        "km": [round(x, 1), round(y, 1)],
        "at": [round(v * scale + MARGIN, 1) for v in (x, y)],
        "shape": _path(shape if _area(largest) else [_speck(x, y, scale)]),
    }


def _speck(x: float, y: float, scale: float) -> Ring:
    """What is drawn of a municipality of less than a square kilometre of which
    es-atlas has kept no area at all: a square kilometre, on its corner."""
    corners = ((x - SPECK, y), (x, y - SPECK), (x + SPECK, y), (x, y + SPECK))
    return _placed([*corners, corners[0]], scale)


def _mean(ring: Ring) -> Point:
    return tuple(sum(p[axis] for p in ring) / len(ring) for axis in (0, 1))


def _whole(ring: list[int], arcs: Mapping[int, Ring]) -> Ring:
    """The points of a ring, the first again at its end."""
    points: Ring = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _area(ring: Ring) -> float:
    return abs(sum(_cross(a, b) for a, b in zip(ring, ring[1:], strict=False))) / 2


def _cross(a: Point, b: Point) -> float:
    return a[0] * b[1] - b[0] * a[1]


def _middle(ring: Ring) -> Point:
    """The centre of gravity of `ring`, or a place inside at its height where that
    lies outside."""
    edges = list(zip(ring, ring[1:], strict=False))
    twice = sum(_cross(a, b) for a, b in edges)
    x = sum((a[0] + b[0]) * _cross(a, b) for a, b in edges) / (3 * twice)
    y = sum((a[1] + b[1]) * _cross(a, b) for a, b in edges) / (3 * twice)
    crossings = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in edges
        if (a[1] > y) != (b[1] > y)
    )
    inside = list(zip(crossings[::2], crossings[1::2], strict=True))
    if any(left <= x <= right for left, right in inside):
        return x, y
    left, right = max(inside, key=lambda pair: pair[1] - pair[0])
    return (left + right) / 2, y


def _chained(arcs: Iterable[Ring]) -> list[Ring]:
    """`arcs`, those that meet drawn in one go: a shorter path."""
    chains: list[Ring] = []
    waiting = list(arcs)
    while waiting:
        chain = waiting.pop()
        while following := next(
            (a for a in waiting if chain[-1] in (a[0], a[-1])), None
        ):
            waiting.remove(following)
            on = following if following[0] == chain[-1] else following[::-1]
            chain = chain + on[1:]
        chains.append(chain)
    return chains


def _path(lines: Iterable[Sequence[Point]]) -> str:
    """`lines`, in tenths of the view box, as the path of an SVG."""
    return "".join(_line(line) for line in lines)


def _line(points: Sequence[Point]) -> str:
    """From point to point, each told from the one before. One where two steps come to
    the same tenth is told once; what ends where it began is closed."""
    steps = [
        (b[0] - a[0], b[1] - a[1])
        for a, b in zip(points, points[1:], strict=False)
        if a != b
    ]
    end = ""
    if points[0] == points[-1]:
        steps, end = steps[:-1], "z"
    if not steps:
        # An l without a step would end the whole path there.
        return ""
    moves = "".join(_joined(step) for step in steps)
    return f"M{_joined(points[0]).lstrip()}l{moves.lstrip()}{end}"


def _joined(pair: Point) -> str:
    """`pair`, in tenths, as briefly as SVG lets one write it."""
    x, y = (_tenths(int(v)) for v in pair)
    lead = "" if x.startswith("-") else " "
    return f"{lead}{x}{y}" if y.startswith("-") else f"{lead}{x} {y}"


def _tenths(value: int) -> str:
    sign, whole, rest = "-" * (value < 0), abs(value) // FINE, abs(value) % FINE
    return f"{sign}{whole or ''}.{rest}" if rest else f"{sign}{whole}"
