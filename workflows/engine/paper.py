"""What the site sets on paper: tagged PDFs that typst makes of a template of the theme
and of data. Nothing that somebody wrote is ever read as typst."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from cms.models import SiteSettings
from community.brand import colour

COLOURS = {
    "strong": "color-deep",
    "soft": "color-text-soft",
    "line": "color-line-strong",
    "shape": "logo-shape-color",
    "spark": "logo-spark-color",
}


def of_theme(name: str) -> Path:
    """The file of that name of the theme that runs, or else that of `base`."""
    folders = (settings.THEMES_DIR / one for one in (settings.THEME, "base"))
    return next(folder / name for folder in folders if (folder / name).is_file())


def letterhead() -> dict[str, Any]:
    """What every paper has of the site: its name, logo and colours."""
    return {
        "site": settings.SITE_NAME,
        "colours": {name: colour(token).light for name, token in COLOURS.items()},
        "logo": {
            part: of_theme(f"static/img/logo-{part}.svg").read_text(encoding="utf-8")
            for part in ("shape", "spark")
        },
    }


def contact() -> list[str]:
    """Where the site is found, in lines."""
    site = SiteSettings.load()
    lines = [*str(site.contact).splitlines(), site.email, site.telephone]
    return [line for line in lines if line]


def set_pdf(template: str, told: dict[str, Any]) -> bytes:
    """`told` as `documents/<template>` of the theme sets it. It goes in as data, and
    its letters are typst's own, so it looks the same wherever it is made."""
    # Here, since only the worker needs its 8 MB.
    import typst

    document = typst.Compiler(
        of_theme(f"documents/{template}"),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"told": json.dumps(told)},
    )
    # Into memory, which is one file: typst also knows many, and files on the disk.
    make = partial(cast(Callable[..., bytes], document.compile), format="pdf")
    try:
        # For who has it read aloud: ISO 14289-1.
        return make(pdf_standards="ua-1")
    except typst.TypstError:
        # There is no letter for a sign, such as an emoji. A box stands for it; the rest
        # is as it would be, tags and all.
        return make()
