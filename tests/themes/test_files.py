"""The theme's files hold together, and keep what a theme must keep."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from tests.dressed import dress

pytestmark = pytest.mark.any_database

THEMES = Path(settings.BASE_DIR) / "themes"
BASE = THEMES / "base"
STATIC = BASE / "static"
TEMPLATES = BASE / "templates"
# Mail programs take away what is not said in the element; a mail has no style sheet.
EVERY_HTML = sorted(TEMPLATES.rglob("*.html"))
MAILS = [
    path
    for path in EVERY_HTML
    if {"mail", "email"} & set(path.relative_to(TEMPLATES).parts)
]
PAGES = [path for path in EVERY_HTML if path not in MAILS]
EVERY = sorted(path.parent.name for path in THEMES.glob("*/static"))


def sheets_of(theme: str) -> list[Path]:
    """What a page in `theme` links."""
    brand = THEMES / theme / "static" / "css" / "brand.css"
    return [STATIC / "css" / "site.css", *([brand] if brand.exists() else [])]


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def test_the_joined_style_sheet_is_up_to_date():
    done = subprocess.run(
        [sys.executable, THEMES / "join_css.py", "--check"],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("theme", EVERY)
def test_every_file_the_style_sheets_ask_for_is_there(theme, settings):
    dress(settings, theme)
    css = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets_of(theme))

    asked = re.findall(r'url\("\.\./([^"]+)"\)', css)

    assert asked
    assert [url for url in asked if not finders.find(url)] == []


@pytest.mark.parametrize("theme", EVERY)
def test_style_and_script_weigh_at_most_40_kb_together(theme):
    files = [*sheets_of(theme), STATIC / "js" / "site.js"]

    weight = sum(len(gzip.compress(file.read_bytes())) for file in files)

    assert weight <= 40_000


def test_each_font_family_lies_with_its_licence():
    families = {font.name.split("-")[0] for font in (STATIC / "fonts").glob("*.woff2")}
    licences = [file.read_text() for file in (STATIC / "fonts").glob("OFL-*.txt")]

    assert len(families) == len(licences)
    assert all("SIL OPEN FONT LICENSE" in licence for licence in licences)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.*")), ids=name)
def test_every_template_can_be_read(path):
    get_template(name(path))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_page_has_a_style_or_a_script_in_it(path):
    """The site's Content-Security-Policy would refuse them."""
    html = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_page_names_a_colour(path):
    """A brand changes colours by tokens alone."""
    html = re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8"))

    assert not re.search(r"#[0-9a-f]{3,8}\b(?=[\"; ])", html)


@pytest.mark.parametrize("path", MAILS, ids=name)
def test_no_mail_names_a_colour(path):
    """It says a token of the theme, which knows its colour: see `brand` tags."""
    html = re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8"))

    assert not re.search(r"#[0-9a-f]{3,8}\b", html)


def test_every_icon_and_tile_that_templates_name_is_drawn():
    def drawn(sprite: str) -> set[str]:
        svg = (STATIC / "img" / sprite).read_text(encoding="utf-8")
        return set(re.findall(r'<symbol id="([\w-]+)"', svg))

    icons, tiles = set(), set()
    for path in PAGES:
        html = path.read_text(encoding="utf-8")
        icons |= set(re.findall(r'\{% icon "([\w-]+)"', html))
        icons |= set(re.findall(r'\bsign="([\w-]+)"', html))
        tiles |= set(re.findall(r'\{% tile "([\w-]+)"', html))
        tiles |= set(re.findall(r'\btile_name="([\w-]+)"', html))
        for wall in re.findall(r'\{% mosaic "([^"]+)"', html):
            tiles |= {word.split("-")[0] for word in wall.split() if word != "."}

    assert icons <= drawn("icons.svg")
    assert tiles <= drawn("tiles.svg")
    assert icons
    assert tiles
