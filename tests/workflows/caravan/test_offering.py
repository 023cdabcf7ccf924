"""Offering to tell of others, by the pages of one's body."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from community.models import Role
from tests.factories.acting import a_town, acting
from tests.factories.caravan import an_offer
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import Sides, url
from tests.workflows.requesting.pages import browser, words
from workflows.caravan.models import Offer

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {
    "fields_of_interest": ["services", "big-data"],
    "forms_of_visit": ["in-person"],
    "distance": "40",
    "dates": "Els dijous",
    "away": "",
    "experience": "Periodista.",
}


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def page_of(mine: Any, name: str = "caravan_offer") -> str:
    return url(name, mine.body.code)


def test_an_offer_is_made_once_for_each_body_and_changed_in_the_same_form():
    mine = acting(a_town())
    client = browser(mine)

    made = client.post(page_of(mine), SAID)
    assert "offered" in made.url
    assert client.get(made.url).status_code == 200
    assert "Periodista." in client.get(page_of(mine)).content.decode()
    client.post(page_of(mine), {**SAID, "distance": "", "experience": "Cap"})

    offer = Offer.objects.get()
    assert (offer.body, offer.user) == (mine.body, mine.user)
    assert (offer.fields, offer.forms) == (["services", "big-data"], ["in-person"])
    assert (offer.distance, offer.experience) == (None, "Cap")


def test_two_of_one_body_offer_each_her_own():
    town = a_town()
    for _each in range(2):
        mine = acting(town)
        browser(mine).post(page_of(mine), SAID)

    assert Offer.objects.standing().count() == 2


def test_days_are_written_as_people_write_them_and_those_that_passed_are_dropped():
    mine = acting(a_town())
    client = browser(mine)
    day = timezone.localdate() + timedelta(days=9)
    other = day + timedelta(days=1)

    days = f"{day:%d/%m/%Y}, {other:%Y-%m-%d}\n{other:%d.%m.%Y};1/1/2020"
    client.post(page_of(mine), {**SAID, "away": days})

    assert Offer.objects.get().away == [day.isoformat(), other.isoformat()]
    assert (
        f"{day:%d/%m/%Y}\n{other:%d/%m/%Y}"
        in client.get(page_of(mine)).content.decode()
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"away": "demà"}, "“demà” is no day."),
        ({"away": "31/02/2030"}, "“31/02/2030” is no day."),
        ({"away": "99/99/99999"}, "is no day."),
        ({"fields_of_interest": []}, "Choose one field at least."),
        ({"fields_of_interest": ["cooking"]}, "cooking"),
        ({"distance": "-1"}, "greater than or equal to 1"),
        ({"distance": "molts"}, "whole number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(wrong, said):
    mine = acting(a_town())

    page = browser(mine).post(page_of(mine), {**SAID, **wrong})

    assert page.status_code == 422
    assert said in words(page)
    assert "Periodista." in page.content.decode()
    assert not Offer.objects.exists()


def test_an_offer_is_withdrawn_by_a_button_and_can_be_made_again():
    mine = acting(a_town())
    client, address = browser(mine), page_of(mine, "caravan_unoffer")
    an_offer(mine)

    assert client.get(address).status_code == 200
    assert Offer.objects.standing().exists()
    client.post(address)
    assert not Offer.objects.standing().exists()
    assert "already" in client.post(address).url

    client.post(page_of(mine), SAID)
    assert Offer.objects.standing().get().experience == "Periodista."
    assert Offer.objects.count() == 2


def test_withdrawing_it_leaves_what_was_said_yes_to_and_says_so():
    way = Sides("dates")
    address = page_of(way.teller, "caravan_unoffer")

    assert "goes on" in words(way.as_teller().get(address))
    way.as_teller().post(address)

    assert way.as_teller().get(way.of()).status_code == 200


@pytest.mark.parametrize("name", ["caravan_offer", "caravan_unoffer"])
def test_readers_and_strangers_offer_nothing(name):
    town = a_town()
    reader, stranger = acting(town, Role.READER), acting(a_town())

    for client, code in ((browser(reader), 403), (browser(stranger), 404)):
        assert client.get(url(name, town.code)).status_code == code
        assert client.post(url(name, town.code), SAID).status_code == code
    assert not Offer.objects.exists()


def test_signed_out_or_with_a_token_of_before_nothing_is_lost():
    mine = acting(a_town())

    late = Client().post(page_of(mine), SAID)
    page = browser(mine, enforce_csrf_checks=True).post(page_of(mine), SAID)

    assert (late.status_code, page.status_code) == (401, 422)
    assert "Periodista." in late.content.decode()
    assert "Periodista." in page.content.decode()
    assert not Offer.objects.exists()
