"""What somebody reads and does who is offered a place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from re import sub
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from community.models import Message
from community.privacy import links
from events import offers, registrations, sessions
from events.models import Registration, Session
from tests.factories import a_registration, a_series, a_session, a_user
from tests.factories.pages import a_home

pytestmark = pytest.mark.django_db

# Thursday at ten in Barcelona, in winter.
STARTS = datetime(2027, 2, 25, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = STARTS - 10 * DAY


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as clock:
        a_home()
        yield clock


@pytest.fixture
def session() -> Session:
    return a_session(1, starts=STARTS, series=a_series(promotion="offer"))


@pytest.fixture
def ada(session: Session) -> Registration:
    """Who is offered the place; one person waits behind her."""
    first, ada, _next = (
        a_registration(session, f"{name}@council.example", name=f"{name} Puig")
        for name in ("Marc", "Ada", "Pau")
    )
    registrations.cancel(first, Registration.Reason.PERSON)
    ada.refresh_from_db()
    return ada


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(sub(r"<[^>]+>", " ", main)).split())


def address(name: str, registration: Registration) -> str:
    return reverse(name, args=[registration.token])


def open_page(registration: Registration) -> str:
    return words(Client().get(address("my_registration", registration)))


def press(name: str, registration: Registration) -> str:
    """Press the button `name`, and read the page that comes of it."""
    answer = Client().post(address(name, registration), follow=True)
    assert answer.status_code == 200
    return words(answer)


def test_the_page_says_by_when_and_how_long_that_is(ada, clock):
    clock.move_to(NOW + 2 * HOUR)

    page = open_page(ada)

    assert "Hi ha una plaça per a vós, Ada" in page
    assert "fins al dimarts 16 de febrer de 2027, a les 10 h" in page
    assert "encara teniu 22 hores" in page
    assert "Accepto la plaça" in page
    assert "No la vull" in page


@pytest.mark.parametrize("name", ["my_registration", "accept_offer", "ask_again"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_answers_nothing(ada, name, method):
    before = list(Message.objects.values())

    assert getattr(Client(), method)(address(name, ada)).status_code == 200

    ada.refresh_from_db()
    assert ada.state == "offered"
    assert list(Message.objects.values()) == before


ANSWERS = {
    "accepted": ("accept_offer", None, "Ja hi teniu plaça, Ada"),
    "declined": ("cancel_registration", None, "No heu volgut la plaça"),
    "too late, and passed on": (
        "accept_offer",
        lambda ada, clock: (clock.move_to(NOW + DAY), offers.expire_due(9)),
        "S’ha acabat el termini per contestar",
    ),
    "too late, and nobody else has it": (
        "accept_offer",
        lambda ada, clock: clock.move_to(NOW + DAY + HOUR),
        "Ja hi teniu plaça, Ada",
    ),
    "taken back": (
        "accept_offer",
        lambda ada, clock: offers.take_back(ada, by=a_user(), reason="-"),
        "Quan heu contestat, la plaça ja no se us oferia.",
    ),
    "given by staff": (
        "accept_offer",
        lambda ada, clock: registrations.grant(ada, by=a_user(), reason="-"),
        "Ja hi teniu plaça, Ada",
    ),
    "called off": (
        "accept_offer",
        lambda ada, clock: sessions.cancel(ada.session),
        "La sessió s’ha anul·lat",
    ),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_who_answers_reads_what_came_of_it_once_and_twice(ada, clock, what):
    name, happens, heading = ANSWERS[what]
    if happens:
        happens(ada, clock)

    assert heading in press(name, ada)
    told = Message.objects.count()
    # The second click of two, and who goes back and presses again.
    assert heading in press(name, ada)
    assert Message.objects.count() == told


def test_when_the_time_is_up_and_nobody_else_has_it_the_page_says_so(ada, clock):
    clock.move_to(NOW + DAY + HOUR)

    page = open_page(ada)

    assert "encara no la té ningú altre: encara la podeu acceptar" in page
    assert "Accepto la plaça" in page


def test_who_lost_the_offer_asks_again_by_one_button(ada, session):
    offers.decline(ada)
    assert "Torna-ho a demanar" in open_page(ada)

    page = press("ask_again", ada)

    assert "Sou a la llista d’espera, Ada" in page
    assert "número 1 de la llista" in page
    [again] = session.registrations.active().of_address(ada.email)
    assert again.state == "waiting"
    assert "Sou a la llista d’espera, Ada" in press("ask_again", ada)
    assert "Després us hi heu tornat a inscriure" in open_page(ada)
    assert "Torna-ho a demanar" not in open_page(ada)


def test_who_registered_again_elsewhere_is_shown_nothing_of_it(ada, session):
    offers.decline(ada)
    elsewhere = a_registration(session, ada.email)

    answer = Client().post(address("ask_again", ada), follow=True)

    assert elsewhere.token not in str(answer.redirect_chain) + words(answer)
    assert "busqueu aquell correu" in words(answer)


def test_only_who_lost_an_offer_asks_again(ada):
    registrations.cancel(ada, Registration.Reason.STAFF)

    press("ask_again", ada)

    assert not ada.session.registrations.active().of_address(ada.email).exists()


def test_once_registration_is_closed_nobody_is_told_to_ask_again(ada, session, clock):
    offers.decline(ada)
    Session.objects.filter(pk=session.pk).update(closes=NOW)

    page = open_page(ada)

    assert "La inscripció és tancada." in page
    assert "Torna-ho a demanar" not in page
    assert "La inscripció és tancada." in press("ask_again", ada)


def test_my_registrations_show_the_offer_and_lead_to_it(ada):
    client = Client()
    mailed = Message.objects.create(
        kind="my_registrations", recipient=ada.email, language="ca"
    )
    client.post(links.link_in(mailed).removeprefix("http://testserver"))

    page = client.get("/ca/my-registrations/")

    assert "Us oferim una plaça" in words(page)
    assert "accepteu-la fins al dimarts 16 de febrer" in words(page)
    assert address("my_registration", ada) in page.content.decode()
