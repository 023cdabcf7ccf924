"""A consultation, played by those who have a part in it: who asks, who sorts, who
answers, who coordinates. One is asked back, answered and found useful; one is lost to
its term; and two of the staff open the same step."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any, NamedTuple

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from community.models import Unit, User
from tests.browser import signing_in
from tests.browser.keyboard import choose, follow, press, send, tab_to, write
from tests.factories import a_body
from tests.factories.cases import (
    a_unit,
    a_worker,
    do,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from tests.factories.pages import a_consultation_page, a_home
from workflows.consultation.models import ConsultationSettings
from workflows.engine import desk
from workflows.engine.models import Case, Holiday

ADA = "ada@council.example"
SORTER, ANSWERER = "recepcio@placa.example", "arxiu@placa.example"
# A Thursday at ten in Barcelona.
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

Post = Callable[[str], list[EmailMessage]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def clock(live_server: Any) -> Iterator[time_machine.Traveller]:
    """The first of October, for the site and its worker."""
    with time_machine.travel(NOW) as clock:
        yield clock


class House(NamedTuple):
    """The unit that sorts and the one that answers, with their people."""

    reception: Unit
    archive: Unit
    sorter: User
    answerer: User
    colleague: User
    coordinator: User


@pytest.fixture
def house(clock: time_machine.Traveller, site_url: str) -> House:
    home = a_home()
    a_consultation_page(home)
    for name in ("Sant Feliu de Codines", "Sant Feliu Sasserra"):
        a_body(name)
    Holiday.objects.create(date=date(2026, 10, 12), territory="national")
    reception, archive = a_unit("Recepció"), a_unit("Arxiu")
    ConsultationSettings.objects.create(unit=reception)
    return House(
        reception,
        archive,
        a_worker(reception, language="ca", email=SORTER),
        a_worker(archive, language="ca", email=ANSWERER, name="Núria Arxivera"),
        a_worker(archive, language="ca", name="Pau Arxiver"),
        a_worker(role="Coordinators", language="ca"),
    )


@pytest.fixture
def as_user(
    new_context: Callable[..., BrowserContext], site_url: str
) -> Callable[..., Page]:
    """Call it with one of the staff for a tab in which they are signed in."""

    def open_tab(user: User, width: int) -> Page:
        context = new_context(viewport={"width": width, "height": 900})
        signing_in.sign_in(context, user, site_url)
        return context.new_page()

    return open_tab


@pytest.fixture
def look(assert_accessible: Callable[[Page], None]) -> Callable[[Page], None]:
    """Call it with a page: nothing goes over its edge, and axe objects to nothing."""

    def check(page: Page) -> None:
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert sideways <= 0, page.url
        assert_accessible(page)

    return check


@pytest.mark.parametrize("width", [1280, 320])
def test_a_question_is_asked_sorted_asked_back_answered_and_judged_by_keyboard(
    house, new_context, as_user, post, look, width
):
    viewport = {"width": width, "height": 900}
    ada, answerer, letter = (
        new_context(viewport=viewport).new_page() for _tab in range(3)
    )
    sorter, coordinator = (
        as_user(user, width) for user in (house.sorter, house.coordinator)
    )

    # Ada reads what she may ask, asks it, and learns by when she has the answer.
    ada.goto("/ca/pregunteu-nos/")
    expect(main(ada)).to_contain_text("Us responem en 10 dies hàbils")
    look(ada)
    follow(ada, "Escriu la pregunta")
    look(ada)
    write(ada, ada.locator("[name=title]"), "Publicar les actes")
    write(ada, ada.locator("[name=text]"), "Hem de publicar les actes del ple?")
    write(ada, ada.get_by_label("Nom i cognoms"), "Ada Puig")
    write(ada, ada.get_by_label("Correu electrònic"), ADA)
    write(ada, ada.get_by_label("Ens local"), "sant feliu")
    ada.keyboard.press("Enter")
    expect(ada.locator(".errors")).to_be_focused()
    look(ada)
    press(ada, ada.get_by_role("button", name="Sant Feliu de Codines"))
    ada.keyboard.press("Enter")
    expect_heading(ada, "Tenim la vostra pregunta")
    expect(main(ada)).to_contain_text("divendres 16 d’octubre de 2026")
    look(ada)
    [received] = post(ADA)
    assert "16 d’octubre de 2026" in text_of(received)
    look_at(letter, received, look)

    # Who sorts finds it in the queue, and sends it to the unit that knows.
    sorter.goto(reverse("cases:queue"))
    look(sorter)
    follow(sorter, "Publicar les actes")
    look(sorter)
    follow(sorter, "Envia-la a la seva unitat")
    look(sorter)
    tab_to(sorter, sorter.locator("[name=unit]"))
    sorter.keyboard.type("Arxiu")
    write(sorter, sorter.locator("[name=note]"), "És cosa de l’arxiu.")
    send(sorter, "Envia-la-hi")
    assert len(post(ADA)) == 1, "who asked is told nothing of where it goes"

    # Who answers signs in by a code, and asks Ada back: she sees the mail first.
    sign_in(answerer, post)
    answerer.goto(reverse("cases:queue"))
    follow(answerer, "Publicar les actes")
    expect(answerer.locator("body")).to_contain_text("És cosa de l’arxiu.")
    follow(answerer, "Respon la consulta")
    look(answerer)
    choose(answerer, "ask")
    write(answerer, answerer.locator("[name=text]"), "De quin any són?")
    send(answerer, "Envia")
    assert len(post(ADA)) == 1, "looking tells nobody"
    example = answerer.frame_locator("iframe").locator("body")
    expect(example).to_contain_text("De quin any són?")
    look(answerer)
    send(answerer, "Envia")
    expect(answerer.locator("body")).to_contain_text("espera qui ho sol·licita")
    look(answerer)

    # Ada answers it, from the mail.
    asked_back = post(ADA)[-1]
    assert "De quin any són?" in text_of(asked_back)
    look_at(letter, asked_back, look)
    ada.goto(own_page(asked_back))
    expect(main(ada)).to_contain_text("Us toca a vós")
    expect(main(ada)).not_to_contain_text("És cosa de l’arxiu.")
    look(ada)
    write(ada, ada.get_by_label("La vostra resposta"), "Del 2025.")
    send(ada, "Envia la resposta")
    expect(main(ada)).to_contain_text("Tenim el que heu enviat")
    look(ada)

    # It comes back to who asked her, who answers.
    answerer.goto(reverse("cases:index"))
    look(answerer)
    follow(answerer, "Publicar les actes")
    follow(answerer, "Respon la consulta")
    expect(answerer.locator("body")).to_contain_text("Del 2025.")
    answer = "Sí: en deu dies, al tauler."
    write(answerer, answerer.locator("[name=text]"), answer)
    send(answerer, "Envia")
    send(answerer, "Envia")

    # Ada reads the answer, and says that it was useful.
    answered = post(ADA)[-1]
    assert answer in text_of(answered)
    look_at(letter, answered, look)
    ada.goto(own_page(answered))
    expect(main(ada)).to_contain_text(answer)
    look(ada)
    choose(ada, "yes", of="useful")
    send(ada, "Envia")
    expect(main(ada)).to_contain_text("Tenim el que heu enviat")
    expect(ada.get_by_role("link", name="Pregunta una altra cosa")).to_be_visible()
    look(ada)
    assert len(post(ADA)) == 3

    # Who coordinates sees how it went, and what nobody outside was told.
    coordinator.goto(reverse("cases:archive"))
    look(coordinator)
    follow(coordinator, "Publicar les actes")
    for said in ("És cosa de l’arxiu.", "De quin any són?", "Del 2025.", answer):
        expect(coordinator.locator("body")).to_contain_text(said)
    look(coordinator)
    case = Case.objects.get()
    assert (case.outcome, case.consultation.useful) == ("answered", True)


@pytest.mark.parametrize("width", [1280, 320])
def test_one_that_is_lost_to_its_term_says_so_to_both_and_loses_nothing_typed(
    house, new_context, as_user, post, clock, look, width
):
    ada = new_context(viewport={"width": width, "height": 900}).new_page()
    waiting_for_reply(house.archive, house.answerer, email=ADA)
    last_day = "divendres 16 d’octubre de 2026"
    asked_back = post(ADA)[-1]
    assert last_day in text_of(asked_back)
    ada.goto(own_page(asked_back))
    expect(main(ada)).to_contain_text(last_day)
    write(ada, ada.get_by_label("La vostra resposta"), "Ara ho miro: del 2025.")

    # The whole last day is hers; that the worker stops for three days is no matter.
    clock.move_to(datetime(2026, 10, 16, 21, 50, tzinfo=UTC))
    assert len(post(ADA)) == 2
    clock.move_to(datetime(2026, 10, 19, 8, tzinfo=UTC))
    lapsed = post(ADA)[-1]
    assert "Hem tancat la vostra pregunta" in lapsed["subject"]
    assert len(post(ADA)) == 3

    # What she had been writing is too late, and is given back to her.
    send(ada, "Envia la resposta")
    expect(ada.get_by_role("alert")).to_contain_text("Ara ho miro: del 2025.")
    expect(main(ada)).to_contain_text("Tancada sense resposta vostra")
    look(ada)
    ada.goto(own_page(lapsed))
    expect(main(ada)).not_to_contain_text("Ara ho miro")
    follow(ada, "Pregunta una altra cosa")
    expect_heading(ada, "Pregunteu a l’equip")

    worker = as_user(house.answerer, width)
    worker.goto(reverse("cases:archive"))
    expect(worker.locator("body")).to_contain_text("tancada sense resposta")
    look(worker)


def test_of_two_at_the_same_step_the_second_is_told_and_her_text_is_still_there(
    house, as_user, post, look
):
    case = sorted_to(house.archive, email=ADA)
    step = reverse("cases:step", args=[case.number, open_task(case).pk])
    first, second = (as_user(user, 320) for user in (house.answerer, house.colleague))
    for page, text in ((first, "Sí, en deu dies."), (second, "No ho sabem del cert.")):
        page.goto(step)
        write(page, page.locator("[name=text]"), text)

    for _rehearsed in range(2):
        send(first, "Envia")
    send(second, "Envia")

    expect(second.locator("[name=text]")).to_have_value("No ho sabem del cert.")
    expect(second.locator("body")).to_contain_text("Núria Arxivera")
    look(second)
    answers = [mail for mail in post(ADA) if "No ho sabem" in text_of(mail)]
    assert not answers
    case.refresh_from_db()
    assert case.outcome == "answered"


@pytest.mark.parametrize("width", [1280, 320])
def test_the_other_screens_of_cases_are_for_everybody(house, as_user, look, width):
    case, settled = (sorted_to(house.archive) for _each in range(2))
    desk.claim(open_task(case), house.answerer)
    do(settled, house.answerer, decision="answer", text="Sí")
    waiting_for_reply(house.archive, house.answerer)
    page = as_user(house.answerer, width)
    step = [case.number, open_task(case).pk]

    for address, title in (
        (reverse("cases:all"), "Tots"),
        (reverse("cases:problems"), "Problemes"),
        (reverse("cases:case", args=[settled.number]), settled.number),
        (reverse("cases:hand_over", args=step), "Traspassa’l"),
        (reverse("cases:close", args=step[:1]), "Tanca’l sense resoldre’l"),
        (f"/admin/bulk/engine/case/assign/?id={case.pk}", "Assigna"),
        ("/admin/", "Tauler"),
    ):
        page.goto(address)
        expect(page).to_have_title(re.compile(f"^{title}"))
        look(page)


# What people do ----------------------------------------------------------------------


def sign_in(page: Page, post: Post) -> None:
    """Go to the admin, with the code that comes by mail."""
    page.goto("/admin/")
    write(page, page.get_by_label("Correu electrònic"), ANSWERER)
    page.keyboard.press("Enter")
    expect_heading(page, "Escriviu el codi")
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text_of(post(ANSWERER)[-1]))
    write(page, page.get_by_label("Codi"), code[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


# What they see -----------------------------------------------------------------------


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def look_at(page: Page, mail: EmailMessage, look: Callable[[Page], None]) -> None:
    """Open `mail` as a program shows it, under its subject."""
    page.set_content(mail.get_body(("html",)).get_content())
    page.evaluate("subject => { document.title = subject }", mail["subject"])
    look(page)


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def own_page(mail: EmailMessage) -> str:
    return re.search(r"https?://\S+/c/[\w-]+/", text_of(mail))[0]
