"""The map of the stops and good practices, and the list that tells the same."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import combinations
from math import hypot
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction

from community.models import User
from events.models import Appointment
from tests.factories.caravan_map import (
    a_date,
    a_place,
    a_public_practice,
    a_public_stop,
    all_over,
    many_stops,
)
from tests.factories.pages import a_home
from tests.factories.practices import a_caravan_page
from workflows.caravan.map import geometry
from workflows.caravan.models import Field, GoodPractice, GoodPracticePage, Offer, Stop
from workflows.engine import cases

pytestmark = pytest.mark.django_db

MAP = "/en/caravan/map/"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
# Kilobytes of the whole page, as it is sent.
MOST = 120
CIRCLE = re.compile(
    r'<circle class="map__dot[^"]*" cx="([\d.]+)" cy="([\d.]+)" r="(\d+)"'
)


@pytest.fixture(autouse=True)
def site() -> Iterator[None]:
    caches["pages"].clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def home() -> Any:
    return a_home()


@pytest.fixture(autouse=True)
def _home(home: Any) -> None:
    """The site has a page to begin at."""


def asked(query: str = "", client: Client | None = None) -> str:
    answer = (client or Client()).get(MAP + query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: str) -> list[str]:
    """The titles in the list."""
    found = re.findall(r'class="row__title">(.*?)</h2>', page, re.DOTALL)
    return [unescape(re.sub("<[^>]+>", "", title)) for title in found]


def leads_to(page: str) -> set[str]:
    """Where the dots of the map lead."""
    drawing = page.partition('<svg class="map"')[2].partition("</svg>")[0]
    return set(re.findall(r'<a href="#([^"]+)"', drawing))


def anchors(page: str) -> set[str]:
    """The rows of the list."""
    return set(re.findall(r'<li class="row row--stop" id="([^"]+)"', page))


def test_what_comes_leads_the_next_first_and_what_was_follows(home):
    a_public_stop("D’aquí a un mes", days=30)
    a_public_stop("Fa un mes", days=-30)
    a_public_stop("Demà", days=1)
    a_public_stop("Ahir", days=-1)
    a_public_practice(home, "Fa temps")

    page = asked()

    assert rows(page) == ["Demà", "D’aquí a un mes", "Ahir", "Fa un mes", "Fa temps"]
    assert page.count("map__dot--next") == 1
    assert "5 stops and good practices" in page


def test_the_map_has_the_rows_of_the_list_with_their_numbers(home):
    a_public_stop("Una", days=1)
    a_public_stop("Altra", days=2, body=a_place("Sitges", "08270", "Garraf"))
    a_public_practice(home)

    page = asked()

    assert leads_to(page) == anchors(page)
    assert len(anchors(page)) == 3
    labels = re.findall(r'aria-label="((?:Stop|Good practice) \d+: [^"]*)"', page)
    assert labels == [
        "Stop 1: Una, Vic",
        "Stop 2: Altra, Sitges",
        "Good practice 3: Tràmits sols, Mataró",
    ]


def test_a_stop_with_its_practice_is_told_once_and_leads_to_the_page(home):
    stop = a_public_stop("Com es deia", days=-20)
    practice = a_public_practice(home, "Com es diu", stop=stop, body=stop.body)

    page = asked()

    assert rows(page) == ["Com es diu"]
    assert anchors(page) == {f"stop-{stop.pk}"}
    assert f'href="{practice.page.url}"' in page


def test_a_practice_whose_page_is_taken_back_leaves_the_stop(home):
    stop = a_public_stop("La visita", days=-20)
    practice = a_public_practice(home, "La pràctica", stop=stop)
    practice.page.unpublish()

    page = asked()

    assert rows(page) == ["La visita"]
    assert "La pràctica" not in page


def test_a_practice_that_is_not_for_everybody_is_not_told(home):
    stop = a_public_stop("La visita", days=-20)
    pages = [
        a_public_practice(home, "Amb parada", stop=stop).page,
        a_public_practice(home, "Sola").page,
    ]
    for page in pages:
        PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert rows(asked()) == ["La visita"]


def test_a_practice_leads_to_its_page_in_the_language_of_the_reader(home):
    practice = a_public_practice(home, "Tràmits sols")
    english = Locale.objects.get_or_create(language_code="en")[0]
    home.copy_for_translation(english).save_revision().publish()
    page = practice.page.specific.copy_for_translation(english)
    page.save_revision().publish()

    assert f'href="{page.url}"' in asked()
    assert page.url.startswith("/en/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("field=open-data", {"Dades"}),
        ("comarca=Garraf", {"Dades"}),
        ("comarca=Maresme", {"Pràctica"}),
        ("year=2025", {"Pràctica"}),
        ("year=2026", {"Dades", "Cita", "Feta"}),
        ("kind=coming", {"Dades", "Cita"}),
        ("kind=past", {"Feta"}),
        ("kind=stops", {"Dades", "Cita", "Feta"}),
        ("kind=practices", {"Pràctica"}),
        ("kind=coming&comarca=Osona", {"Cita"}),
    ],
)
def test_a_filter_takes_rows_and_dots_alike(home, query, found):
    garraf = a_place("Sitges", "08270", "Garraf")
    a_public_stop("Dades", days=9, body=garraf, field=Field.OPEN_DATA)
    a_public_stop("Cita", days=10)
    a_public_stop("Feta", days=-10)
    a_public_practice(home, "Pràctica")

    page = asked(f"?{query}")

    assert set(rows(page)) == found
    assert leads_to(page) == anchors(page)
    assert re.search(rf"{len(found)} stops? (or|and) good practice", page)


def test_a_remembered_page_is_not_given_for_another_filter(home, settings):
    settings.REMEMBERED_SECONDS = 60
    a_public_stop("Cita")
    a_public_practice(home, "Pràctica")
    assert len(rows(asked())) == 2

    for kind, found in (("stops", ["Cita"]), ("practices", ["Pràctica"])):
        assert rows(asked(f"?kind={kind}")) == found


def test_a_date_that_is_fixed_shows_at_once_on_a_remembered_page(
    settings, django_capture_on_commit_callbacks
):
    settings.REMEMBERED_SECONDS = 60
    stop = a_public_stop("Cita", appointment=None)
    assert rows(asked()) == []

    with django_capture_on_commit_callbacks(execute=True):
        stop.appointment = a_date(5)
        stop.save()

    assert rows(asked()) == ["Cita"]


@pytest.mark.parametrize(
    "query",
    [
        "field=res",
        "comarca=%C3%28",
        "comarca=" + "x" * 5000,
        "year=abc",
        "year=-1",
        "kind=__class__",
        "page=0",
        "page=99999999999999999999",
        "page=a&field=&kind[]=1",
        "%FF=%FE&field=%FF",
    ],
    ids=str,
)
def test_what_an_address_asks_wrongly_is_left_out(query):
    a_public_stop("Cita")

    assert rows(asked(f"?{query}")) == ["Cita"]


def test_before_the_first_stop_the_page_says_so():
    page = asked()

    assert "The caravan has not set off yet" in page
    assert '<svg class="map"' in page


def test_a_filter_that_finds_nothing_offers_all_again(home):
    a_public_stop("Cita")
    a_public_stop("Feta", days=-400)

    page = asked("?kind=coming&year=2025")

    assert "No stop and no good practice is like that" in page
    assert "See them all" in page


def test_nobody_sees_what_is_not_fixed_or_was_called_off(home):
    a_public_stop("Esborrany", case=None)
    a_public_stop("Sense data", appointment=None)
    a_public_stop(
        "Data anul·lada", appointment=a_date(5, state=Appointment.State.CANCELLED)
    )
    withdrawn = a_public_stop("Retirada")
    cases.cancel(withdrawn.case)
    a_public_practice(home, "Pàgina despublicada").page.unpublish()

    page = asked()

    assert rows(page) == []
    for title in ("Esborrany", "Sense data", "anul·lada", "Retirada", "despublicada"):
        assert title not in page


def test_the_page_has_bodies_and_no_people():
    teller = User.objects.create_user(
        email="nuria@granollers.example", name="Núria Vila"
    )
    granollers = a_place("Granollers", "08096", "Vallès Oriental")
    a_public_stop(
        contact_name="Pere Puig",
        contact_email="pere@vic.example",
        contact_phone="+34 938 000 000",
        rapporteur=Offer.objects.create(body=granollers, user=teller),
    )

    page = asked()

    assert "Vic, with a rapporteur of Granollers" in page
    for private in ("Pere", "Núria", "Ada Puig", "938", "@vic.example", "@granollers"):
        assert private not in page


def test_what_people_wrote_is_shown_as_they_wrote_it():
    a_public_stop('<script>alert(1)</script> "& més"')

    page = asked()

    assert "<script>alert" not in page
    assert rows(page) == ['<script>alert(1)</script> "& més"']


def test_a_body_without_a_municipality_is_in_the_list_alone():
    stop = a_public_stop(
        "Consorci", body=a_place("Consorci", "aoc", "", kind="consortium")
    )
    town = a_place("Barcelona", "08019", "Barcelonès")
    institute = a_place("Institut", "imhb", "", kind="autonomous_body", parent=town)
    own = a_public_stop("Institut", body=institute)

    page = asked()

    assert anchors(page) == {f"stop-{stop.pk}", f"stop-{own.pk}"}
    assert leads_to(page) == {f"stop-{own.pk}"}
    assert rows(asked("?comarca=Barcelon%C3%A8s")) == ["Institut"]


@pytest.mark.parametrize("number", [3, 30, 60, 100])
def test_no_dot_covers_another(number):
    towns = [a_place("Barcelona", "08019"), a_place("l’Hospitalet", "08101")]
    many_stops(number, lambda each: towns[each % 2])

    dots = CIRCLE.findall(asked())

    assert len(dots) == number
    places = [(float(x), float(y), int(r)) for x, y, r in dots]
    assert all(hypot(a - c, b - d) > r + s for (a, b, r), (c, d, s) in pairs(places))
    width, height = geometry.drawn()["width"], geometry.drawn()["height"]
    assert all(r <= x <= width - r and r <= y <= height - r for x, y, r in places)


def pairs(places: list[tuple[float, float, int]]) -> Iterator[Any]:
    return combinations(places, 2)


def test_the_page_costs_as_many_queries_for_60_as_for_one(home):
    a_caravan_page(home)

    def queries(number: int) -> int:
        GoodPracticePage.objects.all().delete()
        Stop.objects.all().delete()
        GoodPractice.objects.all().delete()
        teller = User.objects.get_or_create(email="t@granollers.example")[0]
        offers = Offer.objects.get_or_create(body=a_place(), user=teller)
        for each, stop in enumerate(many_stops(number, all_over())):
            a_public_practice(
                home, f"Pràctica {number} {each}", stop=stop if each % 2 else None
            )
            Stop.objects.filter(pk=stop.pk).update(rapporteur=offers[0])
        asked()
        with CaptureQueriesContext(connection) as made:
            page = asked()
        assert len(anchors(page)) >= number
        return len(made)

    assert queries(1) == queries(60) <= 8


@pytest.mark.parametrize("number", [60, 100])
def test_the_page_is_small(number):
    many_stops(number, all_over())

    assert len(gzip.compress(asked().encode())) < MOST * 1024


def test_each_municipality_is_drawn_and_has_its_middle_in_the_province():
    ground = geometry.drawn()

    assert len(ground["towns"]) == 311
    for town in ground["towns"].values():
        assert re.fullmatch(r"(M[-\d. ]+l[-\d. ]+z)+", town["shape"])
        assert 0 < town["at"][0] < ground["width"]
        assert 0 < town["at"][1] < ground["height"]
    for path in (ground["land"], ground["municipalities"], ground["comarques"]):
        # Nothing after a step that is missing would be drawn.
        assert re.fullmatch(r"(M[-\d. ]+l[-\d. ]+z?)+", path)


@pytest.mark.parametrize(
    ("code", "other", "km"),
    [
        ("08019", "08298", 58),
        ("08019", "08101", 7),
        ("08019", "08022", 82),
        ("08019", "08019", 0),
    ],
)
def test_how_far_two_municipalities_are(code, other, km):
    assert geometry.distance(code, other) == pytest.approx(km, abs=2)
    assert geometry.distance(other, code) == geometry.distance(code, other)


def test_nothing_is_far_from_where_nobody_knows():
    assert geometry.centre("aoc") is None
    assert geometry.distance("08019", "17079") is None


def test_what_is_remembered_of_it_lasts_until_a_stop_begins(settings):
    settings.REMEMBERED_SECONDS = 60
    a_public_stop("Una", days=1)
    a_public_stop("Altra", days=2)
    assert rows(asked("?kind=coming")) == ["Una", "Altra"]

    with CaptureQueriesContext(connection) as made:
        assert rows(asked("?kind=past")) == []
    assert not any("caravan_stop" in query["sql"] for query in made)

    with time_machine.travel(NOW + timedelta(days=1, seconds=30), tick=False):
        assert rows(asked("?kind=stops&year=2026")) == ["Altra", "Una"]
        assert rows(asked("?kind=past")) == ["Una"]


def test_search_engines_find_it_in_each_language():
    told = Client().get("/sitemap.xml").content.decode()

    for language in ("ca", "es", "en"):
        assert f"/{language}/caravan/map/</loc>" in told
        assert re.search(rf'hreflang="{language}" href="[^"]+/caravan/map/"', told)


@pytest.mark.any_database
@pytest.mark.parametrize("text", ["{", "[]", '{"objects": {}}'])
def test_what_is_no_map_is_refused_and_nothing_is_written(tmp_path, text):
    file, to = tmp_path / "wrong.json", tmp_path / "map.json"
    file.write_text(text)

    with pytest.raises(CommandError, match=r"wrong\.json"):
        call_command("draw_map", file, to=to)

    assert not to.exists()


@pytest.mark.any_database
def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="none"):
        call_command("draw_map", tmp_path / "none.json")
