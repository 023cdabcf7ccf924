"""One page shows every component of the site, and none is forgotten there."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import a_user
from tests.factories.pages import a_home, an_image

BASE = Path(settings.BASE_DIR) / "themes" / "base"
TEMPLATES, STYLES = BASE / "templates", BASE / "static" / "css" / "components"

# What the page does not show, and why.
EXEMPT = {
    "components/body_head.html": "the whole head of a page, with its title",
    "components/stop_head.html": "the whole head of a page, with its title",
    "components/card_head.html": "for other sites: it is in the head of a page",
    "forms/form.html": "whole forms of other programs, made of forms/field.html",
}


def shown(folder: str) -> list[str]:
    files = sorted((TEMPLATES / folder).glob("*.html"))
    return [f"{folder}/{file.name}" for file in files]


@pytest.fixture
def client(db) -> Client:
    client = Client()
    client.force_login(a_user(is_superuser=True))
    return client


@pytest.fixture
def answer(client):
    """The page on a site that has a home page, a picture, and nothing else."""
    a_home()
    an_image()
    return client.get(reverse("patterns"))


def test_every_component_is_there(answer):
    made_of = {template.name for template in answer.templates}
    every = {*shown("components"), *shown("forms"), *shown("blocks")}

    assert every
    assert every - made_of - set(EXEMPT) == set()
    # An exemption that is needed no more goes.
    assert set(EXEMPT) <= every - made_of


def test_every_style_sheet_of_a_component_is_worn_there(answer):
    html = answer.content.decode()
    worn = {
        name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()
    }

    for sheet in sorted(STYLES.glob("*.css")):
        classes = set(re.findall(r"\.([a-z][\w-]*)", sheet.read_text(encoding="utf-8")))
        assert classes & worn, sheet.name


def test_every_name_is_of_one_thing_and_every_reference_finds_it(answer):
    html = re.sub(r'srcdoc="[^"]*"', "", answer.content.decode())
    names = Counter(re.findall(r'\sid="([^"]+)"', html))
    asked = re.findall(
        r'\s(?:for|list|popovertarget|aria-labelledby|aria-describedby)="([^"]+)"', html
    )

    assert [name for name, times in names.items() if times > 1] == []
    assert {name for group in asked for name in group.split()} <= set(names)


def test_the_page_opens_at_its_head(answer):
    assert " autofocus" not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ca", "Inscripció oberta"),
        ("es", "Inscripción abierta"),
        ("en", "Registration open"),
    ],
)
def test_the_examples_speak_the_language_asked_for(client, language, words):
    html = client.get(reverse("patterns"), {"language": language}).content.decode()

    assert f'<html lang="{language}"' in html
    assert words in html


def test_a_language_that_is_none_of_ours_is_ones_own(client):
    response = client.get(reverse("patterns"), {"language": '"><x-y>'})

    assert response.status_code == 200
    assert "<x-y>" not in response.content.decode()


def test_the_staff_find_it_in_their_menu(client):
    assert (
        reverse("patterns") in client.get(reverse("wagtailadmin_home")).content.decode()
    )
