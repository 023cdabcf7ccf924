"""The catalogue as everybody reads it: what there is, and what a body can request."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import LocalBody
from tests.factories import a_body
from tests.factories.catalogue import (
    a_catalogue,
    a_resource,
    a_resource_page,
    an_area,
    an_edition,
)
from tests.factories.pages import a_home, a_topic, make_private, translated
from tests.test_security import HOSTILE
from workflows.catalogue import offers, requested, shelf
from workflows.catalogue.models import Criterion, InForce, Instrument, Question

pytestmark = pytest.mark.django_db

SOON = timezone.now() + timedelta(days=9)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()
    caches["pages"].clear()


@pytest.fixture
def catalogue():
    return a_catalogue(a_home())


@pytest.fixture
def vic() -> LocalBody:
    figures = {"population": 47_000, "population_year": 2025}
    return a_body("Vic", code="08298", population_source="Padró", **figures)


def read(address: str, **asked: str) -> str:
    return Client().get(address, asked, follow=True).content.decode()


def test_it_lists_what_is_published_and_nothing_else(catalogue):
    a_resource(name="Es veu")
    a_resource(name="Sense edició", edition={"is_published": False})
    a_resource(name="Fora del catàleg", listed=False)

    words = read(catalogue.url)

    assert "Es veu" in words
    assert "Sense edició" not in words
    assert "Fora del catàleg" not in words
    assert "1 recurs" in words


def test_a_body_named_in_words_gets_an_address_with_its_code(catalogue, vic):
    a_resource(name="Un recurs")
    answer = Client().get(catalogue.url, {"body": "vic", "kind": "municipality"})

    assert answer.status_code == 302
    assert answer.url == f"{catalogue.url}?body=08298&kind=municipality"
    assert "Vic" in read(answer.url)


def test_the_address_of_a_merged_body_leads_to_the_one_that_goes_on(catalogue, vic):
    a_body("Vila Vella", code="08999", merged_into=vic)
    resource = a_resource()

    for address in (catalogue.url, resource.get_absolute_url()):
        led = Client().get(address, {"body": "08999", "year": "2026"})
        assert led.url == f"{address}?body=08298&year=2026"


def test_of_several_bodies_it_asks_which(catalogue, vic):
    a_body("Vic del Munt", code="munt")
    a_body("Vic de Baix", code="baix")

    words = read(catalogue.url, body="vic d")
    assert 'value="munt"' in words
    assert 'value="baix"' in words

    chosen = Client().get(catalogue.url, {"body": "vic d", "chosen": "munt"})
    assert chosen.url == f"{catalogue.url}?body=munt"


@pytest.mark.parametrize("text", ["cap lloc", "x" * 5000, "<script>", "%", "'"])
def test_a_body_that_nobody_knows_is_told_so(catalogue, vic, text):
    answer = Client().get(catalogue.url, {"body": text})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main")[1]


def test_what_closes_at_midnight_is_open_until_the_day_before(catalogue, vic):
    opens = timezone.now() - timedelta(days=1)
    midnight = datetime(opens.year + 2, 4, 1, tzinfo=timezone.get_current_timezone())
    a_resource(name="Portal", edition={"opens": opens, "closes": midnight})

    words = read(catalogue.url, body=vic.code)

    assert f"31 de març de {midnight.year}" in words
    assert f"1 d’abril de {midnight.year}" not in words


def test_what_a_body_can_request_and_why_not_the_rest(catalogue, vic):
    a_resource(name="Sí que pot", most=50_000, limit=1)
    a_resource(name="Massa gran", most=20_000)
    a_resource(name="Per a comarques", kinds=["county_council"])
    protocol = Instrument.objects.create(code="protocol", name="Protocol general")
    a_resource(name="Cal signar", instrument=protocol)
    soon = timezone.now() + timedelta(days=9)
    a_resource(name="Aviat", edition={"opens": soon, "closes": None})

    words = read(catalogue.url, body=vic.code)

    for said in (
        "Sí, fins al",
        "47.000 habitants (2025)",
        "fins a 20.000 habitants",
        "No, és per a",
        "Protocol general",
        "Encara no: s’obre",
        "1 es pot demanar avui",
    ):
        assert said in words, said
    only = read(catalogue.url, body=vic.code, can="yes")
    assert "Sí que pot" in only
    assert "Massa gran" not in only


def test_the_sheet_says_each_rule_with_what_was_found(catalogue, vic):
    resource = a_resource(
        name="Portal", most=20_000, limit=1, actions="Mira: què hi ha"
    )
    page = a_resource_page(catalogue, resource)
    edition = resource.editions.get()
    Criterion.objects.create(edition=edition, name="Mida", how="Com menys", most=40)
    Question.objects.create(resource=resource, kind="file", label="Compromís")

    plain = read(page.url)
    for said in ("Què hi ha", "Mida", "Compromís", "Fins a 20.000 habitants"):
        assert said in plain, said

    words = read(page.url, body="vic")
    assert "No, és per a ens d’una altra mida" in words
    assert "47.000 habitants (2025)" in words
    assert "És un dels tipus" in words
    assert "mailto:" not in words.split('class="reasons"')[1].split("<dl")[0]


@pytest.mark.parametrize(
    ("values", "asked", "begins"),
    [
        ({}, {"body": "08298"}, "?body=08298"),
        ({"most": 1}, {"body": "08298"}, None),
        # We do not know how many live there: the unit looks.
        ({"most": 1}, {"body": "nou"}, "?body=nou"),
        ({}, {}, ""),
        ({"edition": {"opens": SOON, "closes": None}}, {}, None),
        ({"edition": {"opens": SOON, "closes": None}}, {"body": "08298"}, None),
        # An old edition is read, not requested.
        ({}, {"body": "08298", "year": "2001"}, None),
    ],
)
def test_what_can_be_requested_leads_to_where_it_is(
    catalogue, vic, values, asked, begins
):
    a_body("Vila Nova", code="nou")
    resource = a_resource(**values)
    past = datetime(2001, 1, 10, tzinfo=UTC)
    an_edition(resource, year=2001, opens=past, closes=past + timedelta(days=9))

    words = read(resource.get_absolute_url(), **asked)

    address = reverse("begin_request", args=[resource.code])
    assert (f'href="{address}' in words) is (begins is not None)
    if begins is not None:
        assert f'href="{address}{begins}"' in words


def test_where_nobody_takes_requests_it_says_whom_to_write_to(
    catalogue, vic, monkeypatch
):
    monkeypatch.setattr(requested, "_takers", [])
    resource = a_resource(name="Portal")
    resource.unit.email = "equip@placa.example"
    resource.unit.save()

    words = read(resource.get_absolute_url(), body=vic.code)

    assert "mailto:equip@placa.example" in words
    assert "/request/" not in words


def test_a_resource_without_a_page_has_a_sheet_and_one_with_a_page_leads_there(
    catalogue,
):
    resource = a_resource(name="Portal")
    address = reverse("resource", args=(resource.code,))
    assert "Portal" in read(address)

    page = a_resource_page(catalogue, resource)
    cache.clear()
    caches["pages"].clear()

    assert Client().get(address).url == page.url
    assert Client().get(address, {"body": "x"}).url == f"{page.url}?body=x"
    make_private(page)
    caches["pages"].clear()
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    "values", [{"listed": False}, {"edition": {"is_published": 0}}]
)
def test_what_is_not_public_is_not_found(catalogue, values):
    resource = a_resource(**values)

    assert Client().get(resource.get_absolute_url()).status_code == 404


def test_an_old_edition_can_be_read_and_says_that_it_is_old(catalogue):
    resource = a_resource(name="Portal")
    year = timezone.localdate().year
    past = timezone.now() - timedelta(days=400)
    an_edition(
        resource,
        year=year - 1,
        opens=past,
        closes=past + timedelta(days=30),
        months=5,
    )
    page = a_resource_page(catalogue, resource)

    assert f"?year={year - 1}" in read(page.url)
    old = read(page.url, year=str(year - 1))
    assert "5 mesos" in old
    assert f"l’edició del {year - 1}" in old
    assert "3 mesos" in read(page.url, year="1789")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"A", "B", "C"}),
        ({"area": "dades"}, {"B"}),
        ({"kind": "consortium"}, {"C"}),
        ({"population": "5000"}, {"A", "C"}),
        ({"population": "50000"}, {"B", "C"}),
        ({"when": "now"}, {"A", "B"}),
        ({"topic": "obertes"}, {"B"}),
        ({"area": "dades", "when": "now"}, {"B"}),
        ({"area": "dades", "kind": "consortium"}, set()),
        (
            {"area": "res", "population": "nou", "page": "99", "when": "x"},
            {"A", "B", "C"},
        ),
    ],
)
def test_filters_choose_and_what_does_not_exist_is_left_out(catalogue, asked, found):
    later = timezone.now() + timedelta(days=9)
    a_resource(name="Recurs-A", most=10_000)
    data = a_resource(name="Recurs-B", area=an_area("dades", "Dades"), least=20_001)
    data.topics.add(a_topic(code="obertes"))
    a_resource(
        name="Recurs-C", kinds=["consortium"], edition={"opens": later, "closes": None}
    )

    words = read(catalogue.url, **asked)

    assert {each for each in "ABC" if f"Recurs-{each}" in words} == found


def test_words_find_in_every_language_and_nothing_of_it_is_kept(
    catalogue, work, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        a_resource(name={"ca": "Obertura de dades", "es": "Apertura de datos"})
        a_resource(name="Integritat")
    work()

    words = read(catalogue.url, words="obertura")

    assert "Obertura de dades" in words
    assert ">Integritat<" not in words
    assert "Cap recurs no és així" in read(catalogue.url, words="zzzz")
    assert "Cap recurs no és així" in read(catalogue.url, words="·")
    assert "Obertura" in read(reverse("search"), q="obertura")
    assert "?q=obertura" in read(reverse("search"), q="obertuta"), "what was meant"


def test_every_language_shows_the_same_resource(catalogue, vic):
    name = {"ca": "Obertura de dades", "es": "Apertura de datos", "en": "Open data"}
    resource = a_resource(name=name)
    home = catalogue.get_parent().specific
    translated(home, "es", slug="es")
    spanish = translated(catalogue, "es", title="Catálogo")
    page = a_resource_page(catalogue, resource)
    caches["pages"].clear()

    words = read(spanish.url, body=vic.code)
    assert "Apertura de datos" in words
    assert "Sí, hasta el" in words
    twin = translated(page, "es", title="Apertura de datos")
    assert "Apertura de datos" in read(twin.url)


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_that_an_address_asks_breaks_it(catalogue, vic, what):
    names = (*shelf.Shelf.ASKS, "year", "body", "chosen", "words")
    page = a_resource_page(catalogue, a_resource())
    value = HOSTILE[what]
    every = "&".join(f"{name}={value}" for name in names)
    with_body = every.replace(f"body={value}", f"body={vic.code}", 1)
    client = Client(raise_request_exception=False)

    for query in (*(f"{name}={value}" for name in names), every, with_body):
        for address in (catalogue.url, page.url):
            answer = client.get(address, QUERY_STRING=query)
            assert answer.status_code < 500, query[:80]
            assert b"<script>alert(1)" not in answer.content, query[:80]


@pytest.mark.parametrize(
    ("edition", "signed", "after", "before_it", "then"),
    [
        # It opens in three hours, it closes in three hours.
        ({"opens": 3, "closes": None}, None, 3, "Encara no", "Sí, sense"),
        ({"opens": -9, "closes": 3}, None, 3, "Sí, fins al", "es va tancar"),
        # What is signed holds from its first day to its last: it is nine at night.
        ({"opens": -9, "closes": None}, (1, 9), 3, "s’ha de signar", "Sí, sense"),
        ({"opens": -9, "closes": None}, (-9, 0), 3, "Sí, sense", "s’ha de signar"),
    ],
)
def test_what_the_clock_changes_is_seen_at_the_very_second(
    catalogue, vic, settings, edition, signed, after, before_it, then
):
    settings.REMEMBERED_SECONDS = 7 * 24 * 3600
    night = datetime(2026, 11, 22, 20, tzinfo=UTC)
    hours = {name: at and night + timedelta(hours=at) for name, at in edition.items()}
    protocol = Instrument.objects.create(code="protocol", name="Protocol")
    a_resource(edition=hours, instrument=protocol if signed else None)
    if signed:
        starts, until = (night.date() + timedelta(days=each) for each in signed)
        InForce.objects.create(
            instrument=protocol, body=vic, starts=starts, until=until
        )
    turn = night + timedelta(hours=after)

    with time_machine.travel(turn - timedelta(seconds=1), tick=False):
        assert before_it in read(catalogue.url, body=vic.code)
    with time_machine.travel(turn, tick=False):
        assert then in read(catalogue.url, body=vic.code)


def test_what_a_process_keeps_of_the_catalogue_nobody_can_change(catalogue, vic):
    a_resource()

    with pytest.raises(TypeError):
        offers.offers()[0] = None
    with pytest.raises(AttributeError):
        offers.offers()[0].name = "Un altre"
    with pytest.raises(TypeError):
        shelf._choices().areas[0] = None


@pytest.mark.slow
def test_it_costs_no_more_for_500_resources_than_for_5(catalogue, vic, settings):
    def queries(code: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(catalogue.url, body=code)
        return len(captured)

    a_body("Gurb", code="gurb")
    for _number in range(5):
        a_resource()
    settings.REMEMBERED_SECONDS = 0
    read(catalogue.url)
    few = queries(vic.code)
    for _number in range(495):
        a_resource()

    assert queries(vic.code) == few
    # For a body that nobody has asked for yet, when others have been.
    settings.REMEMBERED_SECONDS = 60
    caches["pages"].clear()
    read(catalogue.url, body=vic.code)
    assert queries("gurb") <= 12
    assert queries("gurb") == 0
