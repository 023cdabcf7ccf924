"""Who gets no mail learns it from us, and nobody else does."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from community.messages import suppressions
from community.models import Message, Suppression
from community.privacy import links
from tests.factories import a_registration, a_session
from tests.factories.pages import a_home

ADA = "ada@council.example"
Reason = Suppression.Reason

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_site():
    cache.clear()
    a_home()


def mark(reason: str) -> None:
    row = Message.objects.filter(recipient=ADA).latest("pk")
    suppressions.suppress(row, reason, "550 5.1.1 No such person")


def opened_link() -> Client:
    row = Message.objects.create(kind="my_registrations", recipient=ADA, language="ca")
    client = Client()
    client.post(links.link_in(row).removeprefix("http://testserver"))
    return client


def page(client: Client) -> str:
    with override("ca"):
        return client.get(reverse("my_registrations")).content.decode()


def test_who_uses_the_mailed_link_gets_mail_again():
    a_registration(a_session(), ADA)
    mark(Reason.BOUNCED)

    client = opened_link()

    assert suppressions.suppression_of(ADA) is None
    assert "El correu que us enviem torna" not in page(client)


def test_opening_the_link_is_not_enough_since_filters_open_every_link():
    a_registration(a_session(), ADA)
    mark(Reason.BOUNCED)
    row = Message.objects.create(kind="my_registrations", recipient=ADA, language="ca")

    Client().get(links.link_in(row).removeprefix("http://testserver"))

    assert suppressions.suppression_of(ADA)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.BOUNCED, "El correu que us enviem torna"),
        (Reason.COMPLAINED, "No us enviem correus"),
    ],
)
def test_ones_own_list_says_that_mail_does_not_come(reason, words):
    a_registration(a_session(), ADA)
    client = opened_link()
    assert words not in page(client)

    mark(reason)

    assert words in page(client)


def test_what_is_held_says_it_too():
    a_registration(a_session(), ADA)
    mark(Reason.COMPLAINED)
    client = opened_link()

    with override("ca"):
        held = client.get(reverse("my_data")).content.decode()

    assert "550 5.1.1 No such person" in held


def test_a_form_tells_a_stranger_nothing_of_the_address():
    session = a_session()
    with override("ca"):
        asking = reverse("my_registrations")
    before = Client().post(asking, {"email": ADA}).content
    a_registration(session, ADA)
    mark(Reason.BOUNCED)
    cache.clear()

    after = Client().post(asking, {"email": ADA}).content

    # Whatever is drawn anew for each form aside.
    assert b"torna" not in after
    assert len(after) == len(before)
