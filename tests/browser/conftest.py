"""A site that is served for real."""

import os
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page

from tests.mail import MailServer


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forms count how often they name an address, whoever sends them."""
    cache.clear()


@pytest.fixture
def site_url(live_server: Any, settings: Any) -> str:
    """The address of the site, which its mails and calendars give too."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def look(page: Page, assert_accessible: Callable) -> Callable[..., None]:
    """Call it with a name, and with widths where the page is to be looked at in others
    than its own: everybody can use it, and nothing goes over its edge. The folder that
    `PICTURES` names gets a picture of each."""

    def look_at(name: str, *widths: int) -> None:
        for width in widths or [page.viewport_size["width"]]:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_load_state()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert_accessible(page)
            if folder := os.environ.get("PICTURES"):
                path = f"{folder}/{name}-{width}.png"
                page.screenshot(path=path, full_page=True)

    return look_at


@pytest.fixture
def post(
    clock: time_machine.Traveller, work: Callable[[], None], smtp_server: MailServer
) -> Callable[[str], list[EmailMessage]]:
    """Call it with an address for the mails that it has got a minute later, by the
    `clock` of the test."""

    def a_minute_later(address: str) -> list[EmailMessage]:
        clock.shift(61)
        call_command("sweep")
        work()
        return smtp_server.mails_to(address)

    return a_minute_later
