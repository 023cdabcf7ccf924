"""Icons and tiles: the drawings of a theme, taken from its two sprite files.

A drawing says nothing that the words beside it do not: all are hidden from
assistive technology. Templates ask for the same few again and again, so each is drawn
once.
"""

import hashlib
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from community.models import Topic

register = template.Library()

SIDE = 40
"""Side of a tile in the sprite's units."""
PALE = 5
"""The glaze that the others lie on."""


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "icon") -> SafeString:
    """The icon `name` of img/icons.svg."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=256)
def tile(name: str, css: str) -> SafeString:
    """One tile of img/tiles.svg; `css` chooses glaze (g1…g5) and ground (on1…on5)."""
    return format_html(
        '<svg class="tile {}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<use href="{}#{}"/></svg>',
        css,
        SIDE,
        SIDE,
        static("img/tiles.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=256)
def mosaic(
    tiles: str, columns: int, css: str = "mosaic", fit: str = "xMidYMid slice"
) -> SafeString:
    """A wall of tiles, `columns` wide, row after row.

    Each word of `tiles` is one: its name, glaze, ground and, if it is turned, by
    how many degrees (`quart-1-5-90`); a dot leaves the place empty. `fit` is
    SVG's preserveAspectRatio.
    """
    words = tiles.split()
    rows = -(-len(words) // columns)
    sprite = static("img/tiles.svg")
    places = (
        (sprite, word.split("-"), (i % columns) * SIDE, (i // columns) * SIDE)
        for i, word in enumerate(words)
        if word != "."
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="{}"'
        ' aria-hidden="true">{}</svg>',
        css,
        columns * SIDE,
        rows * SIDE,
        fit,
        format_html_join("", "{}", ((_use(*place),) for place in places)),
    )


def _use(sprite: str, word: list[str], x: int, y: int) -> SafeString:
    name, glaze, ground, *turn = word
    middle = SIDE // 2
    turned = (
        format_html(' transform="rotate({} {} {})"', turn[0], x + middle, y + middle)
        if turn
        else ""
    )
    # A hair wider than its place, or a seam shows between tiles when scaled.
    return format_html(
        '<use href="{}#{}" class="g{} on{}" x="{}" y="{}"'
        ' width="40.4" height="40.4"{}/>',
        sprite,
        name,
        glaze,
        ground,
        x,
        y,
        turned,
    )


@register.simple_tag
def topic_tile(topic: Topic, css: str = "") -> SafeString:
    """The tile that `topic` wears everywhere."""
    return tile(topic.tile, f"g{topic.glaze} on{_ground(topic)} {css}".strip())


@register.simple_tag
def wall(topic: Topic | None, seed: object, columns: int, rows: int) -> SafeString:
    """A wall of tiles in the manner of `topic`, where others put a photograph. The
    same `seed` always lays the same wall."""
    laid = hashlib.shake_128(str(seed).encode()).digest(columns * rows)
    glaze, ground = (topic.glaze, _ground(topic)) if topic else (1, 5)
    own = topic.tile if topic else "roda"
    # The topic's own tile and its glaze come most; here and there one of another clay.
    kinds = (
        *(f"{own}-{glaze}-{ground}",) * 3,
        *(f"quart-{glaze}-{ground}-{turn}" for turn in (0, 90, 180, 270)),
        *(f"petal-{glaze}-{ground}-{turn}" for turn in (0, 90)),
        *(f"llis-{ground}-{ground}",) * 3,
        f"llis-{glaze}-{glaze}",
        f"quart-{ground}-{glaze}-90",
        f"petal-{_other(glaze, 1)}-{ground}-90",
        f"quart-{_other(glaze, 2)}-{ground}-180",
        f"sol-{_other(glaze, 1)}-{glaze}",
    )
    return mosaic(" ".join(kinds[byte % len(kinds)] for byte in laid), columns)


def _ground(topic: Topic) -> int:
    # The pale clay under all glazes but itself.
    return 1 if topic.glaze == PALE else PALE


def _other(glaze: int, step: int) -> int:
    """One of the four strong glazes, so many further."""
    return (glaze - 1 + step) % (PALE - 1) + 1
