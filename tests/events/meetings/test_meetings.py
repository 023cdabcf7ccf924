"""Each session and each appointment has the meeting that it says it has: one, and
right."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import time_machine
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from community.work import tasks
from community.work.rows import DueRow, claim_next
from community.work.waiting import LONGEST_WAIT
from events import appointments, sessions
from events.meetings import rooms, sync, teams
from events.meetings.rooms import Stage
from events.models import Appointment, Meeting, Occasion, Provider, Session
from tests.events.meetings.graph_double import (
    DESCRIPTION,
    ORGANISER,
    SECRET,
    Call,
    Graph,
    Trouble,
    a_certificate,
    busy,
    complaints_about_answer,
    complaints_about_request,
    description,
    no_policy,
)
from tests.factories import a_session, a_user, in_two_weeks
from tests.together import another_process
from workflows.organising import sessions as screens

pytestmark = pytest.mark.django_db

State = Meeting.State
NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)


def a_draft(**values: Any) -> Session:
    """To be held in Teams, as soon as it is announced."""
    values = {"state": Session.State.DRAFT, "provider": Provider.TEAMS, **values}
    return a_session(join_url="", **values)


def a_session_announced() -> Session:
    session = a_draft()
    sessions.announce(session)
    return session


def an_appointment_arranged(**values: Any) -> Appointment:
    starts = in_two_weeks()
    when = {"starts": starts, "ends": starts + timedelta(hours=1)}
    values = {"title": "Diagnosi", "provider": Provider.TEAMS, **when, **values}
    return appointments.arrange(**values)


VERBS: dict[type[Occasion], Any] = {Session: sessions, Appointment: appointments}
# Whatever holds for the meeting of one holds for that of the other.
both = pytest.mark.parametrize(
    "occasion_to_be", [a_session_announced, an_appointment_arranged]
)


@pytest.fixture
def ready(graph: Graph, work: Callable[[], None]) -> Session:
    """An announced session, and its meeting as it should be."""
    session = a_session_announced()
    be_ready(session, graph, work)
    return session


def be_ready(occasion: Occasion, graph: Graph, work: Callable[[], None]) -> None:
    work()
    assert stage(occasion) == Stage.READY
    graph.calls.clear()


def as_it_is(occasion: Occasion) -> Occasion:
    return type(occasion).objects.get(pk=occasion.pk)


def stage(occasion: Occasion) -> Stage | None:
    return rooms.stage_of(as_it_is(occasion))


def room(occasion: Occasion) -> rooms.Room | None:
    return rooms.room_of(as_it_is(occasion))


def meeting(occasion: Occasion) -> Meeting:
    return as_it_is(occasion).meeting


def reason(occasion: Occasion) -> str:
    return meeting(occasion).error.partition("\n")[0]


def move(occasion: Occasion, starts: datetime = NOON) -> None:
    ends = starts + timedelta(hours=1)
    VERBS[type(occasion)].move(occasion, starts=starts, ends=ends)


def cancel(occasion: Occasion) -> None:
    VERBS[type(occasion)].cancel(occasion)


def later(work: Callable[[], None]) -> None:
    """What waits has become due, and the sweep has seen it."""
    Meeting.objects.filter(state__in=DueRow.WAITING).update(
        next_try=timezone.now() - timedelta(seconds=1)
    )
    tasks.wake()
    work()


# A meeting's life ------------------------------------------------------------------


def test_announcing_makes_the_meeting_with_its_options_and_no_other(graph, work):
    session = a_draft(starts=NOON)

    work()
    assert graph.calls == [], "nobody has announced it"
    sessions.announce(session)
    assert graph.calls == [], "not in the request"
    assert stage(session) == Stage.UNDER_WAY
    work()

    made = graph.only
    assert made["externalId"] == str(session.uuid)
    assert made["subject"] == "Dades obertes"
    assert made["startDateTime"] == "2027-01-14T12:00:00Z"
    assert made["endDateTime"] == "2027-01-14T13:00:00Z"
    assert made["lobbyBypassSettings"]["scope"] == "everyone"
    assert made["allowedPresenters"] == "organization"
    assert made["recordAutomatically"] is False
    assert graph.methods() == ["POST", "PATCH"]
    found = room(session)
    assert found.url == made["joinWebUrl"]
    assert (found.phone, found.phone_code) == ("+34 930 00 00 00", "123456789")
    assert stage(session) == Stage.READY


def test_nobody_gets_in_before_the_options_are_set(graph, work):
    graph.expect(Trouble("PATCH", status=503))
    session = a_draft()
    sessions.announce(session)

    work()
    assert len(graph.meetings) == 1
    assert room(session) is None, "people would stand before a locked door"

    later(work)
    assert room(session) is not None


def test_arranging_an_appointment_makes_its_meeting(graph, work):
    appointment = an_appointment_arranged(starts=NOON, ends=NOON + timedelta(hours=2))
    assert graph.calls == [], "not in the request"
    assert stage(appointment) == Stage.UNDER_WAY
    work()

    assert graph.only["externalId"] == str(appointment.uuid)
    assert graph.only["subject"] == "Diagnosi"
    assert graph.only["startDateTime"] == "2027-01-14T12:00:00Z"
    assert graph.only["endDateTime"] == "2027-01-14T14:00:00Z"
    assert graph.only["lobbyBypassSettings"]["scope"] == "everyone"
    assert room(appointment).url == graph.only["joinWebUrl"]


@both
def test_moving_moves_the_same_meeting(graph, work, occasion_to_be):
    ready = occasion_to_be()
    be_ready(ready, graph, work)
    before = room(ready)

    move(ready, NOON)
    work()
    assert graph.calls == [], "a minute is left for second thoughts"
    later(work)

    assert graph.methods() == ["PATCH"]
    assert graph.only["startDateTime"] == "2027-01-14T12:00:00Z"
    assert graph.only["endDateTime"] == "2027-01-14T13:00:00Z"
    assert room(ready) == before


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        (datetime(2027, 3, 27, 9, tzinfo=UTC), "2027-03-27T09:00:00Z"),
        (datetime(2027, 3, 29, 8, tzinfo=UTC), "2027-03-29T08:00:00Z"),
        (datetime(2027, 10, 30, 8, tzinfo=UTC), "2027-10-30T08:00:00Z"),
        (datetime(2027, 11, 1, 9, tzinfo=UTC), "2027-11-01T09:00:00Z"),
    ],
)
def test_on_both_sides_of_a_change_of_clock_the_hour_is_the_same(
    ready, graph, work, starts, said
):
    """Ten o'clock in Barcelona."""
    madrid = timezone.get_default_timezone()
    assert starts.astimezone(madrid).hour == 10

    move(ready, starts.astimezone(madrid))
    later(work)

    assert graph.only["startDateTime"] == said


def test_five_edits_in_a_minute_are_one_synchronisation(ready, graph, work):
    for hour in range(3):
        move(ready, NOON + timedelta(hours=hour))
    for title in ("Un altre títol", "El títol bo"):
        screens.edit(ready, title={"ca": title})
    later(work)

    assert graph.methods() == ["PATCH"]
    assert graph.only["subject"] == "El títol bo"
    assert graph.only["startDateTime"] == "2027-01-14T14:00:00Z"


def test_what_says_nothing_of_the_meeting_asks_nobody(ready, graph, work):
    screens.edit(ready, summary={"ca": "Una altra cosa"}, notes="Porteu cafè")
    later(work)

    assert graph.calls == []


@pytest.mark.parametrize(
    ("occasion_to_be", "verb"),
    [
        (a_session_announced, sessions.cancel),
        (a_session_announced, sessions.postpone),
        (an_appointment_arranged, appointments.cancel),
    ],
)
def test_what_is_not_held_has_no_meeting(graph, work, occasion_to_be, verb):
    ready = occasion_to_be()
    be_ready(ready, graph, work)

    assert verb(ready)
    assert not verb(ready), "once"
    later(work)

    assert graph.meetings == {}
    assert room(ready) is None
    assert stage(ready) == Stage.GONE


def test_a_new_date_gets_a_new_meeting(ready, graph, work):
    sessions.postpone(ready, "Encara no")
    later(work)
    graph.gives_dead_ones = True
    sessions.reschedule(ready, starts=NOON, ends=NOON + timedelta(hours=1))
    later(work)

    assert graph.only["startDateTime"] == "2027-01-14T12:00:00Z"
    assert graph.only["externalId"] == f"{ready.uuid}-1"
    assert room(ready).url == graph.only["joinWebUrl"]


@both
def test_cancelled_before_it_was_made_it_is_never_made(graph, work, occasion_to_be):
    occasion = occasion_to_be()
    cancel(occasion)
    work()

    assert graph.calls == []
    assert stage(occasion) == Stage.GONE


@both
def test_deleted_already_is_as_good_as_deleted(graph, work, occasion_to_be):
    ready = occasion_to_be()
    be_ready(ready, graph, work)
    graph.delete_by_hand()

    cancel(ready)
    later(work)

    assert meeting(ready).state == State.DONE
    assert stage(ready) == Stage.GONE


def test_another_provider_takes_the_meeting_away(ready, graph, work):
    screens.edit(ready, provider=Provider.LINK, join_url="https://meet.example/x")
    later(work)

    assert graph.meetings == {}
    assert room(ready).url == "https://meet.example/x"
    assert stage(ready) == Stage.READY


def test_the_link_of_the_last_provider_is_not_that_of_the_next(ready, graph, work):
    screens.edit(ready, provider=Provider.HERE)

    assert room(ready) is None, "it will be another room"
    later(work)

    assert graph.meetings == {}
    assert room(ready).url.startswith("http://testserver/meeting/")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"provider": Provider.LINK, "join_url": "https://a.example/1"}, Stage.READY),
        ({"provider": Provider.LINK, "join_url": ""}, Stage.MISSING),
        ({"provider": Provider.NONE}, Stage.MISSING),
        ({"provider": Provider.TEAMS, "format": "in_person"}, None),
    ],
)
def test_nothing_is_made_where_nobody_makes_it(graph, work, values, wanted):
    session = a_session(**{"state": Session.State.DRAFT, "join_url": "", **values})
    sessions.announce(session)
    work()

    assert stage(session) == wanted
    assert not Meeting.objects.exists()
    assert graph.calls == []


def test_what_is_over_stays_as_it_is(ready, graph, work):
    """Somebody mends the title a year later: Teams has long forgotten the meeting."""
    graph.delete_by_hand()
    with time_machine.travel(ready.ends + timedelta(minutes=1), tick=False):
        screens.edit(ready, title={"ca": "Sense la falta"})
        later(work)

    assert graph.calls == []
    assert meeting(ready).state == State.DROPPED
    assert meeting(ready).error == "It is over."


def test_a_worker_that_was_away_makes_it_during_the_session(graph, work):
    now = timezone.now()
    session = a_draft(starts=now - timedelta(minutes=9))
    sessions.announce(session)

    work()

    assert room(session) is not None


def test_what_is_rolled_back_is_not_wanted(ready, graph, work):
    with transaction.atomic():
        move(ready)
        transaction.set_rollback(True)
    later(work)

    assert graph.calls == []


# Deleted by hand -------------------------------------------------------------------


@both
def test_a_meeting_that_somebody_deleted_is_made_again(graph, work, occasion_to_be):
    ready = occasion_to_be()
    be_ready(ready, graph, work)
    graph.delete_by_hand()

    move(ready)
    later(work)

    assert room(ready).url == graph.only["joinWebUrl"]
    assert graph.only["lobbyBypassSettings"]["scope"] == "everyone"
    assert stage(ready) == Stage.READY


def test_also_if_teams_gives_back_the_dead_one(ready, graph, work):
    graph.delete_by_hand()
    graph.gives_dead_ones = True

    move(ready)
    later(work)

    assert graph.only["externalId"] == f"{ready.uuid}-1"
    assert room(ready).url == graph.only["joinWebUrl"]


def test_a_dead_one_that_was_never_alive_here_is_given_up_in_minutes(graph, work):
    """As after the restoring of a backup that knows nothing of it."""
    session = a_draft()
    graph.deleted["MSpOld"] = {
        "id": "MSpOld",
        "externalId": str(session.uuid),
        "joinWebUrl": "https://teams.example/old",
    }
    graph.gives_dead_ones = True
    sessions.announce(session)
    work()
    assert reason(session).startswith("Teams does not know the meeting yet")

    for _ in range(3):
        later(work)

    assert stage(session) == Stage.READY
    assert len(graph.meetings) == 1


def test_what_cannot_be_found_for_a_moment_is_not_made_twice(graph, work):
    """It takes Microsoft some seconds to find everywhere what it has made."""
    graph.expect(Trouble("PATCH", 2, status=404, code="UnknownError"))
    session = a_draft()
    sessions.announce(session)

    for _ in range(3):
        later(work)

    assert len(graph.meetings) == 1
    assert stage(session) == Stage.READY


@both
def test_a_day_and_an_hour_before_it_is_looked_at_again(graph, work, occasion_to_be):
    ready = occasion_to_be()
    be_ready(ready, graph, work)
    for before, calls in (
        (timedelta(hours=25), 0),
        (timedelta(hours=23), 1),
        (timedelta(hours=22), 1),
        (timedelta(minutes=50), 2),
        (timedelta(minutes=40), 2),
    ):
        if before == timedelta(minutes=50):
            graph.delete_by_hand()
        with time_machine.travel(ready.starts - before, tick=False):
            sync.make_due(10)
        assert graph.methods().count("PATCH") >= calls
        assert len(graph.calls) >= calls
    assert room(ready).url == graph.only["joinWebUrl"], "people will find it"
    assert graph.methods() == ["PATCH", "PATCH", "POST", "PATCH"]


# When Microsoft is away -------------------------------------------------------------


AWAY = {
    "503": Trouble("POST", status=503, code="ServiceUnavailable"),
    "500": Trouble("POST", status=500),
    "504": Trouble("POST", status=504),
    "too many": busy("POST"),
    "lost answer": Trouble("POST", lose=True),
    "lost answer to the change": Trouble("PATCH", lose=True),
    "half an answer": Trouble("POST", raw=b'{"id": "MSp'),
    "no answer at all": Trouble("POST", raw=b""),
    "a list": Trouble("POST", raw=b"[]"),
    "no link": Trouble("POST", raw=b'{"id": "MSp"}'),
    "a link of nobody's": Trouble(
        "POST", raw=b'{"id": "MSp", "joinWebUrl": "javascript:alert(1)"}'
    ),
    "another list": Trouble(
        "PATCH", raw=b'{"id":"a","joinWebUrl":"https://a","audioConferencing":[1]}'
    ),
}


@pytest.mark.parametrize("what", AWAY)
def test_what_passes_is_tried_again_and_makes_one_meeting(graph, work, what):
    graph.expect(Trouble(**vars(AWAY[what])))
    session = a_draft()
    sessions.announce(session)

    work()
    assert meeting(session).state == State.RETRYING
    assert stage(session) == Stage.RETRYING
    later(work)

    assert stage(session) == Stage.READY
    assert len(graph.meetings) == 1
    assert graph.deleted == {}


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_as_long_as_microsoft_asks_us_to_wait_we_wait(graph, work, as_date, status):
    graph.expect(busy("POST", 600, as_date=as_date, status=status))
    session = a_draft()
    sessions.announce(session)

    work()
    wait = meeting(session).next_try - timezone.now()
    assert timedelta(seconds=590) < wait < timedelta(seconds=900)
    move(session)
    work()

    assert len(graph.calls) == 1, "also if somebody changes it meanwhile"


@pytest.mark.parametrize("said", ["soon", "-5", "1e9", "9" * 30, "Tue, 99 Feb"])
def test_an_odd_wait_is_not_believed(graph, work, said):
    graph.expect(Trouble("POST", status=429, retry_after=said))
    session = a_draft()
    sessions.announce(session)

    work()

    wait = meeting(session).next_try - timezone.now()
    assert timedelta() < wait <= LONGEST_WAIT


def test_one_that_is_away_for_one_is_away_for_all(graph, work):
    graph.expect(busy("POST", times=100))
    for _ in range(3):
        sessions.announce(a_draft())

    sync.make_due(10)

    assert len(graph.calls) == 1, "the rest waits for the next round"


def test_a_slow_answer_is_given_up_in_time(graph, work, monkeypatch):
    monkeypatch.setattr(teams, "PATIENCE", (1, 0.2))
    graph.expect(Trouble("POST", hold=(release := threading.Event())))
    session = a_draft()
    sessions.announce(session)

    work()
    release.set()
    assert reason(session) == "Microsoft does not answer."
    later(work)

    assert len(graph.meetings) == 1
    assert stage(session) == Stage.READY


def test_nobody_there_is_nobody_there(graph, work, settings):
    settings.TEAMS_GRAPH_URL = "https://127.0.0.1:9/v1.0"
    settings.TEAMS_LOGIN_URL = "https://127.0.0.1:9"
    session = a_draft()
    sessions.announce(session)

    work()

    assert stage(session) == Stage.RETRYING
    assert reason(session) == "Microsoft does not answer."


def test_whoever_is_not_microsoft_is_told_nothing(graph, work, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    session = a_draft()
    sessions.announce(session)

    work()

    assert graph.calls == []
    assert stage(session) == Stage.RETRYING


# The sign-in ------------------------------------------------------------------------


def test_one_token_is_good_for_many_calls(graph, work):
    for _ in range(3):
        sessions.announce(a_draft())

    work()

    assert len(graph.calls) == 6
    assert graph.signed_in == 1


def test_a_token_that_was_withdrawn_is_asked_for_anew_once(ready, graph, work):
    graph.withdraw_tokens()

    move(ready)
    later(work)

    assert graph.methods() == ["PATCH", "PATCH"]
    assert graph.signed_in == 2
    assert stage(ready) == Stage.READY


def test_whose_token_is_never_good_is_told_so(ready, graph, work):
    graph.expect(Trouble("PATCH", 5, status=401, code="InvalidAuthenticationToken"))

    move(ready)
    later(work)

    assert graph.methods() == ["PATCH", "PATCH"], "once more, and no oftener"
    assert meeting(ready).state == State.FAILED
    assert reason(ready) == "Microsoft does not let the application sign in."


def test_a_secret_does_in_the_place_of_a_certificate(graph, work, settings):
    settings.TEAMS_CERTIFICATE, settings.TEAMS_SECRET = "", SECRET
    session = a_draft()
    sessions.announce(session)

    work()

    assert stage(session) == Stage.READY


WRONG = {
    "TEAMS_TENANT": ("nobody.example", "Microsoft does not know the tenant"),
    "TEAMS_CLIENT_ID": (ORGANISER, "There is no such application"),
    "TEAMS_SECRET": ("wrong", "The secret is wrong"),
    "TEAMS_CERTIFICATE": ("/nowhere.pem", "The certificate of TEAMS_CERTIFICATE"),
    "TEAMS_ORGANISER": (SECRET, "There is no such organiser"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_the_settings_is_said_and_mended(graph, work, settings, name):
    value, words = WRONG[name]
    good = getattr(settings, name)
    setattr(settings, name, value)
    if name == "TEAMS_SECRET":
        settings.TEAMS_CERTIFICATE = ""
    session = a_draft()
    sessions.announce(session)

    work()
    assert stage(session) == Stage.FAILED
    assert reason(session).startswith(words)
    assert SECRET not in meeting(session).error

    setattr(settings, name, good)
    if name == "TEAMS_SECRET":
        settings.TEAMS_CERTIFICATE = graph.settings()["TEAMS_CERTIFICATE"]
    sync.try_again(session, by=a_user())
    work()
    assert stage(session) == Stage.READY


def test_another_key_than_the_certificates_is_no_certificate(tmp_path):
    one, other = (a_certificate(tmp_path, name) for name in ("one", "other"))
    mixed = tmp_path / "mixed.pem"
    key = one.read_text().partition("-----BEGIN CERT")[0]
    mixed.write_text(
        key + "-----BEGIN CERT" + other.read_text().partition("-----BEGIN CERT")[2]
    )

    assert teams.certificate_in(str(one)).expires > timezone.now()
    with pytest.raises(teams.Permanent):
        teams.certificate_in(str(mixed))


def test_a_certificate_that_microsoft_does_not_know_is_said(
    graph, work, settings, tmp_path
):
    settings.TEAMS_CERTIFICATE = str(a_certificate(tmp_path, "another"))
    session = a_draft()
    sessions.announce(session)

    work()

    assert reason(session).startswith("Microsoft does not know the certificate")


# What stops -------------------------------------------------------------------------


STOPS = {
    "policy": (no_policy(), "No application access policy"),
    "permission": (
        Trouble("POST", status=403, code="Forbidden", message="Missing scope."),
        "The application lacks the permission",
    ),
    "organiser": (
        Trouble("POST", status=404, code="NotFound"),
        "There is no such organiser",
    ),
    "anything": (
        Trouble("POST", status=400, code="BadRequest", message="ada@x.example!"),
        "Microsoft refuses it.",
    ),
}


@pytest.mark.parametrize("what", STOPS)
def test_what_will_not_pass_stops_with_the_reason_until_somebody_asks(
    graph, work, what
):
    trouble, words = STOPS[what]
    graph.expect(Trouble(**vars(trouble)))
    session = a_draft()
    sessions.announce(session)

    work()
    later(work)
    assert len(graph.calls) == 1
    assert stage(session) == Stage.FAILED
    assert reason(session).startswith(words)
    assert "@" not in meeting(session).error, "nobody's address"
    assert as_it_is(session).provider == Provider.TEAMS, "nothing in silence"
    assert room(session) is None

    assert sync.try_again(session, by=a_user())
    work()
    assert stage(session) == Stage.READY


def test_if_moving_fails_people_still_get_in(ready, graph, work):
    graph.expect(no_policy("PATCH"))

    move(ready)
    later(work)

    assert stage(ready) == Stage.FAILED
    assert room(ready).url == graph.only["joinWebUrl"]


def test_without_teams_its_meetings_fail_with_words(ready, graph, work, settings):
    settings.TEAMS_CLIENT_ID = ""

    move(ready)
    later(work)

    assert reason(ready).startswith("This way of meeting is not set up here.")


def test_what_the_far_side_adds_breaks_nothing(graph, work):
    """An enumeration grows, and says so (`unknownFutureValue`)."""
    graph.expect(
        Trouble("POST", add={"allowedPresenters": "unknownFutureValue"}),
        Trouble("PATCH", add={"meetingType": "ofTomorrow", "news": {"a": [1]}}),
    )
    session = a_draft()
    sessions.announce(session)

    work()

    assert stage(session) == Stage.READY


# Killed -----------------------------------------------------------------------------


class Killed(BaseException):
    """As if the process had gone at this line."""


@pytest.fixture
def killer(monkeypatch):
    """Kills before or after whatever leaves the process: what is written to the
    database, and what is asked of Microsoft."""

    class Killer:
        countdown = 0

        def line(self) -> None:
            self.countdown -= 1
            if self.countdown == 0:
                raise Killed

    killer = Killer()

    def deadly(act: Callable) -> Callable:
        def lived(*args: Any, **kwargs: Any) -> Any:
            killer.line()
            result = act(*args, **kwargs)
            killer.line()
            return result

        return lived

    def of_meetings(act: Callable) -> Callable:
        mortal = deadly(act)

        def update(these: QuerySet, /, **values: Any) -> int:
            which = mortal if these.model is Meeting else act
            return which(these, **values)

        return update

    monkeypatch.setattr(QuerySet, "update", of_meetings(QuerySet.update))
    send = requests.Session.send
    monkeypatch.setattr(requests.Session, "send", deadly(send))
    return killer


def kill_at(killer: Any, line: int) -> bool:
    """Whether the worker died at that line, counted in one round of its work."""
    killer.countdown = line
    try:
        sync.make_due(10)
    except Killed:
        return True
    finally:
        killer.countdown = 0
    return False


def take_over(work: Callable[[], None]) -> None:
    """The lease has run out, and another worker comes."""
    gone = timezone.now() - timedelta(seconds=1)
    Meeting.objects.filter(state=State.RUNNING).update(lease_until=gone)
    later(work)


@both
@pytest.mark.slow
def test_a_worker_killed_at_every_line_leaves_one_meeting(
    graph, work, killer, occasion_to_be
):
    lines = 0
    for line in range(1, 100):
        occasion = occasion_to_be()
        died = kill_at(killer, line)
        take_over(work)

        [mine] = [
            found
            for found in graph.meetings.values()
            if found["externalId"].startswith(str(occasion.uuid))
        ]
        assert room(occasion).url == mine["joinWebUrl"], line
        assert mine["lobbyBypassSettings"]["scope"] == "everyone"
        assert graph.deleted == {}
        if not died:
            break
        lines = line

    assert lines > 15, "it has so many lines to die at"


@both
@pytest.mark.slow
@pytest.mark.parametrize("then", ["cancelled", "moved", "deleted"])
def test_whatever_is_done_to_it_meanwhile(graph, work, killer, then, occasion_to_be):
    for line in range(1, 100):
        occasion = occasion_to_be()
        if then == "deleted":
            work()
            graph.delete_by_hand()
            graph.gives_dead_ones = True
            move(occasion)
            later(lambda: None)
        died = kill_at(killer, line)
        if then == "cancelled":
            cancel(occasion)
        if then == "moved":
            move(occasion)
        take_over(work)

        mine = [
            found
            for found in graph.meetings.values()
            if found["externalId"].startswith(str(occasion.uuid))
        ]
        if then == "cancelled":
            assert mine == [], line
        else:
            assert len(mine) == 1, line
            assert mine[0]["startDateTime"] == "2027-01-14T12:00:00Z"
            assert room(occasion).url == mine[0]["joinWebUrl"]
        if not died:
            break

    assert line > 5


@both
@pytest.mark.slow
def test_killed_while_taking_it_away_it_is_gone_all_the_same(
    graph, work, killer, occasion_to_be
):
    for line in range(1, 100):
        occasion = occasion_to_be()
        work()
        cancel(occasion)
        later(lambda: None)
        died = kill_at(killer, line)
        take_over(work)

        assert graph.meetings == {}, line
        assert stage(occasion) == Stage.GONE
        if not died:
            break

    assert line > 5


PROGRAM = """
import django
django.setup()
from django.conf import settings
for name, value in {values!r}.items():
    setattr(settings, name, value)
from events.meetings import sync
sync.make_due(10)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_making_and_saving_leaves_one_meeting(graph, work):
    """The very worker, and the very signal."""
    session = a_draft()
    sessions.announce(session)
    graph.expect(Trouble("POST", hold=threading.Event()))

    process = another_process(PROGRAM.format(values=graph.settings()))
    try:
        for _ in range(300):
            if graph.meetings:
                break
            threading.Event().wait(0.1)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait(30)

    row = meeting(session)
    assert (row.state, row.external_id) == (State.RUNNING, "")
    assert len(graph.meetings) == 1, "made, and nobody knows"
    take_over(work)
    assert len(graph.meetings) == 1
    assert room(session).url == graph.only["joinWebUrl"]


def test_a_worker_that_wakes_too_late_writes_nothing(graph, work):
    session = a_draft()
    sessions.announce(session)
    late = claim_next(Meeting, timezone.now())
    take_over(work)
    found = room(session)
    move(session)
    fresh = claim_next(Meeting, timezone.now() + timedelta(minutes=2))
    # Counted from one again, for another wish.
    assert fresh.attempts == late.attempts

    assert not late.note(join_url="https://late.example/")
    assert not late.retry("late")
    assert room(session) == found


def test_what_is_wished_for_meanwhile_is_done_too(ready, graph, work, monkeypatch):
    """It was moved while the worker was asking Microsoft."""
    put_right = sync._put_right

    def and_move(row: Meeting, provider: str) -> None:
        put_right(row, provider)
        if graph.methods().count("PATCH") == 1:
            move(ready, NOON + timedelta(hours=5))

    monkeypatch.setattr(sync, "_put_right", and_move)
    move(ready, NOON)
    later(work)

    assert graph.only["startDateTime"] == "2027-01-14T17:00:00Z"
    assert stage(ready) == Stage.READY


# Microsoft's own description --------------------------------------------------------


@pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"needs {DESCRIPTION.name}")
def test_the_double_holds_us_and_itself_to_microsofts_description(graph):
    """Its judgement is worth something: what is wrong, it finds."""
    one = f"/users/{ORGANISER}/onlineMeetings/MSp1"
    make = f"/users/{ORGANISER}/onlineMeetings/createOrGet"
    start = {"startDateTime": "2027-01-14T12:00:00Z"}
    end = {"endDateTime": "2027-01-14T13:00:00Z"}

    for wrong in (
        Call("PATCH", one, start),
        Call("PATCH", one, {**start, "endDateTime": "14/1/2027 12:00"}),
        Call("PATCH", one, {"externalId": "x"}),
        Call("PATCH", one, {"lobbyBypassSettings": {"scope": "anybody"}}),
        Call("PATCH", one, {}),
        Call("POST", make, {**start, **end}),
        Call("POST", make, {"externalId": "x", "allowedPresenters": "everyone"}),
        Call("PUT", one, {}),
        Call("GET", "/users/x/events", None),
    ):
        assert complaints_about_request(wrong), wrong
    good = Call("PATCH", one, {**start, **end, **teams.OPTIONS})
    assert complaints_about_request(good) == []
    assert complaints_about_answer(good, 200, {"subject": "without an id"})
    assert complaints_about_answer(good, 200, {"id": "x", "isBroadcast": "no"})
    assert complaints_about_answer(good, 403, {"error": {"code": "Forbidden"}})
    assert complaints_about_answer(good, 204, {"id": "x"})
    assert complaints_about_answer(Call("DELETE", one, None), 204, {"id": "x"})
    assert "/users/{user-id}/onlineMeetings/createOrGet" in description()["paths"]
