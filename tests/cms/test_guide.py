"""The guide for editors is in the admin, whole, with pictures of what they will see."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from cms.guide import GUIDE, read
from tests.browser.signing_in import sign_in
from tests.factories import a_user
from tests.factories.pages import a_home

TEXT = """\
# La guia

Un text amb **negreta**,
de dues línies, i 1 < 2.

## L’acta

- un <script>
- dos, [amunt](#l-acta)

1. tres
2. quatre
   i mig

### Més

![Una
acta](acta.png)
"""


def test_the_guide_is_read_as_it_is_written():
    guide = read(TEXT)

    assert guide.title == "La guia"
    assert guide.parts == [("lacta", "L’acta")]
    assert guide.text.split("\n\n") == [guide.text], "no block is empty"
    for part in (
        "<p>Un text amb <strong>negreta</strong>,\nde dues línies, i 1 &lt; 2.</p>",
        '<h2 id="lacta">L’acta</h2>',
        '<ul><li>un &lt;script&gt;</li><li>dos, <a href="#l-acta">amunt</a></li></ul>',
        "<ol><li>tres</li><li>quatre\n   i mig</li></ol>",
        '<h3 id="mes">Més</h3>',
        '<img src="/static/editors/acta.png" alt="Una acta" loading="lazy">',
    ):
        assert part in guide.text


def test_its_pictures_are_there_and_light():
    names = re.findall(r"\]\(([\w-]+\.png)\)", GUIDE.read_text("utf-8"))
    assert len(names) >= 8
    assert {path.name for path in GUIDE.parent.glob("*.png")} == set(names)
    for name in names:
        assert (GUIDE.parent / name).stat().st_size < 120_000
        with Image.open(GUIDE.parent / name) as picture:
            assert picture.width == 1280


@pytest.mark.django_db
def test_the_first_screen_and_the_help_menu_lead_to_it(client: Client):
    a_home()
    client.force_login(a_user(is_superuser=True))

    home = client.get("/admin/").text

    address = reverse("editors_guide")
    assert f'<a href="{address}">Guia d’edició</a>' in home
    # The menu is drawn by a script of what it finds here.
    assert home.count(address) == 2
    assert "guide.wagtail.org" not in home


@pytest.mark.browser
def test_everybody_of_the_staff_can_read_it(live_server, page: Page, assert_accessible):
    a_home()
    sign_in(page.context, a_user(is_superuser=True), live_server.url)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(reverse("editors_guide"))

        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for picture in page.locator(".guide img").all():
            picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "[...document.querySelectorAll('.guide img')]"
            ".every(each => each.complete && each.naturalWidth)"
        )
