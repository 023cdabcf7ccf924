"""The main job, as people do it: in a browser, by keyboard, with mail that arrives.

One place and three who want it; and an organiser who changes the day, and then calls
it off.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from community.models import UnitMembership
from events.models import Session
from tests.browser.keyboard import press, tab_to, write
from tests.factories import a_body, a_registration, a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.mail import entry, story

ADA, MAR, POL = (f"{name}@council.example" for name in ("ada", "mar", "pol"))
ORGANISER = "organitza@placa.example"

# Ten o'clock in Barcelona, before and after the change of clock of 25 October.
BEFORE = datetime(2026, 10, 22, 8, tzinfo=UTC)
AFTER = datetime(2026, 10, 29, 9, tzinfo=UTC)

Post = Callable[[str], list[EmailMessage]]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def clock(live_server: Any) -> Iterator[time_machine.Traveller]:
    """The first of October, for the site and its worker."""
    with time_machine.travel(datetime(2026, 10, 1, 8, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def session(clock: time_machine.Traveller, site_url: str) -> Session:
    """The next session of a series, with one place; local bodies to choose from, and
    somebody who organises."""
    home = a_home()
    series = a_series(title="Dijous GOmunicipal")
    series_page = a_series_page(home, series)
    session = a_session(1, series=series, starts=BEFORE, title="Dades obertes")
    a_session_page(series_page, session)
    for name in ("Sant Feliu de Codines", "Sant Feliu Sasserra", "Vilanova del Camí"):
        a_body(name)
    organiser = a_user(email=ORGANISER, name="Núria Prova", language="ca")
    organiser.groups.add(Group.objects.get(name="Case workers"))
    UnitMembership.objects.create(user=organiser, unit=series.unit)
    return session


def test_a_session_from_its_first_registration_to_its_end(session, new_context, post):
    ada, mar, organiser = (new_context().new_page() for _person in range(3))

    # Ada takes the only place, and the invitation is in her mail.
    find_the_session_from_the_home_page(ada)
    register(ada, "Inscriu-m’hi", "Ada Puig", ADA)
    write_a_part_and_choose(ada, "sant feliu", "Sant Feliu de Codines")
    ada.keyboard.press("Enter")
    expect_heading(ada, "Ja hi teniu plaça, Ada")
    invited = post(ADA)
    assert story(invited) == [("REQUEST", 0, BEFORE)]

    # Mar comes to the waiting list, and is to be written to in Spanish. So does Pol.
    find_the_session_from_the_home_page(mar)
    register(mar, "Apunta’m a la llista", "Mar Serra", MAR)
    write(mar, mar.get_by_label("Ens local"), "vilanova del cami")
    tab_to(mar, mar.get_by_label("Català"))
    mar.keyboard.press("ArrowDown")
    mar.keyboard.press("Enter")
    expect_heading(mar, "Sou a la llista d’espera, Mar")
    a_registration(session, POL)
    assert story(post(MAR)) == [None]

    # Ada gives her place up. It leaves her calendar, and comes to that of Mar.
    ada.goto(links_in(invited[0])["cancel"])
    assert story(post(ADA)) == [("REQUEST", 0, BEFORE)], "opening a link does nothing"
    press(ada, ada.get_by_role("button", name="Sí, allibera-la"))
    expect_heading(ada, "La vostra inscripció està anul·lada")
    assert story(post(ADA)) == [("REQUEST", 0, BEFORE), ("CANCEL", 1, BEFORE)]
    assert story(post(MAR)) == [None, ("REQUEST", 0, BEFORE)]
    assert story(post(POL)) == [None]

    # The organiser moves it over the change of clock, and is told first what it does.
    sign_in(organiser, post)
    open_the_session_in_the_admin(organiser)
    press(organiser, organiser.get_by_role("link", name="Canvia el dia o el lloc"))
    write(organiser, organiser.get_by_label("Dia"), "29/10/2026")
    press(organiser, organiser.get_by_role("button", name="Continua"))
    preview = organiser.get_by_role("main")
    expect(preview).to_contain_text("Voleu passar-la al dijous 29 d’octubre de 2026")
    expect(preview).to_contain_text("S’avisaran 2 persones")
    expect(preview).to_contain_text("1 en castellà")
    expect(preview).to_contain_text("1 en català")
    expect(the_example(organiser)).to_contain_text("29 de octubre de 2026")
    assert len(post(MAR)) == 2, "looking tells nobody"
    press(organiser, organiser.get_by_role("button", name="Canvia-la i avisa 2"))
    expect(organiser.get_by_text("2 persones rebran un correu.")).to_be_visible()

    # Mar hears of it once: the same entry, the same hour of the town.
    mails = post(MAR)
    assert story(mails)[1:] == [("REQUEST", 0, BEFORE), ("REQUEST", 1, AFTER)]
    (_, before), (_, after) = map(entry, mails[1:])
    assert after["UID"] == before["UID"]
    assert before["DTSTART"].dt.hour == after["DTSTART"].dt.hour == 10
    assert story(post(POL)) == [None, None]

    # Then it is called off, with a reason that everybody reads.
    press(organiser, organiser.get_by_role("link", name="Anul·la la sessió"))
    why = organiser.get_by_role("group", name="Per què")
    write(organiser, why.get_by_label("Català"), "Hi ha vaga de trens.")
    press(organiser, organiser.get_by_role("button", name="Continua"))
    expect(the_example(organiser)).to_contain_text("Hi ha vaga de trens.")
    press(organiser, organiser.get_by_role("button", name="Sí, anul·la-la i avisa 2"))
    expect(organiser.get_by_text("2 persones rebran un correu.")).to_be_visible()
    mails = post(MAR)
    assert story(mails)[2:] == [("REQUEST", 1, AFTER), ("CANCEL", 2, AFTER)]
    assert entry(mails[-1])[1]["UID"] == after["UID"]
    assert "Hi ha vaga de trens." in text_of(mails[-1])
    assert story(post(ADA)) == story(invited) + [("CANCEL", 1, BEFORE)], "she had left"

    # And the page of the session, to which every mail leads, says so.
    mar.goto(f"/s/{session.code}/")
    expect_heading(mar, "Dades obertes")
    box = mar.get_by_role("complementary", name="Inscripció")
    expect(box).to_contain_text("Anul·lada")
    expect(box).to_contain_text("Hi ha vaga de trens.")
    expect(mar.get_by_role("link", name="Inscriu-m’hi")).to_have_count(0)


# What people do ----------------------------------------------------------------------


def find_the_session_from_the_home_page(page: Page) -> None:
    page.goto("/")
    press(page, page.get_by_role("link", name="Dijous GOmunicipal").first)
    expect_heading(page, "Dijous GOmunicipal")
    press(page, page.get_by_role("link", name="Dades obertes").first)
    expect_heading(page, "Dades obertes")


def register(page: Page, way: str, name: str, email: str) -> None:
    """Open the form by the link called `way`, and say who one is."""
    press(page, page.get_by_role("link", name=way))
    write(page, page.get_by_label("Nom i cognoms"), name)
    write(page, page.get_by_label("Correu electrònic"), email)


def write_a_part_and_choose(page: Page, part: str, body: str) -> None:
    """Write a part of the name of `body`, and take it from the list that is offered."""
    field = page.get_by_label("Ens local")
    write(page, field, part)
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    press(page, page.get_by_role("button", name=body))
    expect(field).to_have_value(body)
    expect(field).to_be_focused()


def sign_in(page: Page, post: Post) -> None:
    """Go to the admin, with the code that comes by mail."""
    page.goto("/admin/")
    write(page, page.get_by_label("Correu electrònic"), ORGANISER)
    page.keyboard.press("Enter")
    expect_heading(page, "Escriviu el codi")
    [mail] = post(ORGANISER)
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text_of(mail))
    write(page, page.get_by_label("Codi"), code[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


def open_the_session_in_the_admin(page: Page) -> None:
    press(page, page.get_by_role("link", name="Sessions", exact=True).first)
    press(page, page.get_by_role("link", name="Dades obertes").first)


# What they see -----------------------------------------------------------------------


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def the_example(page: Page) -> Any:
    """The mail in the preview of a change."""
    return page.frame_locator("iframe").locator("body")


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def links_in(mail: EmailMessage) -> dict[str, str]:
    """Where the links of `mail` lead, by the last word of each address."""
    links = re.findall(r"http\S+", text_of(mail))
    return {link.rstrip("/").rpartition("/")[2]: link for link in links}
