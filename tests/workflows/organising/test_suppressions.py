"""The organiser sees whose mail does not arrive, and what to do about it."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.messages import suppressions
from community.models import Message, Suppression, Unit
from events import followers
from events.models import Registration
from tests.browser import signing_in
from tests.browser.keyboard import press, write
from tests.factories import a_registration, a_session, a_user

State, Reason = Message.State, Suppression.Reason
HOME = reverse("wagtailadmin_home")
LIST = reverse("messages:without")


@pytest.fixture(autouse=True)
def _a_far_side(settings):
    """Whatever leaves is taken."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def ada(series) -> Registration:
    session = a_session(series=series, code="oberta")
    a_registration(session, "mar@council.example", name="Mar Exemple")
    return a_registration(session, "Ada@council.example", name="Ada Exemple")


def mark(registration: Registration, reason: str = Reason.BOUNCED) -> Suppression:
    row = Message.objects.filter(order_key=registration.thread).latest("pk")
    return suppressions.suppress(row, reason, "550 5.1.1 No such person")


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def lift_of(suppression: Suppression) -> str:
    return reverse("messages:lift", args=[suppression.pk])


@pytest.mark.parametrize(
    ("reason", "tag"),
    [(Reason.BOUNCED, "mail comes back"), (Reason.COMPLAINED, "wants no mail")],
)
def test_the_organiser_is_told_on_the_way_to_the_person(ada, sign_in, reason, tag):
    suppression = mark(ada, reason)
    client = sign_in()
    people = reverse("sessions:people", args=[ada.session_id])

    home = text_of(client.get(HOME))
    session = text_of(client.get(reverse("sessions:session", args=[ada.session_id])))
    listed = text_of(client.get(people))
    narrowed = text_of(client.get(f"{people}?mail=none"))
    person = text_of(client.get(reverse("sessions:registration", args=[ada.pk])))

    assert "1 registration for a session to come gets no mail" in home
    assert f'href="{people}?mail=none">1 person gets no mail' in session
    assert listed.count(tag) == 1
    assert "Mar Exemple" in listed
    assert "Mar Exemple" not in narrowed
    assert "Ada Exemple" in narrowed
    assert "Nothing is sent to Ada@council.example" in person
    assert "550 5.1.1 No such person" in person
    assert f'href="{lift_of(suppression)}"' in person
    # In what happened to the person, by itself.
    assert "nothing more is sent" in person


def test_nobody_is_told_of_what_is_over_or_not_theirs(ada, sign_in):
    mark(ada)
    elsewhere = sign_in(unit=Unit.objects.create(code="elsewhere", name="Una altra"))
    assert "gets no mail" not in text_of(elsewhere.get(HOME))
    assert "Ada@council.example" not in text_of(elsewhere.get(LIST))
    assert elsewhere.get(lift_of(Suppression.objects.get())).status_code == 404

    client = sign_in()
    Registration.objects.filter(pk=ada.pk).update(state=Registration.State.CANCELLED)
    assert "gets no mail" not in text_of(client.get(HOME))
    session = text_of(client.get(reverse("sessions:session", args=[ada.session_id])))
    assert "gets no mail" not in session


def test_the_list_has_the_addresses_of_ones_units(ada, sign_in, series):
    suppression = mark(ada)
    stranger = Message.objects.create(
        kind="mail", recipient="pau@council.example", language="ca"
    )
    suppressions.suppress(stranger, Reason.COMPLAINED, "")
    followers.follow(series, "Rosa@council.example", language="ca")
    asked = Message.objects.latest("pk")
    suppressions.suppress(asked, Reason.COMPLAINED, "abuse")

    mine = text_of(sign_in().get(LIST))
    everything = text_of(sign_in("Administrators", unit=None).get(LIST))

    assert f'href="{lift_of(suppression)}">Ada@council.example' in mine
    assert reverse("sessions:registration", args=[ada.pk]) in mine
    assert "Rosa@council.example" in mine
    assert "pau@council.example" not in mine
    assert "pau@council.example" in everything
    # Who comes to what is not for them.
    assert reverse("sessions:registration", args=[ada.pk]) not in everything

    found = text_of(sign_in().get(f"{LIST}?q=ada"))
    assert "Ada@council.example" in found
    assert "Rosa@council.example" not in found
    chosen = text_of(sign_in().get(f"{LIST}?reason=complained"))
    assert "Ada@council.example" not in chosen


@pytest.mark.parametrize("press", [{"send": "1"}, {}])
def test_lifting_sends_what_was_stopped_if_it_is_asked_to(ada, sign_in, work, press):
    suppression = mark(ada)
    work()
    client = sign_in()

    asked = text_of(client.get(lift_of(suppression)))
    assert "1 mail was stopped and is still true" in asked
    assert "Catalan" in asked
    assert "One of the mails, as it will be read" in asked

    # Without a reason nothing happens.
    client.post(lift_of(suppression), press)
    assert suppressions.suppression_of(ada.email)

    answer = client.post(
        lift_of(suppression), {"reason": "Bústia arreglada", **press}, follow=True
    )
    assert "Ada@council.example is written to again." in text_of(answer)
    work()

    sent = Message.objects.filter(about=ada.pk, state=State.DONE)
    assert sent.count() == len(press)
    # Nothing is lost from sight.
    needing = Message.objects.needing_somebody().filter(about=ada.pk)
    assert needing.count() == 1 - len(press)
    person = text_of(client.get(reverse("sessions:registration", args=[ada.pk])))
    assert "Written to again: «Bústia arreglada»" in person
    assert client.get(lift_of(suppression)).status_code == 404


def test_what_was_stopped_and_is_no_longer_true_is_not_offered(ada, sign_in, work):
    suppression = mark(ada)
    work()
    Registration.objects.filter(pk=ada.pk).update(state=Registration.State.CANCELLED)

    asked = text_of(sign_in().get(lift_of(suppression)))

    assert "Nothing that was stopped is to be sent now." in asked


def test_a_mail_that_was_stopped_leads_to_what_to_do(ada, sign_in, work):
    suppression = mark(ada)
    work()
    row = Message.objects.get(order_key=ada.thread)

    shown = text_of(sign_in().get(reverse("messages:message", args=[row.pk])))

    assert "Nothing is sent to Ada@council.example" in shown
    assert f'href="{lift_of(suppression)}"' in shown
    # It would fail again.
    assert reverse("messages:send_again", args=[row.pk]) not in shown


def test_a_reader_sees_and_does_not_lift(ada, sign_in):
    suppression = mark(ada)
    client = sign_in("Readers")

    person = text_of(client.get(reverse("sessions:registration", args=[ada.pk])))
    listed = text_of(client.get(LIST))
    client.post(lift_of(suppression), {"reason": "Perquè sí"})

    assert "Ada@council.example" in listed
    assert lift_of(suppression) not in listed
    assert "Nothing is sent to Ada@council.example" in person
    assert lift_of(suppression) not in person
    assert suppressions.suppression_of(ada.email)


def test_the_unit_is_told_once_without_a_name(ada, series, work, time_machine):
    Unit.objects.filter(pk=series.unit_id).update(email="unitat@placa.example")
    mar = Registration.objects.get(email="mar@council.example")
    time_machine.move_to(timezone.now())
    for person in (ada, mar, ada):
        mark(person)
    told = Message.objects.filter(kind="people_unreached")
    work()
    assert told.get().state == State.QUEUED

    time_machine.shift(timedelta(minutes=31))
    call_command("sweep")
    work()

    row = told.get()
    assert (row.state, row.recipient) == (State.DONE, "unitat@placa.example")
    mail = bytes(row.mime).decode()
    assert f"/admin/sessions/{ada.session_id}/people/?mail" in mail
    assert "Exemple" not in mail
    assert "council.example" not in mail


def test_the_unit_is_not_told_of_what_was_mended_meanwhile(ada, series, work, sign_in):
    Unit.objects.filter(pk=series.unit_id).update(email="unitat@placa.example")
    suppression = mark(ada)
    told = Message.objects.filter(kind="people_unreached")
    suppressions.lift(suppression, by=sign_in().user, reason="Arreglat")
    told.update(next_try=timezone.now())
    work()

    assert told.get().state == State.DROPPED


def test_the_screens_ask_the_database_as_often_for_many_as_for_one(ada, sign_in):
    mark(ada)
    client = sign_in()
    people = reverse("sessions:people", args=[ada.session_id])

    def questions() -> list[int]:
        counts = []
        for url in (HOME, LIST, people):
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts.append(len(asked))
        return counts

    questions()
    with_one = questions()
    for number in range(20):
        mark(a_registration(ada.session, f"more-{number}@council.example"))

    assert questions() == with_one


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_an_organiser_sees_it_and_writes_again_by_keyboard(
    page: Page, live_server: Any, assert_accessible: Any, width
):
    session = a_session(title={"ca": "Dades obertes"})
    ada = a_registration(session, "Ada@council.example", name="Ada Puig")
    pau = a_registration(session, "pau@council.example", name="Pau Vila")
    mark(ada)
    mark(pau, Reason.COMPLAINED)
    Message.objects.filter(kind="registration_confirmed").update(state=State.FAILED)
    superuser = a_user(is_superuser=True, language="ca")
    signing_in.sign_in(page.context, superuser, live_server.url)
    page.set_viewport_size({"width": width, "height": 900})

    def look() -> None:
        expect(page.get_by_role("main")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    page.goto(reverse("sessions:session", args=[session.pk]))
    look()
    press(page, page.get_by_role("link", name="2 persones no reben correu"))
    # Wagtail's own heading of what was found is an alert, which axe objects to.
    expect(page.get_by_text("el correu torna")).to_be_visible()
    page.goto(HOME)
    press(page, page.get_by_role("link", name="Mireu de qui són"))
    page.wait_for_url("**/without/**")
    look()
    page.goto(reverse("sessions:registration", args=[ada.pk]))
    look()
    press(page, page.get_by_role("link", name="Torna a escriure a aquesta adreça"))
    expect(page.get_by_label("Per què")).to_be_visible()
    look()
    write(page, page.get_by_label("Per què"), "La bústia torna a anar")
    press(page, page.get_by_role("button", name="Torna a escriure-hi i envia"))
    expect(page.get_by_role("main")).to_contain_text("Es torna a escriure a Ada@")
    look()

    row = Message.objects.filter(order_key=ada.thread).latest("pk")
    assert row.state == State.QUEUED
