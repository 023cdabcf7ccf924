"""From announcing to going in, with Microsoft away in between: in a browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.models import Material
from community.models import UnitMembership
from community.work import tasks
from events import sessions
from events.meetings import sync
from events.models import Meeting, Provider, Registration, Session
from tests.events.meetings.graph_double import Graph, busy, no_policy
from tests.factories import a_registration, a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINUTE = timedelta(minutes=1)
WIDTHS = (1280, 320)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    # The meeting's own page is behind a certificate of the tests.
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture
def look(page: Page, assert_accessible: Any) -> Callable[[str], None]:
    """Call it with a name: the page can be read by everybody, wide and narrow."""

    def at_both_widths(name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width)
            assert_accessible(page)
        page.set_viewport_size({"width": 1280, "height": 900})

    return at_both_widths


def a_draft() -> Session:
    home = a_home()
    series = a_series(title="Dijous GOmunicipal")
    session = a_session(
        series=series,
        state=Session.State.DRAFT,
        provider=Provider.TEAMS,
        join_url="",
    )
    a_session_page(a_series_page(home, series), session)
    return session


def sign_in(page: Page, live_server: Any, session: Session) -> None:
    user = a_user(language="ca")
    user.groups.add(Group.objects.get(name="Case workers"))
    UnitMembership.objects.create(user=user, unit=session.series.unit)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[site_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
    )


def starts_in(session: Session, span: timedelta) -> None:
    """So much time has passed."""
    starts = timezone.now() + span
    Session.objects.filter(pk=session.pk).update(
        starts=starts, ends=starts + timedelta(hours=1)
    )


def a_minute_later(work: Callable[[], None]) -> None:
    Meeting.objects.update(next_try=timezone.now())
    tasks.wake()
    work()


def test_announced_away_back_again_and_everybody_gets_in(
    page: Page, live_server: Any, graph: Graph, work: Any, smtp_server: Any, look: Any
):
    session = a_draft()
    screen = reverse("sessions:session", args=[session.pk])
    sign_in(page, live_server, session)

    # Announced while Microsoft is busy, and then refuses.
    page.goto(screen)
    page.get_by_role("link", name="Anuncia").click()
    graph.expect(busy("POST"), no_policy())
    page.get_by_role("button", name="Sí, anuncia-la").click()
    meeting = page.get_by_role("region", name="Reunió en línia")
    expect(meeting).to_contain_text("s’està preparant")
    work()
    page.reload()
    expect(meeting).to_contain_text("Microsoft ens demana que esperem.")
    look("retrying")
    a_minute_later(work)
    page.reload()
    expect(meeting).to_contain_text("Cap política d’accés d’aplicacions")
    look("failed")

    # Somebody registers, and comes: the room is being made ready.
    ada = a_registration(session, name="Ada Puig")
    invitation = ada.invitations.get()
    starts_in(session, timedelta(days=2))
    door = reverse("join", args=[invitation.join_token])
    person = page.context.browser.new_context(
        base_url=live_server.url, ignore_https_errors=True, locale="ca-ES"
    ).new_page()
    person.goto(door)
    expect(person.get_by_role("heading", level=1)).to_have_text(
        "La sala encara no és oberta"
    )
    starts_in(session, 10 * MINUTE)
    person.reload()
    expect(person.get_by_role("heading", level=1)).to_have_text(
        "Estem preparant la sala"
    )

    # It is mended, and tried again: whoever stands at the door sees it by itself.
    person.locator("[data-look-again]").evaluate("it => it.dataset.lookAgain = '0.5'")
    person.evaluate("location.hash = 'here'")
    meeting.get_by_role("button", name="Torna-ho a provar").click()
    expect(page.get_by_text("S’està provant.")).to_be_visible()
    work()
    page.reload()
    expect(meeting).to_contain_text("a punt")
    look("ready")
    way_in = person.get_by_role("link", name="Entra a la sala")
    expect(way_in).to_be_visible(timeout=30_000)
    assert person.url.endswith("#here"), "without loading the page again"
    assert graph.only["joinWebUrl"] not in person.content()

    # One tap, and they are in. So is the organiser.
    way_in.click()
    expect(person.get_by_role("heading")).to_have_text("The meeting")
    assert person.url == graph.only["joinWebUrl"]
    invitation.refresh_from_db()
    assert invitation.joined
    meeting.get_by_role("link", name="Entra a la reunió").click()
    expect(page.get_by_role("heading")).to_have_text("The meeting")

    # It is cancelled: nobody gets in any more.
    sessions.cancel(session, "El ponent està malalt")
    a_minute_later(work)
    assert graph.meetings == {}
    person.goto(door)
    expect(person.get_by_role("heading", level=1)).to_have_text(
        "La sessió s’ha anul·lat"
    )
    person.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_can_be_read_by_everybody_whatever_the_hour(
    page: Page, graph: Graph, work: Any, look: Any, live_server: Any, scheme: str
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
        look(f"door-{name}-{scheme}")
    Meeting.objects.update(join_url="")
    page.goto(door)
    look(f"door-waiting-{scheme}")
    Material.objects.create(
        session=session, kind="recording", title="El vídeo", url="https://v.example/1"
    )
    starts_in(session, -90 * MINUTE)
    page.goto(door)
    expect(page.get_by_text("El vídeo")).to_be_visible()
    look(f"door-over-{scheme}")


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
    page: Page, live_server: Any, work: Any, look: Any
):
    session = a_draft()
    Session.objects.update(provider=Provider.HERE, state=Session.State.ANNOUNCED)
    sync.wanted(session)
    work()

    page.goto(f"/meeting/{session.uuid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Aquí hi hauria la reunió"
    )
    look("here")


def test_the_forms_of_a_session_offer_the_ways_of_meeting(
    page: Page, live_server: Any, graph: Graph, look: Any
):
    session = a_draft()
    sign_in(page, live_server, session)

    page.goto(reverse("sessions:add"))
    expect(page.get_by_role("radio", name="Teams")).to_be_checked()
    page.get_by_role("radio", name="Teams").scroll_into_view_if_needed()
    look("new")
    page.goto(reverse("sessions:edit", args=[session.pk]))
    expect(page.get_by_role("radio", name="Teams")).to_be_checked()
    page.get_by_role("radio", name="Teams").scroll_into_view_if_needed()
    look("edit")
