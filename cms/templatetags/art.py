"""Icons and tiles: the drawings of a theme, taken from its two sprite files.

A drawing says nothing that the words beside it do not: all are hidden from
assistive technology.
"""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

SIDE = 40
"""Side of a tile in the sprite's units."""


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """The icon `name` of img/icons.svg."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
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
