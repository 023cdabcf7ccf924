"""The screens on which the coordinators word the mails about cases."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.log_actions import registry as logs

from community.models import User
from tests.browser.signing_in import sign_in
from tests.factories.cases import a_consultation, a_unit, a_worker, open_task, sorted_to
from workflows.engine import disclosure, letters, wordings
from workflows.engine.models import Wording

RECEIVED, ANSWER, LAPSED = (
    f"consultation_{what}" for what in ("received", "answer", "lapsed")
)


def address(name: str = RECEIVED, language: str = "ca") -> str:
    return reverse("cases:wording", args=[name, language])


def words(answer: HttpResponse) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def looks(answer: HttpResponse) -> str:
    """How the mail looks, in HTML."""
    return answer.context["html"]


@pytest.fixture
def coordinator() -> User:
    return a_worker(role="Coordinators", name="Cèlia")


@pytest.fixture
def client(coordinator, browser_of) -> Client:
    return browser_of(coordinator)


@pytest.fixture
def send(client) -> Any:
    """Call it with what is typed in the form, to press a button of it."""

    def press(
        pressed: str = "", name: str = RECEIVED, language: str = "ca", **typed: str
    ) -> HttpResponse:
        letter = letters.letter_of(name)
        own = wordings.own(wordings.of(letter), language)
        sent = {**letter.texts(language), "seen": wordings.mark(own), **own, **typed}
        url = reverse("cases:change_wording", args=[name, language])
        return client.post(url, {**sent, **({pressed: "1"} if pressed else {})})

    return press


def own(name: str = RECEIVED, language: str = "ca") -> dict[str, str]:
    return wordings.own(wordings.of(letters.letter_of(name)), language)


def test_the_list_says_when_each_mail_is_sent_and_who_worded_it(client, send):
    send(heading="La tenim aquí")

    page = words(client.get(reverse("cases:wordings")))

    for letter in letters.known():
        assert str(letter.label) in page
        assert str(letter.when) in page
    assert "worded by the house Catalan" in page
    assert "Cèlia" in page


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ({"q": "lack of an answer"}, LAPSED, RECEIVED),
        ({"q": "LA TENIM AQUI"}, RECEIVED, LAPSED),
        ({"state": "house"}, RECEIVED, LAPSED),
        ({"state": "site"}, LAPSED, RECEIVED),
        ({"state": "off"}, LAPSED, RECEIVED),
        ({"kind": "consultation"}, "case_withdrawn", "membership_asked"),
    ],
)
def test_a_mail_is_found(client, coordinator, send, asked, found, not_found):
    send(heading="La tenim aquí")
    wordings.switch(letters.letter_of(LAPSED), False, by=coordinator)

    answer = client.get(reverse("cases:wordings_results"), asked)

    rows = {row.letter.name for row in answer.context["object_list"]}
    assert found in rows
    assert not_found not in rows


def test_what_is_typed_is_seen_before_it_is_saved_and_saved_once(send, client):
    seen = send("preview", heading="La tenim aquí")
    assert "La tenim aquí" in looks(seen)
    assert "not saved yet" in words(seen)
    assert own() == {}

    for _twice in range(2):
        assert send(heading="La tenim aquí").status_code == 302

    assert own() == {"heading": "La tenim aquí"}
    assert "La tenim aquí" in looks(client.get(address()))
    assert "La tenim aquí" not in looks(client.get(address(language="es")))


def test_it_is_looked_at_with_a_real_case_without_its_link(unit, browser_of, send):
    case = sorted_to(unit, title="Publicar les actes", name="Ada Puig")
    client = browser_of(a_worker(unit, role="Coordinators"))

    first = client.get(address())
    shown = client.get(address(), {"case": case.number})

    assert "With an invented case" in words(first)
    assert case.number not in looks(first)
    assert "Publicar les actes" in looks(shown)
    assert case.token not in shown.content.decode()
    opened = logs.get_logs_for_instance(case).filter(action=disclosure.OPENED)
    assert opened.count() == 1, "who looks at a case leaves a trace"


def test_the_case_of_others_is_not_looked_at(unit, browser_of):
    case = sorted_to(a_unit("Arxiu"), title="Secret d’uns altres")

    answer = browser_of(a_worker(unit)).get(address(), {"case": case.number})

    assert "With an invented case" in words(answer)
    assert "Secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "Ho tenim, {nom}. [{day}]"}, "This mail knows no {nom}."),
        ({"text": "Ho tenim, {case.token}. [{day}]"}, "knows no {case.token}"),
        ({"text": "Ho tenim {"}, "without its other half"),
        ({"text": "Abans de {day}."}, "Not every case has {day}"),
        ({"text": "https://x.example/{number}"}, "cannot have braces"),
        ({"heading": "a" * 201}, "200"),
        ({"text": "a" * 10_000}, "5000|5,000"),
        ({"button": "a" * 81}, "80"),
        ({"subject": "a\x00b"}, "Null"),
    ],
)
@pytest.mark.parametrize("pressed", ["", "preview"])
def test_what_is_wrong_is_said_beside_its_field_and_not_saved(
    send, pressed, typed, said
):
    answer = send(pressed, **typed)

    assert answer.status_code == 422
    assert re.search(said, words(answer))
    assert "html" not in answer.context
    assert own() == {}


def test_a_line_is_a_line(send):
    send(heading="Una\r\nBcc: eva@evil.example", text="Dos\r\n\r\ntres [{day}]")

    assert own() == {
        "heading": "Una Bcc: eva@evil.example",
        "text": "Dos\n\ntres [{day}]",
    }


def test_a_mail_that_does_not_say_until_when_is_saved_and_warned_of(send, client):
    send(text="Ho tenim.")

    assert own() == {"text": "Ho tenim."}
    assert "It is nowhere in this mail" in words(client.get(address()))
    assert "nowhere in this mail" not in words(client.get(address(language="es")))


def test_who_saves_second_is_told_sees_both_and_decides(send, browser_of):
    berta = a_worker(role="Coordinators", name="Berta")
    stale = wordings.mark({})
    wordings.change(
        letters.letter_of(RECEIVED), "ca", {"heading": "De Berta"}, seen=stale, by=berta
    )

    lost = send(heading="De Cèlia", seen=stale)

    assert lost.status_code == 409
    assert "Berta has changed this mail meanwhile" in words(lost)
    assert "De Berta" in words(lost)
    assert 'value="De Cèlia"' in unescape(lost.content.decode())
    assert own() == {"heading": "De Berta"}
    send(heading="De Cèlia", seen=lost.context["form"]["seen"].value())
    assert own() == {"heading": "De Cèlia"}


def test_going_back_to_what_comes_with_the_site_keeps_what_it_said(send, client):
    send(heading="La tenim aquí")
    send(language="es", heading="Aquí la tenemos")

    send("reset")

    assert own() == {}
    assert own(language="es") == {"heading": "Aquí la tenemos"}
    page = words(client.get(address()))
    assert "Back to what comes with the site (Catalan) Cèlia" in page
    assert "What it said before Heading La tenim aquí" in page


def test_the_switch(client):
    url = reverse("cases:switch_wording", args=[LAPSED])
    client.post(url)
    assert not Wording.objects.get(letter=LAPSED).is_sent
    assert "Nobody gets this mail" in words(client.get(address(LAPSED)))
    client.post(url, {"on": "1"})
    assert Wording.objects.get(letter=LAPSED).is_sent

    answer = client.post(reverse("cases:switch_wording", args=[ANSWER]), follow=True)

    assert "It is always sent" in words(answer)
    assert "Switch it off" not in words(answer)
    assert not Wording.objects.filter(letter=ANSWER, is_sent=False).exists()


def test_a_step_whose_mail_is_switched_off_says_so_before_and_after(
    unit, browser_of, monkeypatch
):
    """Of a kind whose answer may be switched off."""
    letter = replace(letters.letter_of(ANSWER), must_go="")
    monkeypatch.setitem(letters._letters, ANSWER, letter)
    wordings.switch(letter, False, by=a_worker())
    case = sorted_to(unit)
    client = browser_of(a_worker(unit))
    url = reverse("cases:step", args=[case.number, open_task(case).pk])
    answer = {"decision": "answer", "text": "Sí."}

    shown = client.post(url, answer)
    assert "“Consultation answered” is switched off" in words(shown)
    assert "Nobody gets a mail for it." in words(shown)
    client.post(url, {**answer, "confirm": "1"})

    case.refresh_from_db()
    assert not case.is_active
    page = words(client.get(reverse("cases:case", args=[case.number])))
    assert "No mail was sent: it is switched off" in page
    assert "Consultation answered" in page


def test_case_workers_read_and_change_nothing(unit, browser_of):
    client = browser_of(a_worker(unit))
    change = reverse("cases:change_wording", args=[RECEIVED, "ca"])
    switch = reverse("cases:switch_wording", args=[LAPSED])

    page = client.get(address())

    assert "The coordinators word it." in words(page)
    assert letters.letter_of(RECEIVED).texts("ca")["heading"] in words(page)
    assert change not in page.content.decode()
    assert switch not in client.get(address(LAPSED)).content.decode()
    client.post(change, {"heading": "Hola"})
    client.post(switch)
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    "path", ["no_such_mail/ca/", f"{RECEIVED}/fr/", f"{RECEIVED}/x/change/"]
)
def test_what_there_is_not_is_not_found(client, path):
    assert client.get(f"/admin/cases/messages/{path}").status_code in (404, 405)


@pytest.mark.parametrize(
    ("url", "most"), [(address(), 20), (reverse("cases:wordings"), 15)]
)
def test_the_screens_cost_the_same_with_many_cases(client, unit, url, most):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    a_consultation(unit)
    client.get(url)
    few = cost()
    for _each in range(4):
        a_consultation(unit)

    assert cost() == few <= most


@pytest.mark.parametrize("width", [1280, 320])
def test_wording_a_mail_with_the_keyboard(
    page: Page, live_server: Any, assert_accessible: Any, coordinator, width
):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page.context, coordinator, live_server.url)
    page.goto(f"{live_server.url}{reverse('cases:wordings')}")
    assert_accessible(page)
    page.goto(f"{live_server.url}{address()}")
    assert_accessible(page)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )

    page.get_by_label("Text", exact=True).fill("Ho tenim, ")
    page.locator("[data-blank='{title}']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Ho tenim, {title}")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.get_by_role(
        "button", name=re.compile("See how it looks|Mira com queda")
    ).press("Enter")
    expect(page.locator("iframe")).to_have_attribute("srcdoc", re.compile("Ho tenim"))
    assert_accessible(page)
