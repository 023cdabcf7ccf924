"""The organiser sees how the online meeting stands, has it tried again, and goes in."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import UnitMembership
from events import sessions
from events.models import Meeting, Provider, Session
from tests.events.meetings.graph_double import (
    Graph,
    Trouble,
    a_certificate,
    busy,
    no_policy,
)
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page

pytestmark = pytest.mark.django_db


def somebody(role: str, series: Any) -> Client:
    user = a_user()
    user.groups.add(Group.objects.get(name=role))
    UnitMembership.objects.create(user=user, unit=series.unit)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def series() -> Any:
    series = a_series()
    a_series_page(a_home(), series)
    return series


@pytest.fixture
def organiser(series: Any) -> Client:
    return somebody("Case workers", series)


def a_draft(series: Any, **values: Any) -> Session:
    values = {"provider": Provider.TEAMS, "join_url": "", **values}
    return a_session(series=series, state=Session.State.DRAFT, **values)


def screen(client: Client, session: Session) -> str:
    page = client.get(reverse("sessions:session", args=[session.pk]))
    return unescape(page.content.decode())


def press(client: Client, session: Session) -> None:
    address = reverse("sessions:try_meeting", args=[session.pk])
    assert client.post(address).status_code == 302


def goes_to(client: Client, session: Session) -> str:
    return client.get(reverse("sessions:enter", args=[session.pk])).url


def test_the_screen_says_how_the_meeting_stands_at_each_step(
    organiser,
    series,
    graph: Graph,
    work,
):
    session = a_draft(series)
    assert "made once it is announced" in screen(organiser, session)

    sessions.announce(session)
    assert "being made ready" in screen(organiser, session)

    graph.expect(busy("POST"))
    work()
    page = screen(organiser, session)
    assert "to be tried again" in page
    assert "Microsoft asks us to wait." in page
    assert "Again on" in page

    graph.expect(no_policy())
    press(organiser, session)
    work()
    page = screen(organiser, session)
    assert "needs somebody" in page
    assert "No application access policy lets the application act" in page
    assert "Last tried on" in page
    assert "Go into the meeting" not in page

    press(organiser, session)
    work()
    page = screen(organiser, session)
    assert "Microsoft" not in page
    assert "Go into the meeting" in page
    assert graph.only["joinWebUrl"] not in page, "nobody passes it on by mistake"

    sessions.cancel(session)
    page = screen(organiser, session)
    assert "being taken away" in page
    assert "Go into the meeting" not in page
    Meeting.objects.update(next_try=timezone.now())
    press(organiser, session)
    work()
    assert "taken away" in screen(organiser, session)


def test_the_failure_is_told_in_the_readers_language(
    organiser,
    series,
    graph: Graph,
    work,
):
    organiser.defaults["HTTP_ACCEPT_LANGUAGE"] = "ca"
    graph.expect(no_policy())
    session = a_draft(series)
    sessions.announce(session)
    work()

    page = screen(organiser, session)

    assert "Cap política d’accés d’aplicacions" in page
    assert "403 Forbidden: No application access policy found" in page, "as they said"


def test_the_organisers_door_is_open_at_any_time_to_who_sees_people(
    organiser,
    series,
    graph: Graph,
    work,
):
    session = a_draft(series)
    assert goes_to(organiser, session) == reverse("sessions:session", args=[session.pk])
    sessions.announce(session)
    work()

    assert goes_to(organiser, session) == graph.only["joinWebUrl"]
    assert goes_to(somebody("Readers", series), session) == graph.only["joinWebUrl"]
    editor = somebody("Editors", series)
    assert goes_to(editor, session) == reverse("wagtailadmin_home")
    assert "Go into the meeting" not in screen(editor, session)
    stranger = somebody("Case workers", a_series())
    address = reverse("sessions:enter", args=[session.pk])
    assert stranger.get(address).status_code == 404


def test_who_asks_for_another_try_is_in_the_history(
    organiser,
    series,
    graph: Graph,
    work,
):
    session = a_draft(series)
    sessions.announce(session)
    work()

    press(organiser, session)

    assert "Online meeting tried again" in screen(organiser, session)


def test_without_any_link_the_screen_says_that_nobody_can_join(organiser, series):
    session = a_draft(series, provider=Provider.LINK)

    assert "Without it nobody can join." in screen(organiser, session)
    press(organiser, session)
    assert not Meeting.objects.exists()


def test_held_in_person_there_is_no_meeting_to_speak_of(organiser, series):
    session = a_draft(series, format="in_person", place="Sala")

    assert "Online meeting" not in screen(organiser, session)


NEW = {"title_0": "Dades", "date": "26/11/2030", "start_time": "10:00"}


def form_of(organiser: Client) -> Any:
    return organiser.get(reverse("sessions:add")).context["form"]


def test_the_usual_way_of_meeting_is_chosen_from_the_beginning(
    organiser,
    settings,
    series,
    graph: Graph,
    work,
):
    form = form_of(organiser)
    assert [name for name, _ in form.fields["provider"].choices] == [
        "teams",
        "here",
        "link",
        "none",
    ]
    assert form["provider"].value() == "teams"

    settings.TEAMS_CLIENT_ID, settings.MEETINGS_HERE = "", False
    form = form_of(organiser)
    assert [name for name, _ in form.fields["provider"].choices] == ["link", "none"]
    assert form["provider"].value() == "link"


def test_what_is_chosen_is_made_when_announced(
    organiser,
    series,
    graph: Graph,
    work,
):
    sent = {
        **NEW,
        "key": "7d0f8a0e-0000-4000-8000-000000000001",
        "series": series.pk,
        "format": "online",
        "audience": "open",
        "provider": "teams",
        "action-announce": "1",
    }
    organiser.post(reverse("sessions:add"), sent)
    session = Session.objects.get()
    work()
    assert graph.only["subject"] == "Dades"

    texts = {"title_0": "Dades obertes", "audience": "open", "listed": "on"}
    edit = reverse("sessions:edit", args=[session.pk])
    organiser.post(edit, {**texts, "provider": "teams"})
    Meeting.objects.update(next_try=timezone.now())
    press(organiser, session)
    work()
    assert graph.only["subject"] == "Dades obertes"

    chosen = {"provider": "link", "join_url": "https://meet.example/x"}
    organiser.post(edit, {**texts, **chosen})
    press(organiser, session)
    work()
    assert graph.meetings == {}
    assert goes_to(organiser, session) == "https://meet.example/x"


def test_a_link_that_would_not_be_used_is_not_taken_in_silence(
    organiser, series, graph: Graph
):
    session = a_draft(series)
    sent = {"title_0": "Dades", "audience": "open", "provider": "teams"}
    sent |= {"join_url": "https://meet.example/x"}

    page = organiser.post(reverse("sessions:edit", args=[session.pk]), sent)

    assert list(page.context["form"].errors) == ["join_url"]
    session.refresh_from_db()
    assert session.join_url == ""


def test_one_that_is_no_longer_set_up_stays_what_it_is_until_somebody_changes_it(
    organiser, series, settings
):
    session = a_draft(series)
    settings.TEAMS_CLIENT_ID = ""

    page = organiser.get(reverse("sessions:edit", args=[session.pk]))

    choices = dict(page.context["form"].fields["provider"].choices)
    assert "teams" in choices


# teams_check ------------------------------------------------------------------------


def check(capsys: Any, *options: str) -> tuple[bool, str]:
    """Whether all is well, and what it says."""
    try:
        call_command("teams_check", *options)
    except CommandError:
        return False, capsys.readouterr().out
    return True, capsys.readouterr().out


def test_teams_check_says_that_all_is_well_and_leaves_nothing(
    capsys,
    graph: Graph,
):
    well, said = check(capsys)

    assert well
    assert said.count("ok    ") == 5
    assert "FAIL" not in said
    assert graph.meetings == {}


def expired(graph: Graph, settings: Any, tmp_path: Any) -> None:
    settings.TEAMS_CERTIFICATE = str(a_certificate(tmp_path, "old", days=-1))


def unset(graph: Graph, settings: Any, tmp_path: Any) -> None:
    settings.TEAMS_TENANT = settings.TEAMS_CERTIFICATE = ""


def unreadable(graph: Graph, settings: Any, tmp_path: Any) -> None:
    settings.TEAMS_CERTIFICATE = str(tmp_path)


def unknown(graph: Graph, settings: Any, tmp_path: Any) -> None:
    settings.TEAMS_CERTIFICATE = str(a_certificate(tmp_path, "another"))


def no_consent(graph: Graph, settings: Any, tmp_path: Any) -> None:
    graph.roles = []


def without_policy(graph: Graph, settings: Any, tmp_path: Any) -> None:
    graph.expect(no_policy())


def other_organiser(graph: Graph, settings: Any, tmp_path: Any) -> None:
    settings.TEAMS_ORGANISER = "44444444-4444-4444-8444-444444444444"


def microsoft_away(graph: Graph, settings: Any, tmp_path: Any) -> None:
    graph.expect(Trouble("POST", status=503))


@pytest.mark.parametrize(
    ("spoil", "step", "words"),
    [
        (unset, "settings", "TEAMS_TENANT, TEAMS_CERTIFICATE"),
        (expired, "proof", "expired on"),
        (unreadable, "proof", "PEM file"),
        (unknown, "sign-in", "does not know the certificate"),
        (no_consent, "permission", "OnlineMeetings.ReadWrite.All"),
        (without_policy, "trial", "30 minutes"),
        (other_organiser, "trial", "TEAMS_ORGANISER must be the object id"),
        (microsoft_away, "trial", "Microsoft asks us to wait"),
    ],
)
def test_teams_check_stops_at_what_is_missing_and_says_what_to_do(
    capsys,
    settings,
    tmp_path,
    graph: Graph,
    spoil,
    step,
    words,
):
    spoil(graph, settings, tmp_path)

    well, said = check(capsys)

    assert not well
    [line] = [line for line in said.splitlines() if line.startswith("FAIL")]
    assert line.startswith(f"FAIL  {step}: ")
    assert words in said
    assert graph.meetings == {}


def test_teams_check_warns_a_month_before_the_certificate_ends(
    capsys,
    settings,
    graph: Graph,
):
    # Microsoft knows it, and it has 30 days left at most.
    _well, said = check(capsys)

    assert "MAKE A NEW ONE SOON" in said


def test_once_all_is_well_what_could_not_be_made_is_made(
    capsys,
    series,
    graph: Graph,
    work,
):
    graph.expect(no_policy(times=2))
    for _ in range(2):
        sessions.announce(a_draft(series))
    work()
    assert "2 could not be made" in check(capsys)[1]

    check(capsys, "--try-again")
    work()

    assert len(graph.meetings) == 2
    assert not Meeting.objects.filter(state="failed").exists()
