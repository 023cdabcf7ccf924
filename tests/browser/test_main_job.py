"""The main job, as people do it: in a browser, by keyboard, with mail that arrives.

One place, two who want it, and an organiser who changes the day and then calls it off.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from community.models import UnitMembership
from events.models import Session
from tests.browser.keyboard import press, tab_to, write
from tests.factories import a_body, a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.mail import MailServer, entry, story

ADA, MAR = "ada@council.example", "mar@council.example"
ORGANISER = "organitza@placa.example"

# Ten o'clock in Barcelona, before and after the change of clock of 25 October.
BEFORE = datetime(2026, 10, 22, 8, tzinfo=UTC)
AFTER = datetime(2026, 10, 29, 9, tzinfo=UTC)

pytestmark = pytest.mark.browser


@pytest.fixture
def clock(live_server: Any):
    """The first of October, for the site and its worker."""
    with time_machine.travel(datetime(2026, 10, 1, 8, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, site_url: str) -> Session:
    """The next session of a series, with one place; local bodies to choose from, and
    somebody who organises."""
    home = a_home(title="Plaça")
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


@pytest.fixture
def post(
    clock: Any, work: Callable[[], None], smtp_server: MailServer
) -> Callable[[str], list[EmailMessage]]:
    """Call it with an address for the mails it has got, a minute later."""

    def a_minute_later(address: str) -> list[EmailMessage]:
        clock.shift(61)
        call_command("sweep")
        work()
        return smtp_server.mails_to(address)

    return a_minute_later


# What people do ------------------------------------------------------------------------


def find_the_next_session(page: Page) -> None:
    page.goto("/")
    press(page, page.get_by_role("link", name="Dijous GOmunicipal").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dijous GOmunicipal")
    press(page, page.get_by_role("link", name="Dades obertes").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dades obertes")


def fill_the_form(page: Page, name: str, email: str) -> None:
    """All but the body; the focus is on the address at the end."""
    write(page, page.get_by_label("Nom i cognoms"), name)
    write(page, page.get_by_label("Correu"), email)


def choose_from_what_is_offered(page: Page, text: str, body: str) -> None:
    """Write a part of the name of `body`, and take it from the list that comes."""
    field = page.get_by_label("Ens local")
    write(page, field, text)
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    press(page, page.get_by_role("button", name=body))
    expect(field).to_have_value(body)
    expect(field).to_be_focused()


def links_in(mail: EmailMessage) -> dict[str, str]:
    """Where the links of the plain text lead, by the last words of the path."""
    text = mail.get_body(("plain",)).get_content()
    return {url.rstrip("/").rpartition("/")[2]: url for url in re.findall(r"http\S+", text)}


def sign_in(page: Page, post: Callable[[str], list[EmailMessage]]) -> None:
    page.goto("/admin/")
    write(page, page.get_by_label("Correu"), ORGANISER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Escriviu el codi")
    [mail] = post(ORGANISER)
    print(mail.get_body(("plain",)).get_content())
    code = re.search(r"^[A-Z0-9-]{6,}$", mail.get_body(("plain",)).get_content(), re.M)
    write(page, page.get_by_label("Codi"), code[0])
    page.keyboard.press("Enter")



def snap(page, n=[0]):
    import pathlib
    n[0]+=1
    page.wait_for_load_state()
    page.screenshot(path=f"/tmp/snap-{n[0]:02}.png")
    pathlib.Path(f"/tmp/snap-{n[0]:02}.txt").write_text(page.url+"\n"+page.locator("body").aria_snapshot())


def test_the_main_job(session, new_context, post):
    ada, mar, organiser = (new_context().new_page() for _person in range(3))

    # Ada takes the only place.
    find_the_next_session(ada)
    press(ada, ada.get_by_role("link", name="Inscriu-m’hi"))
    fill_the_form(ada, "Ada Puig", ADA)
    choose_from_what_is_offered(ada, "sant feliu", "Sant Feliu de Codines")
    snap(ada)
    ada.keyboard.press("Enter")
    snap(ada)
    mails = post(ADA)
    assert story(mails) == [("REQUEST", 0, BEFORE)]
    print(mails[0].get_body(("plain",)).get_content())

    find_the_next_session(mar)
    snap(mar)
    press(mar, mar.get_by_role("link", name="Apunta"))
    fill_the_form(mar, "Mar Serra", MAR)
    write(mar, mar.get_by_label("Ens local"), "vilanova del cami")
    mar.keyboard.press("Enter")
    snap(mar)
    assert story(post(MAR)) == [None]

    ada.goto(links_in(mails[0])["cancel"])
    snap(ada)
    press(ada, ada.get_by_role("button", name="Sí"))
    snap(ada)
    print(story(post(ADA)), story(post(MAR)))

    sign_in(organiser, post)
    snap(organiser)
    press(organiser, organiser.get_by_role("link", name="Sessions").first)
    snap(organiser)
    press(organiser, organiser.get_by_role("link", name="Dades obertes").first)
    snap(organiser)
    press(organiser, organiser.get_by_role("link", name="Canvia el dia"))
    snap(organiser)
    write(organiser, organiser.get_by_label("Dia"), "29/10/2026")
    press(organiser, organiser.get_by_role("button", name="Continua"))
    snap(organiser)
    press(organiser, organiser.get_by_role("button", name="Canvia-la i avisa"))
    snap(organiser)
    print(story(post(ADA)), story(post(MAR)))
    press(organiser, organiser.get_by_role("link", name="Anul·la la sessió"))
    snap(organiser)
    write(organiser, organiser.get_by_label("Per què").first, "Vaga de trens")
    press(organiser, organiser.get_by_role("button", name="Continua"))
    snap(organiser)
    press(organiser, organiser.get_by_role("button", name="Sí"))
    snap(organiser)
    print(story(post(ADA)), story(post(MAR)))
    mar.goto("/s/" + session.code)
    snap(mar)
