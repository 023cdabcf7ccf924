"""The map of the caravan, looked at by somebody without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import press, stops, tab_to
from tests.factories.caravan_map import (
    a_place,
    a_public_practice,
    a_public_stop,
    all_over,
    many_stops,
)
from tests.factories.pages import a_home
from workflows.caravan.models import Field

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAP = "/en/caravan/map/"
PLACES = [
    ("Sitges", "08270", "Garraf"),
    ("Vilafranca del Penedès", "08305", "Alt Penedès"),
    ("Mataró", "08121", "Maresme"),
    ("Berga", "08022", "Berguedà"),
    ("Barcelona", "08019", "Barcelonès"),
    ("Vic", "08298", "Osona"),
]


@pytest.fixture
def caravan() -> None:
    """Stops to come and gone, two of them in one place, and practices."""
    home = a_home()
    for number, place in enumerate(PLACES):
        body = a_place(*place)
        field = list(Field)[number % 5]
        title = f"Una bona pràctica de {body.name}"
        days = (number - 2) * 20
        stop = a_public_stop(title, days=days, body=body, field=field)
        if number == 1:
            a_public_practice(home, title, stop=stop, body=body)
    a_public_stop("Una segona visita", days=-70, body=a_place("Vic", "08298", "Osona"))
    a_public_practice(home)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_map_is_used_without_a_mouse(
    page: Page, live_server: Any, look: Callable, caravan: None, width: int
):
    page.set_viewport_size({"width": width, "height": 900})
    # What comes into view is there at once.
    page.emulate_media(reduced_motion="reduce")
    page.goto(MAP)
    look("map")

    dots = page.locator(".map a")
    expect(dots).to_have_count(8)
    assert [stop["html"] for stop in stops(page) if not stop["isSeen"]] == []
    press(page, page.get_by_role("link", name="Stop 3: "))
    row = page.locator("li.row--stop").nth(2)
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()

    if width < 768:
        press(page, page.get_by_role("button", name="Choose and filter"))
    kind = page.get_by_label("What", exact=True)
    tab_to(page, kind)
    kind.select_option(label="Stops to come")
    press(page, page.get_by_role("button", name="Filter", exact=True))
    expect(page.get_by_role("status")).to_contain_text("3 stops")
    expect(page.locator(".map a")).to_have_count(3)
    look("map-filtered")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_dot_is_large_enough_to_be_touched(
    page: Page, live_server: Any, caravan: None, width: int
):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(MAP)

    for dot in page.locator(".map__dot").all():
        box = dot.bounding_box()
        assert min(box["width"], box["height"]) >= 24


def test_the_map_of_a_hundred_is_still_read(
    page: Page, live_server: Any, look: Callable
):
    a_home()
    many_stops(100, all_over())
    page.goto(MAP)

    look("map-100", 1280, 320)


def test_before_the_first_stop_the_page_can_be_read(
    page: Page, live_server: Any, look: Callable
):
    a_home()
    page.goto(MAP)

    look("map-empty", 1280, 320)
