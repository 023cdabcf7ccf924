"""A place that passes from hand to hand, as people see it: in a browser, by keyboard,
with mail that arrives.

One place and those who want it: filled, offered, expired, offered to the next and
accepted, substituted, declined from a calendar, offered again and not wanted.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.messages import incoming
from events import registrations
from events.models import Invitation, Registration, Session
from tests.browser.keyboard import press, write
from tests.browser.signing_in import sign_in
from tests.factories import a_registration, a_series, a_session
from tests.factories.cases import a_worker
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.mail import entry, story
from tests.replies import a_reply

ADA, MAR, POL, ONA = (
    f"{name}@council.example" for name in ("ada", "mar", "pol", "ona")
)

# Ten o'clock in Barcelona.
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
STARTS = datetime(2026, 10, 22, 8, tzinfo=UTC)

FIRST = "Ona espera, amb el número 1 de la llista."


pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def clock(live_server: Any) -> Iterator[time_machine.Traveller]:
    """The first of October, for the site and its worker."""
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def session(clock: time_machine.Traveller, site_url: str) -> Session:
    """The next session of a series that offers its freed places; it has one."""
    home = a_home()
    series = a_series(title="Tallers", promotion="offer")
    series_page = a_series_page(home, series)
    session = a_session(1, series=series, starts=STARTS, title="Dades obertes")
    a_session_page(series_page, session)
    return session


@pytest.mark.parametrize("width", [1280, 320])
def test_one_place_from_hand_to_hand(
    session, new_context, post, clock, assert_accessible, width
):
    viewport = {"width": width, "height": 900}
    mar, pol, ona = (new_context(viewport=viewport).new_page() for _person in range(3))

    def look(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    # Filled: Ada has the only place; Mar and Pol wait.
    ada, _mar, _pol = (
        a_registration(session, address, name=name)
        for address, name in ((ADA, "Ada Puig"), (MAR, "Mar Serra"), (POL, "Pol Roig"))
    )
    assert story(post(ADA)) == [("REQUEST", 0, STARTS)]
    [waiting] = post(MAR)
    mar.goto(own_page(waiting))
    expect_heading(mar, "Sou a la llista d’espera, Mar")
    expect(mar.get_by_role("main")).to_contain_text("s’ofereix a la primera persona")
    look(mar)

    # Offered: Ada gives it up, and Mar reads by when she is to answer.
    registrations.cancel(ada, Registration.Reason.PERSON)
    offer = post(MAR)[-1]
    assert story(post(MAR)) == [None, None], "nothing is in the calendar yet"
    until = "fins al divendres 2 d’octubre de 2026, a les 10"
    assert until in offer["subject"]
    assert until in text_of(offer)
    mar.goto(own_page(offer))
    expect_heading(mar, "Hi ha una plaça per a vós, Mar")
    look(mar)
    assert len(post(POL)) == 1, "of what is offered to Mar, Pol hears nothing"

    # Expired: Mar does not answer. It passes on, and both are told.
    clock.shift(timedelta(days=1))
    assert "S’ha acabat el termini per contestar" in post(MAR)[-1]["subject"]
    press(mar, mar.get_by_role("button", name="Accepto la plaça"))
    expect_heading(mar, "S’ha acabat el termini per contestar")
    look(mar)
    offer = post(POL)[-1]
    pol.goto(own_page(offer))
    expect_heading(pol, "Hi ha una plaça per a vós, Pol")

    # Accepted: now it is in the calendar of Pol, once, though he clicks twice.
    press(pol, pol.get_by_role("button", name="Accepto la plaça"))
    expect_heading(pol, "Ja hi teniu plaça, Pol")
    look(pol)
    pol.go_back()
    pol.reload()
    expect_heading(pol, "Ja hi teniu plaça, Pol")
    assert story(post(POL)) == [None, None, ("REQUEST", 0, STARTS)]
    assert entry(post(POL)[-1])[1]["SUMMARY"] == "Dades obertes"

    # Mar asks again, from the mail that told her, and is on the list.
    mar.goto(own_page(post(MAR)[-1]))
    press(mar, mar.get_by_role("button", name="Torna-ho a demanar"))
    expect_heading(mar, "Sou a la llista d’espera, Mar")
    assert story(post(MAR)) == [None] * 4

    # Substituted: Pol cannot come, and passes his place to a colleague.
    pol.goto(own_page(post(POL)[-1]))
    press(pol, pol.get_by_role("link", name="Envia-hi algú altre"))
    write(pol, pol.get_by_label("Nom i cognoms"), "Ona Vila")
    write(pol, pol.get_by_label("Correu electrònic de la feina"), ONA)
    pol.keyboard.press("Enter")
    expect(pol.get_by_role("status")).to_contain_text("Hem escrit a Ona Vila")
    ona.goto(own_page(post(ONA)[-1], "instead/"))
    press(ona, ona.get_by_role("button", name="Sí, hi vaig"))
    expect_heading(ona, "Ja teniu la plaça")
    assert story(post(POL))[-2:] == [("REQUEST", 0, STARTS), ("CANCEL", 1, STARTS)]
    assert story(post(ONA))[-1:] == [("REQUEST", 0, STARTS)]
    assert story(post(MAR)) == [None] * 4, "the waiting list stays as it is"

    # Declined from a calendar: it frees nothing, and asks Ona, whose button does.
    hers = {"address": ONA, "sender": ONA, "stamp": timezone.now()}
    incoming.receive(a_reply(invitation_of(ONA), **hers))
    question = post(ONA)[-1]
    assert story([question]) == [None]
    assert story(post(MAR)) == [None] * 4, "a calendar gives up nobody's place"
    ona.goto(links_in(question)["cancel"])
    look(ona)
    press(ona, ona.get_by_role("button", name="Sí, allibera-la"))
    expect_heading(ona, "La vostra inscripció està anul·lada")
    assert story(post(ONA))[-1:] == [("CANCEL", 1, STARTS)]

    # So it is offered to Mar once more, who does not want it after all.
    mar.goto(own_page(post(MAR)[-1]))
    press(mar, mar.get_by_role("link", name="No la vull"))
    expect_heading(mar, "Voleu que oferim la plaça a una altra persona?")
    look(mar)
    press(mar, mar.get_by_role("button", name="Sí, no la vull"))
    expect_heading(mar, "No heu volgut la plaça")
    look(mar)
    assert story(post(MAR)) == [None] * 6, "nothing of it was ever in her calendar"


@pytest.mark.parametrize("width", [1280, 320])
def test_an_organiser_sees_offers_takes_one_back_and_moves_people_by_keyboard(
    session, page, post, site_url, assert_accessible, width
):
    page.set_viewport_size({"width": width, "height": 900})
    organiser = a_worker(session.series.unit, language="ca")
    sign_in(page.context, organiser, site_url)
    ada, mar, _pol, _ona = (
        a_registration(session, f"{name}@council.example", name=name)
        for name in ("Ada", "Mar", "Pol", "Ona")
    )

    def look() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    def open_the_person(name: str) -> None:
        page.goto(reverse("sessions:people", args=[session.pk]))
        press(page, page.get_by_role("link", name=name, exact=True))

    # Ona speaks at the session: she is to be the next.
    open_the_person("Ona")
    press(page, page.get_by_role("link", name="Mou a la llista"))
    write(page, page.get_by_label("Número a la llista d’espera"), "1")
    write(page, page.get_by_label("Per què"), "Hi parla")
    look()
    press(page, page.get_by_role("button", name="Desa"))
    expect(page.get_by_text(FIRST)).to_be_visible()
    expect(page.get_by_text("«Hi parla»")).to_be_visible()

    # So the place of Ada is offered to her; and then, after all, to Mar.
    registrations.cancel(ada, Registration.Reason.PERSON)
    page.goto(reverse("sessions:session", args=[session.pk]))
    expect(page.get_by_text("De les places ofertes")).to_be_visible()
    look()
    page.goto(reverse("sessions:people", args=[session.pk]))
    look()
    open_the_person("Ona")
    expect(page.get_by_text("Per contestar fins al")).to_be_visible()
    look()
    press(page, page.get_by_role("link", name="Retira l’oferiment"))
    write(page, page.get_by_label("Per què"), "No hi podrà venir")
    press(page, page.get_by_role("button", name="Continua"))
    preview = page.get_by_role("main")
    expect(preview).to_contain_text("S’avisaran 2 persones")
    expect(preview).to_contain_text("La plaça s’ofereix per correu a Mar")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text(
        "Ja no us oferim la plaça"
    )
    look()
    press(page, page.get_by_role("button", name="Sí, retira-la"))
    expect(page.get_by_text(FIRST)).to_be_visible()
    assert "Us oferim una plaça" in post(mar.email)[-1]["subject"]


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def own_page(mail: EmailMessage, part: str = "") -> str:
    """Where the button of `mail` leads: the page of its person, or a part of it."""
    return re.search(rf"http\S+/r/[\w-]+/{part}(?=\s)", text_of(mail))[0]


def links_in(mail: EmailMessage) -> dict[str, str]:
    """Where the links of `mail` lead, by the last word of each address."""
    links = re.findall(r"http\S+", text_of(mail))
    return {link.rstrip("/").rpartition("/")[2]: link for link in links}


def invitation_of(address: str) -> Invitation:
    return Invitation.objects.get(registration__email=address, withdrawn=False)
