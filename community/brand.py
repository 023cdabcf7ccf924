"""The colours of the theme, for what cannot read its style sheets: mails, and the
staff's screens, whose own style sheet wants them in parts."""

import colorsys
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

# One line of a style sheet: a colour for both schemes, or one for each.
TOKEN = re.compile(
    r"--(?P<name>[\w-]+):\s*"
    r"(?:light-dark\((?P<light>#\w{6}),\s*(?P<dark>#\w{6})\)|(?P<both>#\w{6}))\s*;"
)


class Colour(NamedTuple):
    """As #rrggbb, in each scheme."""

    light: str
    dark: str


def colour(token: str) -> Colour:
    """The colour of the theme that runs for `token`, a name in its style sheets
    without the two hyphens; `KeyError` if there is none."""
    return colours_of(settings.THEME)[token]


@lru_cache
def colours_of(theme: str) -> dict[str, Colour]:
    """Each token's colour: the base theme's, and over it what `theme` says again."""
    folder = settings.THEMES_DIR
    files = (
        folder / "base" / "static" / "css" / "tokens.css",
        folder / theme / "static" / "css" / "brand.css",
    )
    return {
        found["name"]: Colour(
            found["light"] or found["both"], found["dark"] or found["both"]
        )
        for file in files
        if file.is_file()
        for found in TOKEN.finditer(_first_said(file))
    }


def _first_said(file: Path) -> str:
    """The style sheet without what it says for who asks for more contrast."""
    return file.read_text(encoding="utf-8").partition("@media")[0]


def hue_saturation_lightness(hexed: str) -> tuple[int, int, int]:
    """A colour as CSS's hsl() takes it: degrees and two percentages."""
    parts = (int(hexed[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts)
    return round(hue * 360), round(saturation * 100), round(lightness * 100)
