"""A folder with tokens, a logo and a few words makes the site another body's."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import reverse

from community.brand import colour, colours_of
from tests.dressed import dress
from tests.factories import a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.themes.test_mails import written

THEMES = Path(site.BASE_DIR) / "themes"
BRANDS = sorted(
    path.name for path in THEMES.iterdir() if path.is_dir() and path.name != "base"
)
MOST_TEMPLATES = 3
# No look: every body says for itself what it does with people's data.
OWN_WORDS = {"components/privacy.html"}


def templates_of(brand: str) -> list[str]:
    folder = THEMES / brand / "templates"
    files = folder.rglob("*.*")
    return sorted(str(file.relative_to(folder)) for file in files)


@pytest.fixture
def riera(settings) -> None:
    dress(settings, "riera")


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_says_only_a_few_templates_again(brand):
    again = templates_of(brand)

    assert len({*again} - OWN_WORDS) <= MOST_TEMPLATES
    # What base does not have, no page asks for.
    assert [
        name for name in again if not (THEMES / "base/templates" / name).exists()
    ] == []


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_names_no_token_that_nothing_asks_for(brand):
    file = THEMES / brand / "static" / "css" / "brand.css"

    said = set(re.findall(r"(--[\w-]+):", file.read_text(encoding="utf-8")))
    tokens = THEMES / "base" / "static" / "css" / "tokens.css"

    assert said
    assert said <= set(re.findall(r"(--[\w-]+):", tokens.read_text(encoding="utf-8")))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_has_its_own_logo_favicon_and_card(brand, settings):
    dress(settings, brand)

    for name in ("logo-shape.svg", "logo-spark.svg", "favicon.svg", "social.png"):
        found = finders.find(f"img/{name}")
        assert THEMES / brand in Path(found).parents, found


@pytest.mark.parametrize("brand", BRANDS)
def test_every_template_of_a_brand_can_be_read(brand, settings):
    dress(settings, brand)

    for name in templates_of(brand):
        assert brand in get_template(name).origin.name


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["home", "session", "sign in", "nowhere"])
def test_every_page_bears_the_name_of_the_brand(path, riera):
    session = a_session()
    series_page = a_series_page(a_home(), session.series)
    paths = {
        "home": "/ca/",
        "session": a_session_page(series_page, session).url,
        "sign in": reverse("account_login"),
        "nowhere": "/ca/enlloc/",
    }

    html = Client().get(paths[path], follow=True).content.decode()

    title, header = (
        re.search(f"<{tag}.*?</{tag}>", html, re.DOTALL)[0]
        for tag in ("title", "header")
    )
    assert "La Riera" in title
    assert "La Riera" in header
    assert "Consell Comarcal de la Riera" in html
    assert "Plaça" not in re.sub(r"<main.*?</main>", "", html, flags=re.DOTALL)


def test_the_page_of_a_fault_of_ours_bears_it_too(riera):
    assert "La Riera" in render_to_string("500.html")


def test_pages_link_the_colours_of_the_brand_last(riera):
    sheets = re.findall(
        r'rel="stylesheet" href="[^"]*?(css/[^"]+)"', render_to_string("500.html")
    )
    css = Path(finders.find(sheets[-1])).read_text(encoding="utf-8")
    _before, brand = css.split("@layer theme {")

    mine, base = colours_of("riera"), colours_of("base")
    for token in ("color-page", "color-action", "plate-ink"):
        light, dark = mine[token]
        assert mine[token] != base[token]
        assert f"--{token}: light-dark({light}, {dark})" in brand


def test_a_mail_is_in_the_colours_of_the_brand(riera):
    _subject, _text, html = written("registration_confirmed")

    own = {c for pair in colours_of("riera").values() for c in pair}
    assert set(re.findall(r"#[0-9a-f]{6}\b", html)) <= own
    assert colour("color-action").light in html
    assert colour("color-action").dark in html


@pytest.mark.django_db
def test_the_admin_is_in_the_colours_of_the_brand(riera):
    client = Client()
    client.force_login(a_user(is_superuser=True))

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    # The hue of --color-deep: #14276b.
    assert "--w-color-primary-hue: 227;" in html
    assert colour("color-accent").light in html
    assert "La Riera" in html
