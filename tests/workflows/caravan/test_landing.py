"""The page of the caravan: what comes, what came of it, two ways to take part."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.acting import a_town
from tests.factories.caravan_map import a_public_stop
from tests.factories.pages import a_home
from tests.factories.practices import a_caravan_page, a_practice, a_told_stop
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.models import Field, Tool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def caravan() -> Any:
    cache.clear()
    return a_caravan_page(a_home(), lead="Va de poble en poble", hero_title="Que rodi")


def opened(page: Any, query: str = "") -> str:
    answer = Client().get(page.url + query)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def words(page: Any, query: str = "") -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", opened(page, query))).split())


def titles(page: Any, query: str = "") -> list[str]:
    """Of the good practices in the list."""
    cards = re.findall(r'class="card__title">(.*?)</h3>', opened(page, query), re.S)
    return [unescape(re.sub("<[^>]+>", "", card)) for card in cards]


def test_an_empty_caravan_has_its_page_too(caravan):
    read = words(caravan)

    assert "Que rodi" in read
    assert "Va de poble en poble" in read


def test_the_five_fields_are_in_the_words_of_the_editors_or_in_ours(caravan):
    caravan.field_words = [
        (
            "field",
            {"field": "groups", "title": "Per a tothom", "text": "De la A a la Z"},
        )
    ]
    caravan.save_revision().publish()

    read = words(caravan)

    assert "Per a tothom De la A a la Z" in read
    assert opened(caravan).count('class="wagon"') == len(Field)


def test_the_next_stop_leads_and_what_is_not_public_is_not_there(caravan):
    a_public_stop("Demà passat", days=2)
    a_public_stop("D’aquí a un mes", days=30)
    a_told_stop("Encara sense data")

    page = opened(caravan)

    poster = page.partition("landing__poster")[2].partition("</article>")[0]
    assert "Demà passat" in poster
    assert "D’aquí a un mes" in unescape(page)
    assert "Encara sense data" not in page


def test_good_practices_are_chosen_by_field_comarca_and_year(caravan):
    osona, garraf = a_town(), a_town()
    for body, comarca in ((osona, "Osona"), (garraf, "Garraf")):
        body.comarca = comarca
        body.save()
    data = a_told_stop("Dades", field=Field.OPEN_DATA, body=osona)
    old, _new = a_practice(stop=data), a_practice("Serveis", body=garraf)
    old.published = old.published.replace(year=2024)
    old.save()

    assert set(titles(caravan)) == {"Dades", "Serveis"}
    assert titles(caravan, "?field=open-data") == ["Dades"]
    assert titles(caravan, "?comarca=Garraf") == ["Serveis"]
    assert titles(caravan, "?year=2024") == ["Dades"]
    assert titles(caravan, "?field=open-data&comarca=Garraf") == []


@pytest.mark.parametrize(
    "query", ["?field=zzz", "?year=-1", "?page=999", "?comarca=zzz", "?page=x&year=é"]
)
def test_what_there_is_not_is_left_out_and_no_fault(caravan, query):
    a_practice("Serveis")

    assert titles(caravan, query) == ["Serveis"]


def test_a_practice_that_is_taken_away_goes_from_the_list_at_once(caravan):
    practice = a_practice("Serveis")
    assert titles(caravan) == ["Serveis"]

    practice.page.specific.unpublish()

    assert titles(caravan) == []


def test_it_asks_the_database_the_same_for_one_and_for_thirty(caravan):
    a_public_stop(days=3)
    a_practice()

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            opened(caravan)
        return len(queries)

    opened(caravan)
    before = asked()
    for number in range(29):
        a_public_stop(f"Parada {number}", days=4 + number)
        a_practice()
    assert asked() == before


def test_who_comes_next_asks_the_database_nothing_more(caravan, settings):
    settings.REMEMBERED_SECONDS = 60
    a_practice()
    opened(caravan)

    with CaptureQueriesContext(connection) as queries:
        opened(caravan)

    assert len(queries) == 0


def test_the_kit_says_what_is_required(caravan):
    kit_seed.plant()

    read = opened(caravan)

    assert read.count("tag--warn") == Tool.objects.filter(required=True).count() > 0


def test_practices_are_found_by_a_search(caravan, work):
    practice = a_practice("Xocolatada digital")
    work()
    cache.clear()

    answer = Client().get("/ca/search/", {"q": "xocolatada"})

    assert practice.page.url in answer.content.decode()
