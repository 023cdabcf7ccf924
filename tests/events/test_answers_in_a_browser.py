"""A decline in a calendar as people see it: the mail that asks, the page that frees the
place, and the organiser's screens."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.messages import incoming
from events.models import Registration
from tests.browser.faults import stand_still
from tests.browser.signing_in import sign_in
from tests.factories import a_registration, a_series, a_session
from tests.factories.cases import a_worker
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.replies import ADA, a_reply

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRANGER = "secretaria@council.example"
# A folder that gets a picture of all that is looked at; without it none is taken.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def look(assert_accessible: Any) -> Callable[[str, Page], None]:
    """Call it with a name and a page: everybody can read it, wide and narrow."""

    def at_both_widths(name: str, page: Page) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if PICTURES:
                stand_still(page)
                file = Path(PICTURES) / f"{name}-{width}.png"
                page.screenshot(path=file, full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width)
            assert_accessible(page)

    return at_both_widths


@pytest.fixture
def declined(live_server, settings, smtp_server, work) -> Registration:
    """Ada has a place in a session, and has declined it in the calendar; others have
    answered too."""
    settings.SITE_URL = live_server.url
    home, series = a_home(), a_series(title="Dijous GOmunicipal")
    session = a_session(8, series=series)
    a_session_page(a_series_page(home, series), session)
    ada = a_registration(session, ADA, name="Ada Puig")
    work()
    incoming.receive(a_reply(ada.invitations.get()))
    for name, status, sender in (
        ("Bea", "ACCEPTED", ""),
        ("Carme", "TENTATIVE", ""),
        ("Dolors", "ACCEPTED", STRANGER),
        ("Eva", "", ""),
    ):
        address = f"{name.lower()}@council.example"
        one = a_registration(session, address, name=f"{name} Serra")
        if status:
            sent = {"address": address, "sender": sender or address}
            incoming.receive(a_reply(one.invitations.get(), status, **sent))
    return ada


def test_who_declined_frees_the_place_by_the_button_of_the_page(
    page: Page, look, declined, smtp_server, work
):
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        work()
    mail = smtp_server.mails_to(ADA)[-1]
    html = mail.get_body(("html",)).get_content()
    page.set_content(html)
    look("mail", page)

    [link] = set(re.findall(r'href="([^"]+/cancel/)"', html))
    page.goto(link)
    declined.refresh_from_db()
    assert declined.state == Registration.State.CONFIRMED
    page.goto(link.removesuffix("cancel/"))
    says = page.get_by_text("El vostre calendari diu que no hi vindreu.")
    expect(says).to_be_visible()
    look("mine", page)
    page.get_by_role("link", name="Allibera la plaça").click()
    page.get_by_role("button", name="Sí, allibera-la").click()

    declined.refresh_from_db()
    assert declined.state == Registration.State.CANCELLED


def test_the_organiser_sees_who_answered_what_and_settles_what_is_doubtful(
    page: Page, look, declined, live_server
):
    organiser = a_worker(declined.session.series.unit, language="ca")
    sign_in(page.context, organiser, live_server.url)
    session = declined.session

    page.goto(reverse("sessions:session", args=[session.pk]))
    expect(page.get_by_role("link", name="Ha declinat: 1")).to_be_visible()
    look("session", page)
    page.get_by_role("link", name="El calendari d’1 persona").click()
    expect(page.get_by_role("link", name="Dolors Serra")).to_be_visible()
    expect(page.get_by_role("link", name="Ada Puig")).to_have_count(0)

    page.goto(reverse("sessions:people", args=[session.pk]))
    without = page.locator("td").filter(has_text="sense resposta")
    expect(without).to_have_count(2)
    look("people", page)
    page.get_by_role("link", name="Dolors Serra").click()
    settle = page.get_by_role("button", name="És la resposta de la persona")
    expect(settle).to_be_visible()
    look("person", page)
    settle.click()
    expect(page.get_by_text("Compta com a resposta de la persona.")).to_be_visible()
    look("settled", page)

    dolors = session.registrations.get(name="Dolors Serra")
    assert dolors.invitations.get().rsvp == "accepted"
