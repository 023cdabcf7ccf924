"""The first screen says what there is to do, and for whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.models import Unit
from events.models import Meeting, Registration, Session
from tests.factories import a_registration, a_series, a_session, a_user

HOME = "/admin/"


def words_of(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def session(series) -> Session:
    return a_session(series=series, title={"en": "Open data", "ca": "Dades"})


def test_a_case_worker_finds_the_next_sessions_of_the_own_units(session, sign_in):
    elsewhere = a_series(unit=Unit.objects.create(code="other", name="Other"))
    a_session(series=elsewhere, title="Of another unit")
    over = timezone.now() - timedelta(days=3)
    a_session(
        series=session.series,
        title="Already held",
        starts=over,
        ends=over + timedelta(hours=1),
    )

    words = words_of(sign_in())

    assert "Open data" in words
    assert "Of another unit" not in words
    assert "Already held" not in words


def test_who_waits_for_a_decision_is_said_first(session, sign_in):
    waiting = a_registration(session, "ada@council.example")
    assert "waits for your decision" not in words_of(sign_in())

    Registration.objects.filter(pk=waiting.pk).update(state="pending")

    words = words_of(sign_in())
    assert "<strong>1 person</strong> waits for your decision: Open data" in words
    assert f"/{session.pk}/people/?state=pending" in words


def test_a_meeting_that_could_not_be_made_is_said_to_who_can_mend_it(session, sign_in):
    heading = "Online meetings that could not be made"
    meeting = Meeting.objects.create(session=session)
    assert heading not in words_of(sign_in())

    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.FAILED)

    assert heading in words_of(sign_in())
    assert heading not in words_of(sign_in("Readers"))


def test_without_sessions_to_come_it_says_so_and_offers_a_new_one(session, sign_in):
    Session.objects.update(state=Session.State.CANCELLED)

    words = words_of(sign_in())

    assert "No session of your units is to come" in words
    assert "/sessions/new/" in words or "/sessions/add/" in words


def test_the_first_screen_costs_the_same_with_many_sessions(session, sign_in):
    client = sign_in()
    words_of(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        words_of(client)
    for number in range(20):
        a_registration(a_session(series=session.series), f"a{number}@council.example")
    with CaptureQueriesContext(connection) as many:
        words_of(client)

    assert len(many) == len(few)


def test_who_runs_the_site_sees_how_it_runs_and_what_nobody_looks_after(db):
    administrator = a_user(is_staff=True)
    administrator.groups.add(Group.objects.get(name="Administrators"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    Unit.objects.create(code="alone", name="Forgotten unit")

    words = words_of(client)

    assert "How the site runs" in words
    assert "Forgotten unit" in words
    # … and is offered nothing that then is refused.
    assert "/admin/articles/" not in words


def test_who_does_not_run_the_site_is_not_told_how(session, sign_in):
    assert "How the site runs" not in words_of(sign_in())
