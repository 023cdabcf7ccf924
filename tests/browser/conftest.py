"""A site that is served for real."""

from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forms count how often they name an address, whoever sends them."""
    cache.clear()


@pytest.fixture
def site_url(live_server: Any, settings: Any) -> str:
    """The address of the site, which its mails and calendars give too."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server.url
