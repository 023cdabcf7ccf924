"""Stops and good practices as data for everybody."""

import csv
import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.caravan_map import a_public_stop
from tests.factories.pages import a_home
from tests.factories.practices import TOLD, a_caravan_page, a_practice, a_told_stop
from workflows.caravan.opendata import PRACTICES, STOPS
from workflows.caravan.practices import publishing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def caravan() -> None:
    cache.clear()
    a_caravan_page(a_home())


def had(what: str, how: str) -> str:
    answer = Client().get(f"/en/caravan/data/{what}.{how}")
    assert answer.status_code == 200
    return b"".join(answer).decode("utf-8-sig")


def test_good_practices_are_in_both_ways_with_the_same_columns():
    practice = a_practice("=1+1", sdgs=[4, 16])

    rows = json.loads(had("practices", "json"))
    table = list(csv.DictReader(StringIO(had("practices", "csv"))))

    [row], [line] = rows, table
    assert list(row) == list(line) == [column.name for column in PRACTICES]
    assert row["title"] == "=1+1"
    assert line["title"] == "'=1+1"
    assert row["goals"] == "4 16"
    assert row["problem"] == TOLD["problem"]
    assert row["cost"] != TOLD["cost"]
    assert row["address"].endswith(practice.page.url)
    assert row["technology"] == ""


def test_stops_say_who_hosts_and_when_and_name_nobody():
    stop = a_public_stop("Parada pública", days=5, contact_name="Neus Roca")
    a_told_stop("Encara no")

    [row] = json.loads(had("stops", "json"))

    assert list(row) == [column.name for column in STOPS]
    assert (row["title"], row["host"]) == (stop.title, stop.body.name)
    assert len(row["day"]) == len("2026-01-01")
    assert "Neus" not in had("stops", "csv")


def test_what_is_not_published_is_in_no_file():
    publishing.draft(a_told_stop("Esborrany"))
    taken = a_practice("Retirada")
    taken.page.specific.unpublish()

    assert had("practices", "json").strip() == "[]"
    assert "Retirada" not in had("practices", "csv")


@pytest.mark.parametrize("name", ["stops.xml", "people.csv", "stops.exe"])
def test_what_there_is_not_is_not_found(name):
    assert Client().get(f"/en/caravan/data/{name}").status_code == 404


def test_it_is_one_query_however_many_there_are():
    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            had("practices", "json")
        return len(queries)

    a_practice()
    before = asked()
    for _ in range(4):
        a_practice()
    assert asked() == before
