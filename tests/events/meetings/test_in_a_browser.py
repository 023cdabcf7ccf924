"""A session in Teams, as people have it: in a browser, with mail that arrives, and with
Microsoft away now and then."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.models import Material
from events import sessions
from events.meetings import sync
from events.models import Invitation, Meeting, Provider, Registration, Session
from tests.browser.faults import stand_still
from tests.browser.signing_in import sign_in
from tests.events.meetings.graph_double import Graph, Trouble, busy, no_policy
from tests.factories import a_body, a_registration, a_series, a_session
from tests.factories.cases import a_worker
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.mail import MailServer, story

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADA = "ada@council.example"
MINUTE = timedelta(minutes=1)
WIDTHS = (1280, 320)
# A folder that gets a picture of all that is looked at; without it none is taken.
PICTURES = os.environ.get("PICTURES", "")

Look = Callable[[str, Page], None]
Later = Callable[[timedelta], None]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    # The meeting's own page is behind a certificate of the tests.
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture
def person(new_context: Any) -> Page:
    """The browser of somebody who is not signed in."""
    return new_context().new_page()


@pytest.fixture
def look(assert_accessible: Any) -> Look:
    """Call it with a name and a page: everybody can read it, wide and narrow."""

    def at_both_widths(name: str, page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if PICTURES:
                stand_still(page)
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width)
            assert_accessible(page)
        page.set_viewport_size({"width": 1280, "height": 900})

    return at_both_widths


@pytest.fixture
def later(
    live_server: Any, smtp_server: MailServer, work: Any, settings: Any
) -> Iterator[Later]:
    """Call it with a span of time: it passes, for the site, its worker and Microsoft,
    and what was due is done. Mails link to the site as it is served."""
    settings.SITE_URL = live_server.url
    with time_machine.travel(timezone.now()) as clock:

        def passes(span: timedelta) -> None:
            clock.shift(span)
            call_command("sweep")
            work()

        yield passes


def a_draft(**values: Any) -> Session:
    """With its page, to be held in Teams once it is announced."""
    home = a_home()
    series = a_series(title="Dijous GOmunicipal")
    values = {"state": Session.State.DRAFT, "provider": Provider.TEAMS, **values}
    session = a_session(series=series, join_url="", **values)
    a_session_page(a_series_page(home, series), session)
    return session


def ten_o_clock(days: int) -> datetime:
    """In so many days, in UTC."""
    here = timezone.localtime() + timedelta(days=days)
    return here.replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)


def screen_of(session: Session) -> str:
    """Where the organiser has it."""
    return reverse("sessions:session", args=[session.pk])


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def starts_in(session: Session, span: timedelta) -> None:
    """So much time has passed."""
    starts = timezone.now() + span
    Session.objects.filter(pk=session.pk).update(
        starts=starts, ends=starts + timedelta(hours=1)
    )


# From its announcing to its end ------------------------------------------------------


def test_a_session_in_teams_from_its_announcing_to_its_end(
    page: Page,
    person: Page,
    graph: Graph,
    later: Later,
    look: Look,
    smtp_server: MailServer,
    live_server: Any,
):
    first, second = ten_o_clock(days=4), ten_o_clock(days=5)
    session = a_draft(starts=first)
    organiser = a_worker(session.series.unit, language="ca")
    sign_in(page.context, organiser, live_server.url)

    announce_while_microsoft_is_away(page, session, graph, later, look)
    mend_it_and_try_again(page, session, graph, later, look)
    assert graph.only["startDateTime"] == f"{first:%Y-%m-%dT%H:%M:%SZ}"

    register(person, session, look)
    later(MINUTE)
    assert story(smtp_server.mails_to(ADA)) == [("REQUEST", 0, first)]

    graph.expect(Trouble("PATCH", status=503))
    move_it(page, session, second, look)
    later(2 * MINUTE)
    [_, told] = smtp_server.mails_to(ADA)
    assert story([told]) == [("REQUEST", 1, second)], "whatever Microsoft does"
    assert graph.only["startDateTime"] == f"{first:%Y-%m-%dT%H:%M:%SZ}"
    later(2 * MINUTE)
    assert graph.only["startDateTime"] == f"{second:%Y-%m-%dT%H:%M:%SZ}", "it is back"
    read(told, person, look, "moved")

    later(second - timezone.now() - 59 * MINUTE)
    [_, _, reminder] = smtp_server.mails_to(ADA)
    assert reminder["Subject"].startswith("Avui: Dades obertes")
    read(reminder, person, look, "reminder")

    go_in(person, reminder, graph, later, look)
    page.goto(screen_of(session))
    page.get_by_role("link", name="Entra a la reunió").click()
    assert page.url == graph.only["joinWebUrl"], "the organiser in one click"

    cancel_it(page, session, look)
    later(2 * MINUTE)
    assert graph.meetings == {}
    assert story(smtp_server.mails_to(ADA))[3:] == [("CANCEL", 2, second)]
    person.goto(link_in(reminder, "/j/"))
    expect_heading(person, "La sessió s’ha anul·lat")
    look("door-cancelled", person)


def announce_while_microsoft_is_away(
    page: Page, session: Session, graph: Graph, later: Later, look: Look
) -> None:
    """It is busy first, and then it refuses."""
    graph.expect(busy("POST"), no_policy())
    page.goto(screen_of(session))
    page.get_by_role("link", name="Anuncia").click()
    yes = page.get_by_role("button", name="Sí, anuncia-la")
    expect(yes).to_be_visible()
    look("announce", page)
    yes.click()
    meeting = page.get_by_role("region", name="Reunió en línia")
    expect(meeting).to_contain_text("s’està preparant")
    later(timedelta())
    page.reload()
    expect(meeting).to_contain_text("Microsoft ens demana que esperem.")
    look("retrying", page)
    later(5 * MINUTE)
    page.reload()
    expect(meeting).to_contain_text("Cap política d’accés d’aplicacions")
    look("failed", page)


def mend_it_and_try_again(
    page: Page, session: Session, graph: Graph, later: Later, look: Look
) -> None:
    assert graph.meetings == {}
    meeting = page.get_by_role("region", name="Reunió en línia")
    meeting.get_by_role("button", name="Torna-ho a provar").click()
    expect(page.get_by_text("S’està provant.")).to_be_visible()
    later(timedelta())
    page.reload()
    expect(meeting).to_contain_text("a punt")
    look("ready", page)


def register(person: Page, session: Session, look: Look) -> None:
    """As Ada, from the page of the session."""
    a_body("Sant Feliu de Codines")
    person.goto(f"/s/{session.code}/")
    look("session", person)
    person.get_by_role("link", name="Inscriu-m’hi").first.click()
    person.get_by_label("Nom i cognoms").fill("Ada Puig")
    person.get_by_label("Correu electrònic").fill(ADA)
    person.get_by_label("Ens local").fill("Sant Feliu de Codines")
    look("register", person)
    person.get_by_label("Ens local").press("Enter")
    expect_heading(person, "Ja hi teniu plaça, Ada")
    look("registered", person)


def move_it(page: Page, session: Session, to: datetime, look: Look) -> None:
    """To another day, by the organiser's screen."""
    page.goto(screen_of(session))
    page.get_by_role("link", name="Canvia el dia o el lloc").click()
    page.get_by_label("Dia").fill(f"{timezone.localtime(to):%d/%m/%Y}")
    # By keyboard: the calendar that opens lies over it.
    page.get_by_role("button", name="Continua").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("S’avisarà 1 persona")
    look("move", page)
    page.get_by_role("button", name="Canvia-la i avisa").click()
    expect(page.get_by_text("1 persona rebrà un correu.")).to_be_visible()


def cancel_it(page: Page, session: Session, look: Look) -> None:
    page.goto(screen_of(session))
    page.get_by_role("link", name="Anul·la la sessió").click()
    page.get_by_role("group", name="Per què").get_by_label("Català").fill("Hi ha vaga.")
    page.get_by_role("button", name="Continua").click()
    yes = page.get_by_role("button", name="Sí, anul·la-la i avisa")
    expect(yes).to_be_visible()
    look("cancel", page)
    yes.click()
    expect(page.get_by_text("1 persona rebrà un correu.")).to_be_visible()
    look("cancelled", page)


def read(mail: EmailMessage, person: Page, look: Look, name: str) -> None:
    """The mail as a program shows it."""
    shown = person.context.new_page()
    shown.set_content(mail.get_body(("html",)).get_content())
    look(f"mail-{name}", shown)
    shown.close()


def link_in(mail: EmailMessage, part: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    [link] = set(re.findall(rf"http\S+{part}\S+", text))
    return link


def go_in(
    person: Page, reminder: EmailMessage, graph: Graph, later: Later, look: Look
) -> None:
    """By the mail's link: too early first, and then in one tap."""
    person.goto(link_in(reminder, "/j/"))
    expect_heading(person, "La sala encara no és oberta")
    look("door-early", person)
    later(45 * MINUTE)
    person.reload()
    expect_heading(person, "Ja hi podeu entrar")
    look("door-open", person)
    assert graph.only["joinWebUrl"] not in person.content()
    person.get_by_role("link", name="Entra a la sala").click()
    expect(person.get_by_role("heading")).to_have_text("The meeting")
    assert person.url == graph.only["joinWebUrl"]
    assert Invitation.objects.get().joined


# The door -----------------------------------------------------------------------------


def test_whoever_waits_for_the_room_sees_by_themselves_that_it_is_ready(
    page: Page, graph: Graph, work: Any, live_server: Any
):
    session = a_draft()
    sessions.announce(session)
    invitation = a_registration(session).invitations.get()
    starts_in(session, 10 * MINUTE)
    page.goto(reverse("join", args=[invitation.join_token]))
    expect_heading(page, "Estem preparant la sala")
    page.locator("[data-look-again]").evaluate("it => it.dataset.lookAgain = '0.5'")
    page.evaluate("location.hash = 'here'")

    work()

    way_in = page.get_by_role("link", name="Entra a la sala")
    expect(way_in).to_be_visible(timeout=30_000)
    assert page.url.endswith("#here"), "without loading the page again"
    way_in.click()
    assert page.url == graph.only["joinWebUrl"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_can_be_read_by_everybody_whatever_the_hour(
    page: Page, graph: Graph, work: Any, look: Look, live_server: Any, scheme: str
):
    page.emulate_media(color_scheme=scheme)
    session = a_draft()
    sessions.announce(session)
    work()
    invitation = a_registration(session, name="Ada Puig").invitations.get()
    door = reverse("join", args=[invitation.join_token])

    for name, span in (("early", timedelta(days=1)), ("open", MINUTE)):
        starts_in(session, span)
        page.goto(door)
        for summary in page.locator("details.disclosure > summary").all():
            summary.click()
        look(f"door-{name}-{scheme}", page)
    Meeting.objects.update(join_url="")
    page.goto(door)
    look(f"door-waiting-{scheme}", page)
    Material.objects.create(
        session=session, kind="recording", title="El vídeo", url="https://v.example/1"
    )
    starts_in(session, -90 * MINUTE)
    page.goto(door)
    expect(page.get_by_text("El vídeo")).to_be_visible()
    look(f"door-over-{scheme}", page)


def test_without_script_the_door_works_too(
    page: Page, graph: Graph, work: Any, live_server: Any, new_context: Any
):
    session = a_draft()
    sessions.announce(session)
    invitation = a_registration(session, name="Ada Puig").invitations.get()
    starts_in(session, MINUTE)
    tab = new_context(java_script_enabled=False).new_page()

    tab.goto(reverse("join", args=[invitation.join_token]))
    work()
    tab.get_by_role("link", name="Torna-ho a mirar").click()
    tab.get_by_role("link", name="Entra a la sala").click()

    assert tab.url == graph.only["joinWebUrl"]
    assert Registration.objects.get().invitations.get().joined


def test_the_stand_in_of_development_can_be_read_by_everybody(
    page: Page, live_server: Any, work: Any, look: Look
):
    session = a_draft()
    Session.objects.update(provider=Provider.HERE, state=Session.State.ANNOUNCED)
    sync.wanted(session)
    work()

    page.goto(f"/meeting/{session.uuid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Aquí hi hauria la reunió"
    )
    look("here", page)


def test_the_forms_of_a_session_offer_the_ways_of_meeting(
    page: Page, live_server: Any, graph: Graph, look: Look
):
    session = a_draft()
    organiser = a_worker(session.series.unit, language="ca")
    sign_in(page.context, organiser, live_server.url)

    page.goto(reverse("sessions:add"))
    expect(page.get_by_role("radio", name="Teams")).to_be_checked()
    page.get_by_role("radio", name="Teams").scroll_into_view_if_needed()
    look("new", page)
    page.goto(reverse("sessions:edit", args=[session.pk]))
    expect(page.get_by_role("radio", name="Teams")).to_be_checked()
    page.get_by_role("radio", name="Teams").scroll_into_view_if_needed()
    look("edit", page)
