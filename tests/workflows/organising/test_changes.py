"""Changes that people are told of: shown first, done once."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Message
from events import registrations, sessions
from events.models import Registration, Session
from events.wording import long_date
from tests.factories import a_registration, a_session

CONFIRMED = Registration.State.CONFIRMED
CANCELLED = Registration.State.CANCELLED


@pytest.fixture
def session(series) -> Session:
    """Tomorrow week at ten, with two places, two people who read Catalan, and one who
    reads Spanish and waits."""
    day = timezone.localtime() + timedelta(days=8)
    starts = day.replace(hour=10, minute=0, second=0, microsecond=0)
    session = a_session(places=2, series=series, starts=starts)
    a_registration(session, name="Ada Exemple")
    a_registration(session, name="Biel Mostra")
    a_registration(session, name="Darío Muestra", language="es")
    return Session.objects.get(pk=session.pk)


def address(change: str, row) -> str:
    return reverse(f"sessions:{change}", args=[row.pk])


def next_week(session: Session) -> dict[str, str]:
    """What the form sends to move `session` by a week."""
    day = timezone.localtime(session.starts) + timedelta(days=7)
    return {"date": f"{day:%d/%m/%Y}", "start_time": "10:00", "end_time": "11:00"}


def confirmed(shown, **sent) -> dict[str, str]:
    """What the second step sends: the fields of its form, and the button."""
    hidden = dict(shown.context["sent"]) | {"seen": shown.context["seen"]}
    return {**hidden, **sent, "confirm": "1"}


def text_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def mails(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# Move -------------------------------------------------------------------------------


def test_before_a_move_one_sees_how_many_are_told_in_which_languages_and_how(
    session, sign_in
):
    shown = sign_in().post(address("move", session), next_week(session))

    page = text_of(shown)
    new_day = session.starts + timedelta(days=7)
    assert "3 people will be told: 2 in Catalan, 1 in Spanish." in page
    assert "Move and tell 3 people" in page
    mail = shown.context["mail_html"]
    assert str(timezone.localtime(new_day).day) in mail
    # Shown, and not done.
    assert Session.objects.get().starts == session.starts
    assert Session.objects.get().revision == session.revision
    assert mails("session_moved") == 0


def test_a_confirmed_move_is_done_once_however_often_it_is_confirmed(session, sign_in):
    client = sign_in()
    shown = client.post(address("move", session), next_week(session))
    yes = confirmed(shown)

    first = client.post(address("move", session), yes, follow=True)
    second = client.post(address("move", session), yes, follow=True)

    moved = Session.objects.get()
    assert moved.starts == session.starts + timedelta(days=7)
    assert moved.revision == session.revision + 1
    assert mails("session_moved") == 3
    assert "Moved. 3 people will get a mail." in messages_of(first)
    assert "already" in messages_of(second)


def test_a_move_confirmed_after_somebody_else_moved_it_is_not_done(session, sign_in):
    client = sign_in()
    shown = client.post(address("move", session), next_week(session))
    elsewhere = session.starts + timedelta(days=30)
    sessions.move(session, starts=elsewhere, ends=elsewhere + timedelta(hours=1))

    late = client.post(address("move", session), confirmed(shown))

    assert "Somebody has changed this session" in text_of(late)
    assert long_date(elsewhere).lower() in text_of(late).lower()
    assert Session.objects.get().starts == elsewhere
    # Seen again, it is what one wants: then it is done.
    client.post(address("move", session), confirmed(late))
    assert Session.objects.get().starts != elsewhere


def test_moving_500_people_takes_as_many_queries_as_moving_one(
    series, sign_in, django_capture_on_commit_callbacks
):
    """Besides those that write their mails, many at once."""
    client = sign_in()
    taken = []
    for people in (1, 1, 500):
        session = a_session(series=series, arrivals=people)
        Registration.objects.bulk_create(
            Registration(
                session=session,
                name="Persona",
                email=f"p{number}@council.example",
                mode="online",
                language="ca",
                arrival=number + 1,
                state=CONFIRMED,
            )
            for number in range(people)
        )
        shown = client.post(address("move", session), next_week(session))
        with (
            CaptureQueriesContext(connection) as asked,
            django_capture_on_commit_callbacks(execute=True),
        ):
            client.post(address("move", session), confirmed(shown))
        writing = 'INTO "community_message"'
        taken.append([query for query in asked if writing not in query["sql"]])
        assert mails("session_moved") == people + len(taken) - 1

    # The first asks also what is then remembered.
    _first, one, many = taken
    assert len(many) == len(one) <= 30


def test_what_the_verb_refuses_stands_beside_the_field(session, sign_in):
    shown = sign_in().post(
        address("move", session), {**next_week(session), "date": "01/02/2020"}
    )

    assert "Choose a moment that is still to come." in text_of(shown)
    assert shown.context["form"].errors.keys() == {"date"}
    assert 'value="01/02/2020"' in text_of(shown)


def test_going_back_keeps_what_was_typed(session, sign_in):
    sent = {**next_week(session), "start_time": "16:15", "end_time": "17:00"}

    back = sign_in().post(address("move", session), {**sent, "back": "1"})

    assert 'value="16:15"' in text_of(back)
    assert not back.context["form"].errors


def test_a_place_that_was_not_touched_is_no_move(series, sign_in):
    session = a_session(series=series, format="in_person", place="Sala gran")
    client = sign_in()
    form = client.get(address("move", session)).context["form"]
    as_it_is = {
        "date": f"{form['date'].value():%d/%m/%Y}",
        "start_time": f"{form['start_time'].value():%H:%M}",
        "end_time": f"{form['end_time'].value():%H:%M}",
        "place_0": "Sala gran",
    }

    shown = client.post(address("move", session), as_it_is)

    assert "This is when and where it is held now." in text_of(shown)


def test_the_example_of_a_mail_gives_nobodys_own_links_away(session, sign_in):
    shown = sign_in().post(address("move", session), next_week(session))

    for registration in session.registrations.all():
        assert registration.token not in text_of(shown)
        for invitation in registration.invitations.all():
            assert invitation.join_token not in text_of(shown)


# Cancel and places -------------------------------------------------------------------


def test_a_session_is_cancelled_once_with_its_reason(session, sign_in):
    client = sign_in()
    reason = {"reason_0": "Vaga de trens", "reason_1": "Huelga de trenes"}

    shown = client.post(address("cancel", session), reason)
    assert "Yes, cancel and tell 3 people" in text_of(shown)
    assert "Vaga de trens" in shown.context["mail_html"]
    assert Session.objects.get().state == Session.State.ANNOUNCED
    done = client.post(address("cancel", session), confirmed(shown), follow=True)
    again = client.post(address("cancel", session), confirmed(shown), follow=True)

    cancelled = Session.objects.get()
    assert cancelled.state == Session.State.CANCELLED
    assert cancelled.state_reason.localize("es") == "Huelga de trenes"
    assert mails("session_cancelled") == 3
    assert "Cancelled. 3 people will get a mail." in messages_of(done)
    assert "already" in messages_of(again)


def test_nobody_cancels_a_session_without_saying_why(session, sign_in):
    shown = sign_in().post(address("cancel", session), {"reason_0": ""})

    assert shown.context["form"].errors.keys() == {"reason"}


def test_more_places_go_to_who_waits_and_that_is_said_before(session, sign_in):
    client = sign_in()

    shown = client.post(address("places", session), {"capacity_online": "3"})
    assert "1 person of the waiting list gets a place" in text_of(shown)
    assert session.registrations.waiting().count() == 1
    client.post(address("places", session), confirmed(shown))

    assert session.registrations.waiting().count() == 0
    assert mails("registration_promoted") == 1


def test_fewer_places_than_people_take_nobodys_place(session, sign_in):
    client = sign_in()

    shown = client.post(address("places", session), {"capacity_online": "1"})
    assert "1 person more than places: nobody loses a place." in text_of(shown)
    client.post(address("places", session), confirmed(shown))

    assert Session.objects.get().capacity_online == 1
    assert session.registrations.filter(state=CONFIRMED).count() == 2


def test_a_higher_limit_for_each_body_gives_places_and_says_so(series, sign_in):
    session = a_session(places=5, series=series, body_limit=1)
    a_registration(session)
    a_registration(session, name="Biel Mostra")
    client = sign_in()

    shown = client.post(
        address("places", session), {"capacity_online": "5", "body_limit": "2"}
    )
    assert "1 person of the waiting list gets a place" in text_of(shown)
    assert "To <strong>Biel Mostra</strong>" in text_of(shown)
    client.post(address("places", session), confirmed(shown))

    assert Session.objects.get(pk=session.pk).body_limit == 2
    assert not session.registrations.waiting().exists()


# Put off, brought back, made again, closed --------------------------------------------


def test_a_session_is_postponed_once_and_its_people_keep_what_they_have(
    session, sign_in
):
    client = sign_in()

    shown = client.post(address("postpone", session), {"reason_0": "Vaga"})
    assert "Postpone and tell 3 people" in text_of(shown)
    assert "2 in Catalan, 1 in Spanish" in text_of(shown)
    assert "Vaga" in shown.context["mail_html"]
    assert mails("session_postponed") == 0
    client.post(address("postpone", session), confirmed(shown))
    again = client.post(address("postpone", session), confirmed(shown), follow=True)

    assert Session.objects.get().state == Session.State.POSTPONED
    assert session.registrations.active().count() == 3
    assert mails("session_postponed") == 3
    assert "already" in messages_of(again)


def test_a_postponed_session_gets_a_new_date_and_everybody_hears_once(session, sign_in):
    client = sign_in()
    sessions.postpone(session, "Vaga")

    shown = client.post(address("reschedule", session), next_week(session))
    assert "Give it this date and tell 3 people" in text_of(shown)
    yes = confirmed(shown)
    client.post(address("reschedule", session), yes)
    again = client.post(address("reschedule", session), yes, follow=True)

    held = Session.objects.get()
    assert held.state == Session.State.ANNOUNCED
    assert held.starts == session.starts + timedelta(days=7)
    assert mails("session_rescheduled") == 3
    assert "already" in messages_of(again)


def test_a_duplicate_is_a_draft_with_a_page_and_without_people(session, sign_in):
    client = sign_in()

    made = client.post(address("duplicate", session), next_week(session))

    copy = Session.objects.exclude(pk=session.pk).get()
    assert made.url == address("session", copy)
    assert copy.state == Session.State.DRAFT
    assert (copy.title, copy.starts - session.starts) == (
        session.title,
        timedelta(days=7),
    )
    assert copy.registrations.count() == 0
    assert copy.pages.get().live is False


def test_a_session_that_was_held_is_closed_and_nobody_is_told(series, sign_in):
    client = sign_in()
    session = a_session(series=series, starts=timezone.now() - timedelta(days=1))
    before = Message.objects.count()

    shown = client.get(address("close", session))
    client.post(address("close", session), confirmed(shown))

    assert Session.objects.get().state == Session.State.CLOSED
    assert Message.objects.count() == before


# One registration ---------------------------------------------------------------------


def test_before_a_registration_is_cancelled_one_sees_who_gets_the_place(
    session, sign_in
):
    client = sign_in()
    registration = session.registrations.get(name="Ada Exemple")
    cancel = address("cancel_registration", registration)

    shown = client.get(cancel)
    assert "Darío Muestra, the first of 1 person waiting, gets the place" in text_of(
        shown
    )
    assert session.registrations.filter(state=CONFIRMED).count() == 2
    client.post(cancel, confirmed(shown))
    again = client.post(cancel, confirmed(shown), follow=True)

    registration.refresh_from_db()
    assert registration.state == CANCELLED
    assert registration.reason == Registration.Reason.STAFF
    assert session.registrations.get(name="Darío Muestra").state == CONFIRMED
    assert mails("registration_cancelled") == mails("registration_promoted") == 1
    assert "already" in messages_of(again)


def test_a_registration_that_the_person_gave_up_meanwhile_is_left_alone(
    session, sign_in
):
    client = sign_in()
    registration = session.registrations.get(name="Ada Exemple")
    cancel = address("cancel_registration", registration)
    shown = client.get(cancel)
    registrations.cancel(registration, Registration.Reason.PERSON)

    late = client.post(cancel, confirmed(shown), follow=True)

    registration.refresh_from_db()
    assert registration.reason == Registration.Reason.PERSON
    assert mails("registration_cancelled") == 1
    assert "already" in messages_of(late)


def test_the_screen_of_a_registration_says_what_we_wrote(session, sign_in):
    registration = session.registrations.get(name="Darío Muestra")

    page = text_of(sign_in().get(address("registration", registration)))

    assert "Waiting list" in page
    assert "as the person declared it" in page
