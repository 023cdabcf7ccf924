"""Two units, their people, and browsers of theirs."""

from collections.abc import Callable

import pytest
from django.test import Client

from community.models import Unit, User
from tests.factories.cases import a_unit


@pytest.fixture(autouse=True)
def _database(db):
    """Everything here asks the database."""


@pytest.fixture
def unit() -> Unit:
    return a_unit("Govern obert")


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    def browser(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return browser
