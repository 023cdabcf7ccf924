"""The screens of reminders and of messages to people, as a browser has them, and the
mails, as a mail program has them."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.models import Material
from community.messages import outbox
from community.messages.reading import parsed_mail, part_of
from community.models import Message
from events import reminders
from events.models import Circular, Session
from tests.browser import signing_in
from tests.browser.faults import stand_still
from tests.factories import a_registration, a_series, a_session
from tests.factories.cases import a_worker
from tests.factories.pages import a_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = 1280, 320
# A folder to keep pictures of what was looked at, for who wants to see it too.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def session(site_url: str) -> Session:
    """Tomorrow; it has been reminded of once."""
    a_home()
    # A whole hour, so that its dates are as people write them.
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    session = a_session(
        series=a_series(title={"ca": "Dijous obert", "es": "Jueves abierto"}),
        starts=now + timedelta(hours=24),
    )
    a_registration(session, "ada@council.example", name="Ada Exemple")
    a_registration(session, "dario@council.example", language="es")
    long_ago = timezone.now() - timedelta(days=20)
    Message.objects.update(state=Message.State.DONE, settled=long_ago)
    reminders.remind_due(9)
    Message.objects.filter(kind="reminder").update(
        state=Message.State.DONE, settled=timezone.now()
    )
    return session


@pytest.fixture
def as_staff(session: Session, page: Page, site_url: str) -> Callable[[str], Page]:
    """Call it with a role to be somebody of the unit who has it."""

    def sign_in(role: str = "Case workers") -> Page:
        values = {"email": "nuria@placa.example", "language": "ca"}
        nuria = a_worker(session.series.unit, role=role, **values)
        signing_in.sign_in(page.context, nuria, site_url)
        return page

    return sign_in


def look(page: Page, name: str) -> None:
    """Nothing to object to, wide and narrow."""
    for width in (WIDE, NARROW):
        if PICTURES:
            # As tall as the screen: it scrolls inside.
            page.set_viewport_size({"width": width, "height": 2600})
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png")
        page.set_viewport_size({"width": width, "height": 900})
        # The framework's own bar is not ours; a mail in a frame is looked at below.
        stand_still(page)
        results = Axe().run(page, context={"include": ["main"], "exclude": ["iframe"]})
        assert not results.violations_count, results.generate_report()
        sideways = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(sideways), f"{name} at {width}"


def address(session: Session, name: str) -> str:
    return reverse(f"sessions:{name}", args=[session.pk])


def test_an_organiser_writes_to_people_looks_tries_and_sends(session, as_staff):
    page = as_staff()
    page.goto(address(session, "session"))
    page.get_by_role("link", name="Escriu a les persones").click()
    page.get_by_label("català").first.fill("Porteu un exemple")
    look(page, "write")
    page.get_by_role("button", name="Continua").click()
    # The text is missing; what is there stays.
    expect(page.get_by_label("català").first).to_have_value("Porteu un exemple")
    look(page, "write-error")
    page.locator("[name=text_0]").fill("Si podeu, porteu un exemple vostre.")
    page.get_by_role("button", name="Continua").click()

    expect(page.get_by_text("S’avisaran 2 persones")).to_be_visible()
    look(page, "write-confirm")
    page.get_by_role("button", name="Envia’m una prova").click()
    expect(page.get_by_text("Una prova va cap a nuria@placa.example")).to_be_visible()
    assert not Circular.objects.exists()
    page.get_by_role("button", name="Sí, envia’l a 2 persones").click()

    expect(page.get_by_text("Porteu un exemple")).to_be_visible()
    assert Circular.objects.get().people == 2
    look(page, "session")


def test_what_was_typed_is_there_after_the_sign_in_ran_out(session, as_staff):
    page = as_staff()
    page.goto(address(session, "write"))
    page.locator("[name=subject_0]").fill("Porteu un exemple")
    page.locator("[name=text_0]").fill("Un text molt llarg.")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Continua").click()
    expect(page.locator("[name=text_0]")).to_have_count(0)

    page.context.add_cookies(cookies)
    page.go_back()

    expect(page.locator("[name=text_0]")).to_have_value("Un text molt llarg.")


def test_the_materials_are_announced_with_one_button(session, as_staff):
    past = timezone.now() - timedelta(days=1)
    Session.objects.update(starts=past - timedelta(hours=1), ends=past)
    Material.objects.create(session=session, title="Vídeo", url="https://v.example/")
    page = as_staff()
    page.goto(address(session, "session"))

    page.get_by_role("link", name="Avisa que ja hi ha els materials").click()

    expect(page.locator("[name=text_0]")).to_have_value(
        "Els materials de la sessió ja són a la seva pàgina. Si es va enregistrar, "
        "també hi trobareu l’enregistrament:\n"
        f"{page.url.split('/admin/')[0]}/s/{session.code}/\n\nGràcies per venir."
    )


def test_reminders_are_chosen_for_a_series_and_turned_off_for_a_session(
    session, as_staff
):
    page = as_staff("Coordinators")
    page.goto(reverse("series:edit", args=[session.series_id]))
    look(page, "series")
    page.get_by_label("Recordatori 4: quants").fill("61")
    page.get_by_role("button", name="Desa").first.click()
    expect(page.get_by_text("com a màxim 60 dies")).to_be_visible()
    look(page, "series-error")
    page.goto(address(session, "reminders"))
    look(page, "reminders")
    page.get_by_role("checkbox").last.uncheck()
    page.get_by_role("button", name="Desa").click()
    expect(page.get_by_text("Desactivats per a aquesta sessió")).to_be_visible()
    look(page, "session-off")


@pytest.mark.parametrize("language", ["ca", "es"])
def test_the_mails_are_for_everybody_on_a_phone_too(session, page, settings, language):
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    Message.objects.update(state=Message.State.QUEUED, settled=None)
    outbox.send_due(99)
    row = Message.objects.get(kind="reminder", language=language)

    mail: Any = parsed_mail(row)
    page.set_content(part_of(mail, "html") or "")

    for width in (600, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            file = Path(PICTURES) / f"mail-{language}-{width}.png"
            page.screenshot(path=file, full_page=True)
        results = Axe().run(page)
        assert not results.violations_count, results.generate_report()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
