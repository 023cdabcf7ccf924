"""The site in another brand, as THEME=… dresses it."""

from typing import Any

from django.core.cache import cache


def dress(settings: Any, theme: str) -> None:
    """Have the rest of the test run under `theme`."""
    folders = [settings.THEMES_DIR / name for name in (theme, "base")]
    [engine] = settings.TEMPLATES
    settings.THEME = theme
    settings.TEMPLATES = [{**engine, "DIRS": [f / "templates" for f in folders]}]
    settings.STATICFILES_DIRS = [folder / "static" for folder in folders]
    cache.clear()
