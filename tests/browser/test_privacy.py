"""A person's data in a browser, from asking to leaving; and the officer's screens."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import BrowserContext, Locator, Page, expect

from community.models import User
from community.privacy import runs
from events import followers
from events.models import Registration, Session
from events.registrations import Needs
from tests.browser.faults import Watch, faults
from tests.browser.signing_in import lend
from tests.factories import a_body, a_registration, a_session
from tests.factories.demonstration import plant
from tests.mail import MailServer

ADA = "ada@council.example"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(java_script_enabled=True).new_page()


@pytest.fixture
def ada(site_url: str) -> Registration:
    """Somebody who is registered for two sessions, one of them long ago."""
    plant()
    # What it leaves to the worker is of pages alone.
    DBTaskResult.objects.all().delete()
    session = a_session(title={"ca": "Dades obertes sense por"})
    past = a_registration(
        a_session(series=session.series, title={"ca": "Accés a la informació"}),
        ADA,
        name="Ada Puig",
        position="Tècnica",
    )
    Session.objects.filter(pk=past.session_id).update(
        starts=session.starts - timedelta(days=90),
        ends=session.ends - timedelta(days=90),
    )
    followers.follow(session.series, ADA, "ca", confirmed=True)
    return a_registration(
        session,
        ADA,
        name="Ada Puig",
        position="Tècnica de transparència",
        question="Com s’obre una dada que ningú no ha demanat?",
        body=a_body("Vic"),
        body_text="",
        needs=Needs(materials_before=True),
    )


def the_link(server: MailServer) -> str:
    texts = [m.get_body(("plain",)).get_content() for m in server.mails_to(ADA)]
    return re.findall(r"https?://\S+/my-data/open/\S+", "".join(texts))[-1]


def follow(link: Locator) -> None:
    """Click, and be there: not still on the page that is being left."""
    with link.page.expect_navigation():
        link.click()


def test_a_person_sees_corrects_takes_away_and_leaves(
    ada: Registration,
    page: Page,
    site_url: str,
    smtp_server: MailServer,
    work: Callable[[], None],
):
    watch = Watch(page, site_url)
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in faults(page))
        page.set_viewport_size({"width": 1280, "height": 800})

    # The foot of any page leads there.
    page.goto("/ca/")
    foot = page.get_by_role("contentinfo")
    follow(foot.get_by_role("link", name="Les vostres dades"))
    look("ask")
    page.get_by_label("Correu electrònic").fill("ada")
    page.get_by_role("button", name="Envia’m l’enllaç").click()
    expect(page.locator(".errors")).to_be_visible()
    look("asked wrongly")
    page.get_by_label("Correu electrònic").fill(ADA)
    page.get_by_role("button", name="Envia’m l’enllaç").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mireu el correu")
    look("asked")

    work()
    page.goto(the_link(smtp_server))
    look("open")
    page.get_by_role("button", name="Obre-les").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les vostres dades")
    look("folded")
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")
    expect(page.get_by_text("Com s’obre una dada")).to_be_visible()
    look("my data")

    with page.expect_download() as download:
        page.get_by_role("link", name="Baixa-ho tot").click()
    held = json.loads(download.value.path().read_text())["held"]
    assert len(held["registrations"]) == 2

    follow(page.get_by_role("link", name="Corregeix-les"))
    look("correct")
    page.get_by_label("Nom i cognoms").fill("Ada Roca")
    page.get_by_role("button", name="Desa").click()
    expect(page.get_by_text("Ada Roca").first).to_be_attached()

    follow(page.get_by_role("link", name="Esborra-ho tot"))
    look("leave")
    page.get_by_role("button", name="Sí, esborra-ho tot").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Estem esborrant les vostres dades"
    )
    look("left")
    work()

    page.goto(the_link(smtp_server))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Aquest enllaç ja no funciona"
    )
    look("too late")
    assert not Registration.objects.of_somebody().filter(email__iexact=ADA).exists()
    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


def test_it_works_without_a_script(
    ada: Registration,
    new_context: Callable[..., BrowserContext],
    smtp_server: MailServer,
    work: Callable[[], None],
):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/es/my-data/")
    page.get_by_label("Correo electrónico").fill(ADA)
    page.get_by_role("button", name="Envíame el enlace").click()
    work()
    page.goto(the_link(smtp_server))
    page.get_by_role("button", name="Ábrelos").click()
    page.get_by_role("link", name="Bórralo todo").click()
    page.get_by_role("button", name="Sí, bórralo todo").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Estamos borrando sus datos"
    )
    work()
    assert not Registration.objects.of_somebody().filter(email__iexact=ADA).exists()


def test_the_officers_screens_are_for_everybody(
    ada: Registration,
    page: Page,
    site_url: str,
    time_machine: Any,
    assert_accessible: Callable[[Page], None],
):
    client = Client()
    client.force_login(User.objects.get(email="coordina@placa.example"))
    people = reverse("sessions:people", args=[ada.session.pk])
    client.get(people)
    b"".join(client.get(people, {"export": "csv"}).streaming_content)
    client.get(reverse("sessions:registration", args=[ada.pk]))
    runs.run_all()
    lend(page.context, client, site_url)

    for name in ("retention", "disclosures"):
        page.goto(reverse(f"{name}:index"))
        page.set_viewport_size({"width": 1280, "height": 900})
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert_accessible(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            name
        )
