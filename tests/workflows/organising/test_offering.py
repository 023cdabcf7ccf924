"""What an organiser sees of offered places, and does about them and the list."""

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry as logs

from community.models import Message
from events import offers, registrations
from events.models import Registration, Session
from events.retention import erase
from tests.factories import a_registration, a_session

State = Registration.State


@pytest.fixture
def session(series) -> Session:
    series.promotion = "offer"
    series.save()
    return a_session(1, series=series)


@pytest.fixture
def people(session) -> list[Registration]:
    """Ada has given up her place, it is offered to Biel; Carla and Dídac wait."""
    ada, *others = (
        a_registration(session, f"{name}@council.example", name=name)
        for name in ("Ada", "Biel", "Carla", "Didac")
    )
    registrations.cancel(ada, Registration.Reason.PERSON)
    for row in others:
        row.refresh_from_db()
    return others


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def address(name: str, row) -> str:
    return reverse(f"sessions:{name}", args=[row.pk])


def confirm(client: Client, name: str, row, **sent: str) -> None:
    shown = client.post(address(name, row), sent)
    hidden = dict(shown.context["sent"]) | {"seen": shown.context["seen"]}
    assert (
        client.post(address(name, row), {**hidden, "confirm": "1"}).status_code == 302
    )


def test_the_screens_say_what_is_offered_and_until_when(session, people, sign_in):
    biel, *_waiting = people
    client = sign_in()
    until = timezone.localtime(biel.offered_until)

    assert f"Until {until:%d/%m/%Y %H:%M}" in text_of(
        client.get(address("people", session), {"state": "offered"})
    )
    assert "the next is to be answered by" in text_of(
        client.get(address("session", session))
    )
    assert "To be answered by" in text_of(client.get(address("registration", biel)))

    offers.decline(biel)
    assert "Not wanted" in text_of(client.get(address("registration", biel)))


def test_taking_an_offer_back_shows_first_who_is_told_and_keeps_the_reason(
    session, people, sign_in
):
    biel, carla, _didac = people
    client = sign_in()

    shown = text_of(client.post(address("take_back", biel), {"reason": "Un error"}))

    assert "2 people will be told" in shown
    assert "Biel waits, as number 1 in the list." in shown
    assert "The place is offered to Carla" in shown
    biel.refresh_from_db()
    assert biel.state == State.OFFERED

    confirm(client, "take_back", biel, reason="Un error")
    assert "Offer taken back: «Un error»" in text_of(
        client.get(address("registration", biel))
    )
    carla.refresh_from_db()
    assert carla.state == State.OFFERED


def test_more_places_say_to_how_many_they_are_offered(session, people, sign_in):
    shown = text_of(
        sign_in().post(address("places", session), {"capacity_online": "3"})
    )

    assert "Places are offered to 2 people of the waiting list, by mail." in shown
    assert "2 people will be told" in shown


def test_somebody_is_moved_in_the_list_for_a_reason_that_both_histories_keep(
    session, people, sign_in
):
    _biel, _carla, didac = people
    client = sign_in()
    mails = Message.objects.count()
    form = text_of(client.get(address("move_in_line", didac)))
    assert "It is number 2 of 2 now." in form

    client.post(
        address("move_in_line", didac), {"position": "1", "reason": "Ve de lluny"}
    )

    didac.refresh_from_db()
    assert didac.queue_position == 1
    assert Message.objects.count() == mails, "nobody gets a mail of it"
    for name, row in (("registration", didac), ("session", session)):
        page = text_of(client.get(address(name, row)))
        assert "Moved in the waiting list: «Ve de lluny»" in page


@pytest.mark.parametrize("position", ["0", "-1", "x", ""])
def test_a_number_that_is_none_is_asked_for_again(session, people, sign_in, position):
    *_, didac = people
    client = sign_in()

    answer = client.post(
        address("move_in_line", didac), {"position": position, "reason": "Perquè sí"}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["position"]
    didac.refresh_from_db()
    assert didac.queue_position == 2


def test_why_somebody_was_moved_is_forgotten_with_them(session, people, sign_in):
    *_, didac = people
    client = sign_in()
    client.post(address("move_in_line", didac), {"position": "1", "reason": "Secret"})

    erase([didac])

    for row in (didac, session):
        entries = logs.get_logs_for_instance(row).filter(action="events.move_in_line")
        assert [entry.data for entry in entries] == [{}]


def test_the_printed_list_has_only_those_who_come(session, people, sign_in):
    Session.objects.filter(pk=session.pk).update(capacity_online=2)
    biel, carla, _didac = people
    client = sign_in()
    registrations.grant(carla, by=client.user, reason="-")

    printed = text_of(client.get(address("print_people", session)))

    assert "Carla" in printed
    assert "Biel" not in printed


def test_the_form_of_a_series_says_what_an_offer_is(series, sign_in):
    client = sign_in("Coordinators")

    page = text_of(client.get(reverse("series:edit", args=[series.pk])))

    assert "is to be accepted within a day" in page


def test_an_offer_ends_before_the_session_whatever_happens(session, people, sign_in):
    """As an organiser moves it to tomorrow."""
    biel, *_ = people
    starts = timezone.now() + timedelta(hours=6)
    day = timezone.localtime(starts)
    confirm(
        sign_in(),
        "move",
        session,
        date=f"{day:%d/%m/%Y}",
        start_time=f"{day:%H:%M}",
        end_time="23:59",
    )

    assert biel.offers.get().expires < starts - timedelta(hours=2)
