"""Robots and floods at the public forms; people pass."""

import pytest
from django.core.cache import cache
from django.test import Client

from events.models import Follower, Registration
from tests.factories import a_session
from tests.factories.pages import a_home

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    cache.clear()
    a_home()


def send(client: Client, session, **more):
    data = {
        "name": "Maria Güell",
        "email": "maria@council.example",
        "body": "Ens nou",
        "other_body": "on",
        "language": "ca",
    }
    return client.post(f"/ca/s/{session.code}/register/", {**data, **more})


def test_who_fills_in_the_hidden_field_is_not_registered_and_is_told(client):
    response = send(client, a_session(), website="https://spam.example/")

    assert response.status_code == 422
    assert not Registration.objects.exists()


def test_a_form_sent_back_at_once_has_to_be_sent_again_and_keeps_what_was_typed(
    client, settings
):
    settings.FORM_SECONDS = 60
    session = a_session()
    page = client.get(f"/ca/s/{session.code}/register/")
    shown = page.context["form"]["shown"].value()

    quick = send(client, session, shown=shown)
    assert quick.status_code == 422
    assert "Maria Güell" in quick.text

    settings.FORM_SECONDS = 0
    assert send(client, session, shown=shown).status_code == 302
    assert Registration.objects.count() == 1


def test_two_hundred_people_of_one_town_hall_register_in_a_minute(client):
    session = a_session()

    for number in range(200):
        response = send(
            Client(REMOTE_ADDR="192.0.2.1"), session, email=f"p{number}@council.example"
        )
        assert response.status_code == 302

    assert Registration.objects.count() == 200


def test_nobody_can_flood_one_address_with_our_mail(client):
    sessions = [a_session() for _ in range(12)]

    answers = [send(client, session).status_code for session in sessions]

    assert answers == [302] * 10 + [422] * 2


def test_the_same_text_from_many_addresses_is_stopped_and_other_words_are_not(client):
    session = a_session()
    text = "Compreu ara el nostre producte meravellós a bon preu"

    answers = [
        send(client, session, email=f"p{n}@spam.example", question=text).status_code
        for n in range(21)
    ]
    other = send(client, session, email="me@council.example", question="Com es fa?")

    assert answers == [302] * 20 + [422]
    assert other.status_code == 302


def test_asking_to_follow_is_counted_too(client):
    series = a_session().series
    address = f"/ca/series/{series.code}/follow/"

    answers = [
        client.post(address, {"email": "me@council.example"}).status_code
        for _ in range(11)
    ]

    assert answers == [200] * 10 + [422]
    assert Follower.objects.count() == 1
