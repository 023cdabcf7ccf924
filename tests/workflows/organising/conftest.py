"""Staff of each role, signed in, and a series with a page."""

from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, Site

from cms.models import HomePage, SeriesPage
from community.models import UnitMembership, User
from events.models import Series
from tests.factories import a_series

_numbers = count(1)


@pytest.fixture(autouse=True)
def _database(db):
    """Everything here asks the database."""


@pytest.fixture
def series() -> Series:
    """A series with a public page, under which its sessions have theirs."""
    series = a_series(code="dijous", title={"ca": "Dijous obert", "es": "Jueves"})
    home = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="Inici", slug="inici", hero_title="Inici")
    )
    site = Site.objects.get()
    site.root_page = home
    site.save()
    home.add_child(instance=SeriesPage(title="Dijous", slug="dijous", series=series))
    return series


@pytest.fixture
def sign_in(series: Series) -> Callable[..., Client]:
    """Call it with a role for a browser of somebody who has it in the unit of the
    series, or in `unit`; it reads English."""

    def browser(role: str = "Case workers", *, unit=series.unit, **values) -> Client:
        user = User.objects.create_user(
            f"staff-{next(_numbers)}@placa.example", name="Núria Prova", **values
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
        if unit:
            UnitMembership.objects.create(user=user, unit=unit)
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        client.user = user
        return client

    return browser
