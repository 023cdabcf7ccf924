"""What the organisers see of what people answered from their calendars."""

import csv
import html
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import registry as logs

from community.messages import incoming
from community.models import Message
from events.models import Answer, Invitation, Registration, Session
from tests.factories import a_registration, a_session
from tests.replies import a_reply

STRANGER = "mallory@elsewhere.example"
Outcome = Answer.Outcome


@pytest.fixture
def session(series) -> Session:
    return a_session(places=6, series=series)


def answered(session: Session, name: str, status: str, **sent) -> Registration:
    """Somebody who has a place and answered so; the calendar says it by mail."""
    email = f"{name.lower()}@council.example"
    registration = a_registration(session, email, name=name)
    if status:
        invitation = registration.invitations.get()
        sent = {"sender": email, "address": email, **sent}
        incoming.receive(a_reply(invitation, status, **sent))
    return registration


@pytest.fixture
def people(session) -> dict[str, Registration]:
    return {
        "Ada": answered(session, "Ada", "ACCEPTED"),
        "Bea": answered(session, "Bea", "DECLINED"),
        "Carme": answered(session, "Carme", "TENTATIVE"),
        "Dolors": answered(session, "Dolors", ""),
        "Eva": answered(session, "Eva", "ACCEPTED", sender=STRANGER),
        "Fina": answered(session, "Fina", ""),
        "Gal·la": a_registration(session, name="Gal·la"),
    }


def address(change: str, *row) -> str:
    return reverse(f"sessions:{change}", args=[one.pk for one in row])


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("accepted", ["Ada"]),
        ("declined", ["Bea"]),
        ("tentative", ["Carme"]),
        # Who waits has been asked nothing.
        ("none", ["Dolors", "Eva", "Fina"]),
        ("doubtful", ["Eva"]),
    ],
)
def test_the_list_is_narrowed_to_those_who_answered_so(
    session, people, sign_in, chosen, names
):
    answer = sign_in().get(address("people", session), {"answer": chosen})

    assert [row.name for row in answer.context["object_list"]] == names


def test_the_list_and_its_file_say_what_each_answered(session, people, sign_in):
    client = sign_in()

    page = client.get(address("people", session))
    file = b"".join(client.get(address("people", session), {"export": "csv"}))

    assert text_of(page).count("no answer") >= 3
    assert "to be settled" in text_of(page)
    rows = csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    assert [row["Answer"] for row in rows] == [
        *("accepted", "declined", "tentative", "", "", "", ""),
    ]


def test_the_sessions_screen_counts_the_answers_of_those_who_come(
    session, people, sign_in
):
    gone = people["Fina"]
    Registration.objects.filter(pk=gone.pk).update(state="cancelled")

    shown = sign_in().get(address("session", session))

    figures = {value: count for value, _words, count in shown.context["answers"]}
    assert figures == {"accepted": 1, "tentative": 1, "declined": 1, "none": 2}
    assert "The calendar of 1 person answered from another address" in text_of(shown)
    editor = sign_in("Editors").get(address("session", session))
    assert "answered from another address" not in text_of(editor)


def test_the_answers_cost_as_many_queries_for_six_as_for_one(series, sign_in):
    session = a_session(series=series)
    client = sign_in()

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(address(name, session)))
        return len(captured)

    answered(session, "Ada", "ACCEPTED")
    queries("people")
    before = [queries(name) for name in ("session", "people")]
    for name in ("Bea", "Carme", "Dolors", "Eva", "Fina"):
        answered(session, name, "DECLINED", sender=STRANGER)

    assert [queries(name) for name in ("session", "people")] == before


def test_the_persons_screen_says_what_was_answered_when_and_by_whom(people, sign_in):
    bea = text_of(sign_in().get(address("registration", people["Bea"])))
    eva = text_of(sign_in().get(address("registration", people["Eva"])))

    assert "21/11/2026 17:19" in bea
    assert STRANGER not in bea
    assert f"It came from {STRANGER}, which we did not invite." in eva


@pytest.mark.parametrize(
    ("sent", "rsvp", "outcome", "action"),
    [
        ({"believe": "1"}, "accepted", Outcome.TAKEN, "events.take_answer"),
        ({"believe": ""}, "", Outcome.LEFT, "events.leave_answer"),
        ({}, "", Outcome.LEFT, "events.leave_answer"),
    ],
)
def test_a_doubtful_answer_is_settled_by_the_organiser(
    people, sign_in, sent, rsvp, outcome, action
):
    client, eva = sign_in(), people["Eva"]
    answer = Answer.objects.get(outcome=Outcome.DOUBTFUL)
    mails = Message.objects.count()
    url = address("settle_answer", eva, answer)

    client.post(url, sent)
    again = client.post(url, {"believe": "1"}, follow=True)

    answer.refresh_from_db()
    assert answer.outcome == outcome
    assert Invitation.objects.get(registration=eva).rsvp == rsvp
    assert Message.objects.count() == mails
    assert "had been settled already" in text_of(again)
    done = logs.get_logs_for_instance(eva).filter(action__endswith="_answer")
    assert [(entry.action, entry.user) for entry in done] == [(action, client.user)]


def test_an_answer_is_settled_with_its_own_person(people, sign_in):
    answer = Answer.objects.get(outcome=Outcome.DOUBTFUL)

    url = address("settle_answer", people["Ada"], answer)

    assert sign_in().post(url, {"believe": "1"}).status_code == 404
    assert sign_in("Readers").post(url).status_code != 200
    answer.refresh_from_db()
    assert answer.outcome == Outcome.DOUBTFUL
