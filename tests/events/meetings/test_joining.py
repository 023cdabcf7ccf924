"""The person's own door: it leads to the meeting when it is time, and says what to do
before and after; where the meeting is, it tells nobody."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import Material
from community.work import tasks
from events import registrations, sessions
from events.meetings import sync
from events.models import Invitation, Meeting, Provider, Registration, Session
from events.retention import erase
from tests.events.meetings.graph_double import Graph, no_policy
from tests.factories import a_registration, a_session
from tests.factories.pages import a_home

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def site() -> None:
    a_home()


def held(starts: timedelta, **values: Any) -> Session:
    """A session that starts so much from now, for an hour, in Teams."""
    values = {"provider": Provider.TEAMS, "join_url": "", **values}
    return a_session(starts=timezone.now() + starts, **values)


def in_teams(session: Session, work: Any) -> Session:
    """With its meeting made."""
    sync.wanted(session)
    work()
    return Session.objects.get(pk=session.pk)


def at(session: Session, starts: timedelta) -> None:
    """It starts so much from now."""
    begins = timezone.now() + starts
    ends = begins + timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(starts=begins, ends=ends)


@pytest.fixture
def ada(graph: Graph, work: Any) -> Invitation:
    """Her invitation to a session that has begun, in a meeting that is there."""
    session = in_teams(held(-5 * MINUTE), work)
    at(session, timedelta(days=1))
    invitation = a_registration(session, name="Ada").invitations.get()
    at(session, -5 * MINUTE)
    return invitation


def door(invitation: Invitation) -> str:
    return reverse("join", args=[invitation.join_token])


def inside(invitation: Invitation, **headers: str) -> str:
    """Where going in leads."""
    address = reverse("enter", args=[invitation.join_token])
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 302
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    return answer.url


def read(invitation: Invitation) -> str:
    return unescape(Client().get(door(invitation)).content.decode())


def joined(invitation: Invitation) -> Any:
    return Invitation.objects.get(pk=invitation.pk).joined


# When it is time ---------------------------------------------------------------------


def test_one_tap_leads_into_the_meeting(ada, graph):
    page = read(ada)

    assert page.count(f'href="{door(ada)}in/"') == 1
    assert inside(ada) == graph.only["joinWebUrl"]


@pytest.mark.parametrize("starts", [-59, -5, 5, 14, 16, 600])
def test_the_page_never_has_the_link_itself(ada, graph, starts):
    at(ada.registration.session, starts * MINUTE)

    assert graph.only["joinWebUrl"] not in read(ada)
    assert graph.url not in read(ada)


@pytest.mark.parametrize(("starts", "opens"), [(16, False), (14, True), (-59, True)])
def test_it_opens_a_quarter_of_an_hour_before(ada, graph, starts, opens):
    at(ada.registration.session, starts * MINUTE)

    assert (inside(ada) == graph.only["joinWebUrl"]) == opens
    assert bool(joined(ada)) == opens


def test_who_came_and_when_is_kept_once(ada):
    before = timezone.now()

    read(ada)
    assert joined(ada) is None, "looking is not coming"
    inside(ada)
    first = joined(ada)
    inside(ada)

    assert before <= first <= timezone.now()
    assert joined(ada) == first


def test_a_program_that_looks_ahead_does_not_come(ada, graph):
    headers = {"sec-purpose": "prefetch;prerender"}
    assert inside(ada, **headers) == graph.only["joinWebUrl"]
    Client().head(reverse("enter", args=[ada.join_token]))

    assert joined(ada) is None


def test_when_somebody_came_is_forgotten_with_the_person(ada):
    inside(ada)

    erase(Registration.objects.all())

    assert joined(ada) is None


@pytest.mark.parametrize(
    "state", [Session.State.CANCELLED, Session.State.POSTPONED, "no place", "over"]
)
def test_a_door_that_is_shut_leads_nowhere(ada, state):
    if state == "no place":
        registrations.cancel(ada.registration, Registration.Reason.PERSON)
    elif state == "over":
        at(ada.registration.session, -61 * MINUTE)
    else:
        Session.objects.update(state=state)

    assert inside(ada) == door(ada)
    assert joined(ada) is None


def test_nobody_goes_in_by_a_link_that_is_no_link(ada):
    address = reverse("enter", args=["x" * 32])

    assert Client().get(address).status_code == 404
    assert Client().post(reverse("enter", args=[ada.join_token])).status_code == 405


def test_by_telephone_too(ada, graph):
    for starts in (-5, 60):
        at(ada.registration.session, starts * MINUTE)
        page = read(ada)
        assert "tel:+34930000000" in page
        assert "123456789" in page
    at(ada.registration.session, -61 * MINUTE)
    assert "930 00 00 00" not in read(ada)


def test_days_before_one_can_see_whether_one_will_get_in(ada):
    at(ada.registration.session, timedelta(days=3))

    page = read(ada)

    assert "https://teams.microsoft.com/" in page
    assert "agenda@placa.example" in page, "somebody helps"


# When the meeting is not there -------------------------------------------------------


def test_while_microsoft_is_away_people_read_so_and_get_in_when_it_is_back(
    ada, graph, work
):
    """The worker was away until the session had begun, and then Microsoft was."""
    Meeting.objects.update(external_id="", join_url="", provider="")
    graph.meetings.clear()
    graph.expect(no_policy())
    sync.wanted(ada.registration.session)
    work()

    page = read(ada)
    assert "data-look-again" in page
    assert "mailto:agenda@placa.example" in page
    assert inside(ada) == door(ada)
    assert joined(ada) is None

    sync.wanted(ada.registration.session)
    work()
    assert "data-look-again" not in read(ada)
    assert inside(ada) == graph.only["joinWebUrl"]


def test_without_a_worker_at_the_start_the_door_works_all_the_same(ada, graph):
    """The link is there; that it was to be looked at once more keeps nobody out."""
    sync.wanted(ada.registration.session)

    assert inside(ada) == graph.only["joinWebUrl"]


def test_a_link_of_our_own_needs_nobody():
    session = held(timedelta(days=1), provider="link", join_url="https://meet.example")
    invitation = a_registration(session).invitations.get()
    at(session, -MINUTE)

    assert inside(invitation) == "https://meet.example"
    Session.objects.update(join_url="")
    assert inside(invitation) == door(invitation)
    assert "data-look-again" in read(invitation)


def test_another_room_changes_nobodys_link(ada, graph, work, smtp_server):
    work()
    told = len(smtp_server.mails)
    before, first = door(ada), inside(ada)
    at(ada.registration.session, timedelta(days=2))

    graph.delete_by_hand()
    sync.wanted(ada.registration.session)
    Meeting.objects.update(next_try=timezone.now())
    tasks.wake()
    work()
    at(ada.registration.session, MINUTE)

    ada.refresh_from_db()
    assert door(ada) == before
    assert inside(ada) == graph.only["joinWebUrl"] != first
    assert len(smtp_server.mails) == told, "nobody has to hear of it"


# Afterwards --------------------------------------------------------------------------


def test_afterwards_there_is_what_is_left_to_see_and_to_read(ada):
    session = ada.registration.session
    at(session, -61 * MINUTE)
    assert "El vídeo" not in read(ada)

    Material.objects.create(
        session=session, kind="recording", title="El vídeo", url="https://v.example/1"
    )

    page = read(ada)
    assert "El vídeo" in page
    assert "https://v.example/1" in page


# The stand-in of development ----------------------------------------------------------


def test_in_development_a_page_of_the_site_stands_for_the_meeting(work, client):
    session = held(timedelta(days=1), provider=Provider.HERE, state="draft")
    sessions.announce(session)
    work()
    invitation = a_registration(session).invitations.get()
    at(session, MINUTE)

    address = inside(invitation)

    assert address.startswith("http://testserver/meeting/")
    assert client.get(address).status_code == 200
