"""Other bodies adapt a good practice: who may say so and ask for help, and what the
team hears of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from community.models import Message, Role, User
from tests.factories.acting import a_town, acting
from tests.factories.caravan import PUBLISH, a_caravan, a_house, at, kit_done
from tests.factories.cases import a_unit, a_worker
from tests.factories.pages import a_home
from tests.factories.practices import a_caravan_page, a_practice, a_told_stop
from workflows.caravan.models import Adaptation, GoodPractice, Stop, StopEvaluation
from workflows.caravan.practices import adapting, publishing

pytestmark = pytest.mark.django_db

TEAM = "equip@placa.example"
AGAIN = 422


@pytest.fixture(autouse=True)
def caravan() -> None:
    cache.clear()
    a_caravan_page(a_home())
    unit = a_unit()
    unit.email = TEAM
    unit.save()
    a_caravan(unit)


def a_body_of(population: int | None) -> Any:
    body = a_town()
    if population is not None:
        body.population, body.population_year = population, 2025
        body.population_source = "Idescat"
        body.save()
    return body


def signed_in(user: User) -> Client:
    """The browser of who has shown that the address is hers."""
    link = Message.objects.create(kind="my_bodies", recipient=user.email, language="ca")
    client = Client()
    session = client.session
    until = timezone.now() + timedelta(minutes=59)
    session["my_data"] = {"mail": link.pk, "until": until.isoformat()}
    session.save()
    return client


def staff() -> Client:
    client = Client()
    client.force_login(a_worker(role="Coordinators"))
    return client


def address_of(practice: GoodPractice) -> str:
    with override("en"):
        return reverse("caravan_adapt", args=[practice.key])


def send(practice: GoodPractice, client: Client, **values: Any) -> HttpResponse:
    return client.post(address_of(practice), {"state": "interested", **values})


def test_who_acts_for_a_body_says_that_it_adapts_it_and_changes_that_later():
    practice, mine = a_practice(), acting(a_town())
    client = signed_in(mine.user)

    answer = send(practice, client, text="Per al mercat")

    assert answer.status_code == 302
    row = Adaptation.objects.get()
    assert (row.body, row.by, row.text) == (mine.body, mine.user, "Per al mercat")
    assert "Per al mercat" in client.get(answer.url).content.decode()
    send(practice, client, state="done")
    row.refresh_from_db()
    assert row.state == Adaptation.State.DONE
    assert Adaptation.objects.count() == 1


def test_who_is_not_signed_in_is_led_there_and_nothing_is_written():
    practice = a_practice()

    answer = send(practice, Client())

    assert answer.status_code == 200
    assert b"login" in answer.content
    assert not Adaptation.objects.exists()


def test_who_only_reads_for_a_body_or_is_of_the_one_that_has_done_it_cannot_say_so():
    practice = a_practice()
    for mine in (acting(a_town(), Role.READER), acting(practice.body)):
        send(practice, signed_in(mine.user))
        with pytest.raises((PermissionDenied, ValidationError)):
            adapting.say(practice, mine.body, by=mine.user, state="done")

    assert not Adaptation.objects.exists()


def test_for_a_body_that_is_not_hers_nobody_says_anything():
    practice, mine, other = a_practice(), acting(a_town()), a_town()

    send(practice, signed_in(mine.user))
    with pytest.raises(PermissionDenied):
        adapting.say(practice, other, by=mine.user, state="done")

    assert [row.body for row in Adaptation.objects.all()] == [mine.body]


def test_of_what_is_not_published_there_is_no_such_page():
    practice, mine = publishing.draft(a_told_stop()), acting(a_town())

    assert send(practice, signed_in(mine.user)).status_code == 404


def test_a_small_body_asks_for_help_and_the_team_gets_one_mail(work, smtp_server):
    practice = a_practice("Cita prèvia")
    mine = acting(a_body_of(5000))
    client = signed_in(mine.user)

    for _ in range(2):
        send(practice, client, wants_help="on")
    work()

    [mail] = smtp_server.mails_to(TEAM)
    assert mine.body.name in mail["Subject"]
    assert "Cita prèvia" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("population", [5001, None])
def test_a_larger_body_is_not_offered_help(population):
    practice, mine = a_practice(), acting(a_body_of(population))
    client = signed_in(mine.user)

    assert "wants_help" not in client.get(address_of(practice)).content.decode()
    send(practice, client, wants_help="on")
    with pytest.raises(ValidationError):
        adapting.say(practice, mine.body, by=mine.user, state="done", wants_help=True)

    assert not Adaptation.objects.get().wants_help
    assert not Message.objects.filter(kind=adapting.HELP).exists()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost():
    practice, mine = a_practice(), acting(a_town())

    answer = send(practice, signed_in(mine.user), state="zzz", text="Per al mercat")

    assert answer.status_code == AGAIN
    assert "Per al mercat" in answer.content.decode()
    assert not Adaptation.objects.exists()


def test_the_staff_find_who_asks_for_help_and_take_the_list_out():
    practice = a_practice("Cita prèvia")
    for name, wants in (("Gelida", True), ("Rubió", False)):
        practice.adaptations.create(
            body=a_town(name), wants_help=wants, text="=1+1", state="under-way"
        )
    client = staff()

    shown = client.get(reverse("adaptations:index"), {"wants_help": "true"})

    assert "Gelida" in shown.content.decode()
    assert "Rubió" not in shown.content.decode()
    taken = client.get(reverse("adaptations:index"), {"export": "csv"})
    lines = b"".join(taken).decode().splitlines()
    [line] = [line for line in lines if "Gelida" in line]
    assert line.startswith("Cita prèvia,Gelida,")
    # In words, which no program takes for more than words.
    assert [said for said in ("under-way", "True", ",=1+1") if said in line] == []
    assert ",'=1+1," in line
    # The list leads to all that was said.
    row = practice.adaptations.get(wants_help=True)
    address = reverse("adaptations:inspect", args=[row.pk])
    assert f'href="{address}"' in shown.content.decode()
    assert "=1+1" in client.get(address).content.decode()


# What both sides think ----------------------------------------------------------------


def test_both_sides_say_how_it_went_once_it_is_published():
    house = a_house()
    stop = at(PUBLISH, house)
    kit_done(stop, house)
    practice = publishing.draft(stop)
    clients = [signed_in(m.user) for m in (house.technician, house.teller)]
    page = reverse("caravan_evaluate", args=[stop.key])
    said = {"score": "9", "text": "Més temps per preguntar"}
    assert clients[0].post(page, said).status_code == AGAIN

    practice.page.get_latest_revision().publish()
    assert publishing.follow_due(1) == 1
    for client in clients:
        assert client.post(page, said).status_code == 302
        client.post(page, {**said, "score": "10"})

    rows = StopEvaluation.objects.filter(stop=stop).order_by("side")
    assert [(row.side, row.score) for row in rows] == [("host", 10), ("rapporteur", 10)]
    listed = staff().get(reverse("stop_evaluations:index")).content.decode()
    assert "Més temps per preguntar" in listed


def test_to_others_there_is_no_such_page():
    stop = Stop.objects.get(pk=a_practice().stop_id)
    page = reverse("caravan_evaluate", args=[stop.key])

    assert signed_in(acting(a_town()).user).get(page).status_code == 404
    assert not StopEvaluation.objects.exists()


def test_publishing_the_page_tells_both_sides_and_waits_for_what_they_think(
    work, smtp_server, django_capture_on_commit_callbacks
):
    house = a_house()
    stop = at(PUBLISH, house)
    kit_done(stop, house)

    practice = publishing.draft(stop)
    with django_capture_on_commit_callbacks(execute=True):
        practice.page.get_latest_revision().publish()
    work()

    stop.case.refresh_from_db()
    assert stop.case.state == "waiting"
    for person in (house.technician.user, house.teller.user):
        last = smtp_server.mails_to(person.email)[-1]
        assert stop.title in last.get_body(("plain",)).get_content()
