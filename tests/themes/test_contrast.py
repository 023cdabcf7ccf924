"""Every theme can be read: WCAG 2.2, 1.4.3 and 1.4.11, in both schemes."""

from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from community.brand import colours_of

pytestmark = pytest.mark.any_database

THEMES = Path(settings.BASE_DIR) / "themes"
SURFACES = ("page", "raised", "sunken", "shade")
TEXT, SIGN = 4.5, 3.0

# What lies on what, and how much it must stand out.
PAIRS = [
    *((f"color-{ink}", f"color-{ground}", TEXT)
      for ink, ground in product(("text", "text-soft", "link"), SURFACES)),
    ("color-on-action", "color-action", TEXT),
    ("color-on-action", "color-action-hover", TEXT),
    ("color-on-accent", "color-accent", TEXT),
    ("color-on-accent-soft", "color-accent-soft", TEXT),
    *((f"color-{state}", f"color-{state}-soft", TEXT)
      for state in ("ok", "warn", "error", "info")),
    ("color-error", "color-page", TEXT),
    ("plate-ink", "plate-face", TEXT),
    *((f"color-{edge}", f"color-{ground}", SIGN)
      for edge, ground in product(("line-strong", "focus"), ("page", "raised"))),
    ("chart-1", "chart-track", SIGN),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: str, ground: str) -> float:
    darker, lighter = sorted((luminance(ink), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


BRANDS = sorted(path.name for path in THEMES.iterdir() if (path / "static").is_dir())


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_lies_on_a_surface_stands_out(brand, ink, ground, least):
    colours = colours_of(brand)

    for scheme in (0, 1):
        assert contrast(colours[ink][scheme], colours[ground][scheme]) >= least


@pytest.mark.parametrize("brand", BRANDS)
def test_text_stands_out_on_the_bands_that_are_always_dark(brand):
    colours = colours_of(brand)

    for ink in ("color-text", "color-text-soft", "color-link"):
        assert contrast(colours[ink][1], colours["color-deep"][1]) >= TEXT
