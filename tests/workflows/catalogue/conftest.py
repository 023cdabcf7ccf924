"""Who keeps the catalogue, and something to keep."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from community.models import User
from tests.factories import a_user
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_topic
from workflows.catalogue.models import Criterion, Resource

OPENS = datetime(2026, 9, 15, 7, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 21, 59, tzinfo=UTC)
YEAR = {"year": 2026, "opens": OPENS, "closes": CLOSES}


@pytest.fixture
def editor() -> User:
    user = a_user()
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def whole_resource() -> Resource:
    """A resource with something in every column."""
    resource = a_resource(
        code="GO-1",
        name={"ca": "Portal, «nou»", "es": "Portal; nuevo", "en": "=Portal"},
        summary={"ca": "Una\nDues", "es": "-Una"},
        actions="Mira: què hi ha",
        kinds=["municipality", "emd"],
        most=20_000,
        limit=1,
        goals="11, 16",
        edition={**YEAR, "minimum": 40, "budget": "1500.50"},
    )
    resource.topics.add(a_topic(code="dades"))
    edition = resource.editions.get()
    name, how = {"ca": "Mida", "es": "Tamaño"}, {"ca": "Com menys, més"}
    Criterion.objects.create(edition=edition, name=name, how=how, most=40)
    return resource
