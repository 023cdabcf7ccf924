"""Somebody who cannot come sends a colleague: from the page that the mail leads to, by
buttons, and each of the two reads what is true."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.models import Message
from community.privacy import departures, links
from events import registrations, retention, sessions, substitutions
from events.models import Registration, Session, Substitution
from tests.browser.keyboard import press, tab_to, write
from tests.factories import a_registration, a_session, an_applicant
from tests.factories.pages import a_home
from tests.mail import MailServer, story
from workflows.registration.forms import NOTICE_VERSION

ADA, MAR = "ada@council.example", "mar@council.example"
COLLEAGUE = {"name": "Mar Serra", "email": MAR, "language": "es"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet() -> None:
    cache.clear()


@pytest.fixture
def ada() -> Registration:
    return a_registration(a_session(2), ADA, name="Ada Puig")


@pytest.fixture
def asked(ada: Registration) -> Substitution:
    return substitutions.ask(ada, **{**COLLEAGUE, "language": "ca"})


def of(row: Registration | Substitution, name: str = "my_registration") -> str:
    return reverse(name, args=[row.token])


def theirs(asked: Substitution) -> str:
    return of(asked, "substitution")


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def state(row: Registration) -> str:
    return Registration.objects.get(pk=row.pk).state


# Asking ----------------------------------------------------------------------------


def test_from_ones_own_page_a_colleague_is_asked_and_the_page_says_until_when(ada):
    client = Client()
    assert of(ada, "ask_colleague") in client.get(of(ada)).text
    assert client.get(of(ada, "ask_colleague")).status_code == 200

    answer = client.post(of(ada, "ask_colleague"), COLLEAGUE, follow=True)

    asked = ada.substitutions.get()
    assert (asked.name, asked.email, asked.language) == tuple(COLLEAGUE.values())
    assert f"Hem escrit a Mar Serra ({MAR})" in words(answer)
    assert "La plaça és vostra fins que digui que sí" in words(answer)
    # The second click of two.
    client.post(of(ada, "ask_colleague"), COLLEAGUE)
    assert Message.objects.filter(kind="substitution_asked").count() == 1

    answer = client.post(of(ada, "ask_colleague"), {"take_back": "1"}, follow=True)

    assert "i després ho vau deixar córrer" in words(answer)
    assert of(ada, "ask_colleague") in answer.text
    asked.refresh_from_db()
    assert asked.outcome == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Escriviu el nom"),
        ({"email": "mar"}, "Escriviu el correu sencer"),
        ({"email": ADA.upper()}, "Aquesta és l’adreça que té la plaça"),
        ({"website": "x"}, ""),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed_and_writes_to_nobody(
    ada, wrong, said
):
    answer = Client().post(of(ada, "ask_colleague"), {**COLLEAGUE, **wrong})

    assert answer.status_code == 422
    assert said in words(answer)
    for name in {*COLLEAGUE} - {*wrong}:
        assert answer.context["form"][name].value() == COLLEAGUE[name]
    assert not ada.substitutions.exists()


def test_nobody_is_written_to_over_and_over_by_different_people():
    session = a_session(30)
    sent = [
        Client().post(of(a_registration(session), "ask_colleague"), COLLEAGUE)
        for _ in range(11)
    ]

    assert [answer.status_code for answer in sent] == [302] * 10 + [422]


@pytest.mark.parametrize("why", ["approval", "three"])
def test_what_only_the_organisers_can_do_is_said(ada, why):
    if why == "approval":
        Session.objects.update(approval=True)
    else:
        for number in range(substitutions.TRIES):
            who = {**COLLEAGUE, "email": f"colleague-{number}@council.example"}
            substitutions.refuse(substitutions.ask(ada, **who))

    answer = Client().get(of(ada))

    assert "qui organitza la sessió ho pot arreglar" in words(answer)
    assert of(ada, "ask_colleague") not in answer.text


# Answering -------------------------------------------------------------------------


def test_the_colleague_reads_who_asks_and_by_when_and_says_yes(ada, asked):
    client = Client()
    page = client.get(theirs(asked))
    assert "Ada Puig us demana que hi aneu en lloc seu" in words(page)
    assert page.context["form"]["name"].value() == "Mar Serra"
    assert ADA not in page.text

    sent = {"name": "Mar Serra Vila", "position": "Cap", "language": "es"}
    answer = client.post(theirs(asked), sent, follow=True)

    mar = Registration.objects.get(email=MAR)
    assert (mar.name, mar.position, mar.language) == tuple(sent.values())
    assert mar.notice_version == NOTICE_VERSION
    assert mar.body_name == ada.body_name
    assert "Ja teniu la plaça" in words(answer)
    # Her own link is in her own mail: this one may have been passed on.
    assert mar.token not in answer.text
    again = client.post(theirs(asked), {"name": "Eve", "language": "ca"}, follow=True)
    assert "Ja teniu la plaça" in words(again)
    assert Registration.objects.get(email=MAR).name == "Mar Serra Vila"

    hers = Client().get(of(ada))
    assert "Hi va Mar Serra Vila en lloc vostre" in words(hers)


def test_what_somebody_needs_is_kept_only_with_their_consent(asked):
    sent = {"name": "Mar Serra", "language": "ca", "telephone": "on"}

    refused = Client().post(theirs(asked), sent)
    Client().post(theirs(asked), {**sent, "needs_consent": "on"})

    assert refused.status_code == 422
    assert Registration.objects.get(email=MAR).needs.telephone


def no(asked: Substitution) -> None:
    Client().post(theirs(asked), {"no": "1"})


def late(asked: Substitution) -> None:
    Substitution.objects.update(expires=timezone.now())


def given_up(asked: Substitution) -> None:
    registrations.cancel(asked.registration, "person")


def yes_and_given_up(asked: Substitution) -> None:
    substitutions.confirm(asked, an_applicant(MAR))
    registrations.cancel(Registration.objects.get(email=MAR), "person")


SAID: dict[str, tuple[Callable[[Substitution], Any], str, str]] = {
    # What happens; what the colleague reads; what who asked reads.
    "no": (no, "No hi aneu en lloc seu", "Mar Serra no hi pot anar"),
    "late": (late, "termini per contestar", "Mar Serra no ha contestat"),
    "taken back": (
        substitutions.withdraw,
        "Ja no cal que contesteu",
        "ho vau deixar córrer",
    ),
    "given up": (given_up, "Ja no cal que contesteu", "No teniu plaça"),
    "cancelled": (
        lambda asked: sessions.cancel(asked.registration.session),
        "La sessió s’ha anul·lat",
        "La sessió s’ha anul·lat",
    ),
    "postponed": (
        lambda asked: sessions.postpone(asked.registration.session),
        "encara no té data nova",
        "La sessió s’ha ajornat",
    ),
    "yes and given up": (yes_and_given_up, "No teniu plaça", "en lloc vostre"),
}


@pytest.mark.parametrize("how", SAID)
def test_afterwards_each_of_the_two_reads_what_became_of_it(ada, asked, how):
    happens, to_mar, to_ada = SAID[how]

    happens(asked)

    # Also before the worker has come by.
    for _time in range(2):
        page = Client().get(theirs(asked))
        assert page.status_code == 200
        assert to_mar in words(page)
        assert "Sí, hi vaig" not in page.text
        assert to_ada in words(Client().get(of(ada)))
        substitutions.settle_due(10)
    before = state(ada), Registration.objects.count(), Message.objects.count()
    Client().post(theirs(asked), {"name": "Mar Serra", "language": "ca"})
    Client().post(theirs(asked), {"no": "1"})
    now = state(ada), Registration.objects.count(), Message.objects.count()
    assert now == before


def test_who_has_a_place_is_told_so_and_who_asks_is_not(ada, asked):
    a_registration(ada.session, MAR)

    page = Client().get(theirs(asked))
    assert "Ja teniu la vostra plaça" in words(page)
    assert "Sí, hi vaig" not in page.text
    # From a page that was open before.
    sent = {"name": "Mar Serra", "language": "ca"}
    answer = Client().post(theirs(asked), sent, follow=True)

    assert "Ja teniu la vostra plaça" in words(answer)
    assert (state(ada), ada.session.registrations.count()) == ("confirmed", 2)
    hers = words(Client().get(of(ada)))
    assert "Mar Serra no hi pot anar en lloc vostre" in hers


def test_the_mails_say_it_in_the_language_that_was_chosen(
    ada, work, smtp_server: MailServer
):
    Client().post(of(ada, "ask_colleague"), COLLEAGUE)
    work()
    [mail] = smtp_server.mails_to(MAR)
    text = mail.get_body(("plain",)).get_content()

    assert "Ada Puig le pide que vaya en su lugar" in mail["Subject"]
    link = re.search(r"http://testserver(/r/\S+)", text)[1]
    assert "Ada Puig le pide que vaya en su lugar" in words(Client().get(link))
    assert "se inscribió" not in text, "she has not registered for anything"


def test_ones_registrations_say_whom_one_has_asked(ada, asked):
    row = Message.objects.create(kind="my_registrations", recipient=ADA, language="ca")
    client = Client()
    opened = client.post(links.link_in(row).removeprefix("http://testserver"))

    assert "Heu demanat a Mar Serra que hi vagi" in words(client.get(opened.url))
    substitutions.withdraw(asked)
    assert of(ada, "ask_colleague") in client.get(opened.url).text


# What is held of whom ---------------------------------------------------------------


def data_of(address: str) -> str:
    row = Message.objects.create(kind="my_data", recipient=address, language="ca")
    client = Client()
    opened = client.post(links.link_in(row).removeprefix("http://testserver"))
    return words(client.get(opened.url))


def test_each_finds_it_in_their_data_and_who_leaves_says_no(ada, asked):
    assert "Ada Puig" in data_of(MAR)
    assert "Mar Serra" in data_of(ADA)

    departures.leave(MAR, language="ca")

    asked.refresh_from_db()
    assert asked.outcome == "refused"
    kinds = list(Message.objects.values_list("recipient", "kind"))
    assert kinds.count((ADA, "substitution_refused")) == 1
    departures.complete_due(10)
    Message.objects.filter(recipient=MAR).update(state=Message.State.DONE)
    departures.complete_due(10)
    asked.refresh_from_db()
    assert (asked.name, asked.email) == ("", "")
    assert Client().get(theirs(asked)).status_code == 200
    assert "Mar Serra" not in data_of(ADA)


def test_when_who_asked_leaves_the_colleague_is_told_and_forgotten(
    ada, asked, work, smtp_server: MailServer
):
    work()
    old = theirs(asked)

    departures.leave(ADA, language="ca")
    work()
    work()

    last = smtp_server.mails_to(MAR)[-1]
    assert "Ja no cal que contesteu" in last["Subject"]
    assert "Ada" not in Client().get(old).text
    asked.refresh_from_db()
    assert (asked.outcome, asked.name, asked.email) == ("withdrawn", "", "")


def test_who_does_not_go_is_forgotten_after_thirty_days_and_the_figure_stays(
    ada, asked
):
    old = theirs(asked)
    now = timezone.now()
    retention.forget_answered(now + 2 * retention.SUBSTITUTION_KEPT, 10)
    asked.refresh_from_db()
    assert asked.email == MAR, "she can still answer"
    substitutions.refuse(asked)

    kept = retention.forget_answered(now + 0.9 * retention.SUBSTITUTION_KEPT, 10)
    ended = retention.forget_answered(now + 1.1 * retention.SUBSTITUTION_KEPT, 10)

    assert (kept, ended) == (0, 1)
    asked.refresh_from_db()
    assert (asked.name, asked.email, asked.outcome) == ("", "", "refused")
    assert Client().get(old).status_code == 404


# In a browser ----------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_both_people_by_keyboard(
    new_context: Any,
    live_server: Any,
    assert_accessible: Callable[[Page], None],
    work: Callable[[], None],
    smtp_server: MailServer,
    width: int,
):
    a_home()
    registration = a_registration(a_session(1), ADA, name="Ada Puig")
    work()
    ada, mar = (
        new_context(viewport={"width": width, "height": 900}).new_page()
        for _person in range(2)
    )

    def looked_at(page: Page) -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    ada.goto(of(registration))
    looked_at(ada)
    press(ada, ada.get_by_role("link", name="Envia-hi algú altre"))
    expect(ada.locator("h1")).to_have_text("Qui hi va en lloc vostre?")
    looked_at(ada)
    write(ada, ada.get_by_label("Nom i cognoms"), "Mar Serra")
    press(ada, ada.get_by_role("button", name="Demana-l’hi"))
    expect(ada.get_by_role("alert")).to_contain_text("Escriviu el correu electrònic")
    looked_at(ada)
    write(ada, ada.get_by_label("Correu electrònic de la feina"), MAR)
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("status")).to_contain_text("Hem escrit a Mar Serra")
    looked_at(ada)

    work()
    [question] = smtp_server.mails_to(MAR)
    text = question.get_body(("plain",)).get_content()
    mar.goto(re.search(r"http://testserver(/r/\S+)", text)[1])
    looked_at(mar)
    tab_to(mar, mar.get_by_label("Càrrec o feina"))
    mar.keyboard.type("Cap")
    mar.keyboard.press("Enter")
    expect(mar.get_by_role("heading", level=1)).to_have_text("Ja teniu la plaça")
    looked_at(mar)

    work()
    assert [method and method[0] for method in story(smtp_server.mails_to(MAR))] == [
        None,
        "REQUEST",
    ]
    ada.goto(of(registration))
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Hi va Mar Serra")
    looked_at(ada)
