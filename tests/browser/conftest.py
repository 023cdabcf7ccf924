"""A site that is served for real."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command

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
