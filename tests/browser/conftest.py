"""Visitors of a site that is served for real."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def site_url(live_server: Any, settings: Any) -> str:
    """The address of the site, which its mails and calendars give too."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server.url
