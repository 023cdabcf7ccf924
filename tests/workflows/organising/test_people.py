"""Who comes: the list, what leaves the house with it, and decisions about a person."""

import csv
import html
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.log_actions import registry as logs

from community.models import Message
from events import registrations, sessions
from events.models import AccessibilityNeeds, Invitation, Registration, Session
from tests.factories import a_body, a_registration, a_session, an_applicant

State = Registration.State


@pytest.fixture
def session(series) -> Session:
    return a_session(places=1, series=series)


def people(session: Session) -> str:
    return reverse("sessions:people", args=[session.pk])


def address(change: str, row) -> str:
    return reverse(f"sessions:{change}", args=[row.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def confirmed(shown, **sent) -> dict:
    """What the second step sends: the fields of its form, and the button."""
    hidden = dict(shown.context["sent"]) | {"seen": shown.context["seen"]}
    return {**hidden, **sent, "confirm": "1"}


def queued(registration: Registration) -> list[str]:
    """The kinds of mail for `registration`, in order."""
    rows = Message.objects.filter(about=registration.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def bulk(session: Session, numbers) -> None:
    """So many people, each with a mail and an invitation."""
    made = Registration.objects.bulk_create(
        Registration(
            session=session,
            name=f"Persona {n}",
            email=f"p{n}@council.example",
            body_text="Vila-real",
            mode="online",
            language="ca",
            state=State.CONFIRMED if n % 2 else State.WAITING,
            arrival=10_000 + n,
        )
        for n in numbers
    )
    Invitation.objects.bulk_create(Invitation(registration=row) for row in made)
    Message.objects.bulk_create(
        Message(
            kind="registration_confirmed",
            about=row.pk,
            recipient=row.email,
            language="ca",
            order_key=row.thread,
        )
        for row in made
    )


# The list -----------------------------------------------------------------------------


def test_the_list_shows_who_is_registered_and_with_what_mail(session, sign_in):
    first = a_registration(session, name="Ada Exemple", language="es")
    second = a_registration(session, name="Mar Prova")
    Message.objects.filter(about=second.pk).update(state=Message.State.FAILED)
    Invitation.objects.filter(registration=first).update(rsvp="accepted")

    page = text_of(sign_in().get(people(session)))

    for words in (
        first.email,
        "Vila-real",
        "accepted",
        "Number 1 in the list",
        "about to leave",
        "could not be sent",
    ):
        assert words in page


@pytest.mark.parametrize("query", [{}, {"q": "persona"}])
def test_the_list_takes_as_many_queries_for_5000_people_as_for_20(
    session, sign_in, query
):
    client = sign_in()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "Persona 1" in text_of(client.get(people(session), query))
        return len(captured)

    bulk(session, range(20))
    client.get(people(session))  # which is written into the history
    few = queries()
    bulk(session, range(20, 5000))

    assert queries() == few


def test_people_are_found_without_accents_and_by_what_they_are(session, sign_in):
    client = sign_in()
    manlleu = a_body("Manlleu")
    a_registration(session, name="Núria Espí", body=manlleu, body_text="")
    a_registration(session, name="Mar Prova", email="mar@council.example")
    a_registration(session, name="Darío Muestra", language="es")

    def names(**query) -> list[str]:
        rows = client.get(people(session), query).context["object_list"]
        return [row.name for row in rows]

    assert names(q="nuria") == names(q="MANLLEU espi") == ["Núria Espí"]
    assert names(q="mar@council") == ["Mar Prova"]
    assert names(state="waiting") == ["Mar Prova", "Darío Muestra"]
    assert names(body=manlleu.pk) == ["Núria Espí"]
    assert names(language="es") == ["Darío Muestra"]


def test_what_somebody_needs_is_seen_by_who_can_do_something_about_it(session, sign_in):
    registration = a_registration(session)
    AccessibilityNeeds.objects.create(registration=registration, other="Bucle magnètic")
    one = address("registration", registration)

    organiser, reader = sign_in(), sign_in("Readers")

    assert "needs something" in text_of(organiser.get(people(session)))
    assert "Bucle magnètic" in text_of(organiser.get(one))
    assert "needs something" not in text_of(reader.get(people(session)))
    assert "Bucle magnètic" not in text_of(reader.get(one))
    exported = b"".join(organiser.get(people(session), {"export": "csv"}))
    assert "Bucle" not in exported.decode()


# What leaves the house ----------------------------------------------------------------


def test_an_export_of_5000_leaves_row_by_row_with_the_filters_of_the_list(
    session, sign_in
):
    bulk(session, range(5000))
    client = sign_in()

    answer = client.get(people(session), {"export": "csv", "state": "waiting"})

    assert answer.streaming
    with CaptureQueriesContext(connection) as captured:
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2500
    assert rows[0]["E-mail address"] == "p0@council.example"
    assert {row["State"] for row in rows} == {"waiting"}
    # Some for each handful of rows, not for each row.
    assert len(captured) < 20


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_nothing_in_an_export_is_taken_for_a_formula(session, sign_in, start):
    a_registration(session, name=f'{start}HYPERLINK("x")', position=f"{start}1")
    client = sign_in()

    text = b"".join(client.get(people(session), {"export": "csv"})).decode("utf-8-sig")
    file = b"".join(client.get(people(session), {"export": "xlsx"}))

    row = next(iter(csv.DictReader(io.StringIO(text))))
    cells = list(load_workbook(io.BytesIO(file)).active.iter_rows())[1]
    assert row["Name"] == cells[0].value == f'\'{start}HYPERLINK("x")'
    assert row["Position"] == f"'{start}1"
    assert all(cell.data_type != "f" for cell in cells)


def test_the_paper_has_who_has_a_place_by_name(series, sign_in):
    session = a_session(places=3, series=series)
    for name in ("Òscar Tres", "Ada U", "oriol Dos", "Zoe Espera"):
        a_registration(session, name=name)

    printed = sign_in().get(address("print_people", session))

    names = [person.name for person in printed.context["people"]]
    assert names == ["Ada U", "oriol Dos", "Òscar Tres"]
    assert "Signature" in text_of(printed)
    assert "@council.example" not in text_of(printed)


def test_opening_exporting_and_printing_the_list_stay_in_the_history(session, sign_in):
    a_registration(session)
    client = sign_in()

    client.get(people(session))
    client.get(people(session), {"q": "ada"})
    client.get(people(session), {"export": "csv"})
    client.get(address("print_people", session))

    done = [
        (entry.action, entry.user, entry.data.get("how"))
        for entry in logs.get_logs_for_instance(session).order_by("pk")
    ]
    assert done == [
        ("events.list_people", client.user, None),
        ("events.export_people", client.user, "csv"),
        ("events.export_people", client.user, "print"),
    ]
    history = address("history", session)
    assert "List of people opened" in text_of(client.get(history))
    assert "List of people" not in text_of(sign_in("Editors").get(history))


# Decisions ----------------------------------------------------------------------------


@pytest.fixture
def pending(series) -> Registration:
    session = a_session(places=1, series=series, approval=True)
    return a_registration(session, name="Ada Exemple", language="es")


def test_who_is_approved_gets_the_mail_that_was_shown(pending, sign_in):
    client = sign_in()
    assert "Approve" in text_of(client.get(people(pending.session)))

    shown = client.get(address("approve", pending))

    page = text_of(shown)
    assert "To <strong>Ada Exemple</strong>" in page
    assert "“Place”, in Spanish" in page
    assert shown.context["mail_html"]
    assert queued(pending) == ["registration_pending"]
    client.post(address("approve", pending), confirmed(shown))
    client.post(address("approve", pending), confirmed(shown))
    pending.refresh_from_db()
    assert pending.state == State.CONFIRMED
    assert queued(pending) == ["registration_pending", "registration_confirmed"]


def test_an_approval_that_would_mean_another_thing_by_now_is_shown_again(
    pending, sign_in
):
    client = sign_in()
    shown = client.get(address("approve", pending))
    registrations.place(pending.session, an_applicant(), by=client.user)

    late = client.post(address("approve", pending), confirmed(shown))

    assert "nothing was done yet" in text_of(late)
    assert "waits, as number 1" in text_of(late)
    pending.refresh_from_db()
    assert pending.state == State.PENDING


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("decline", "registration_declined"),
        ("cancel_registration", "registration_cancelled"),
    ],
)
def test_a_person_is_told_of_it_unless_the_organiser_says_no(
    pending, sign_in, change, kind
):
    client = sign_in()
    other = a_registration(pending.session)

    shown = client.get(address(change, pending))
    assert shown.context["effect"].letters[0].kind == kind
    quiet = client.post(address(change, pending), {"tell": ["on", ""]})
    assert quiet.context["effect"].letters == []
    assert "Tell the person after all" in text_of(quiet)
    client.post(address(change, pending), confirmed(quiet))
    client.post(address(change, other), confirmed(client.get(address(change, other))))

    assert not Registration.objects.active().exists()
    assert queued(pending) == ["registration_pending"]
    assert queued(other) == ["registration_pending", kind]


def test_a_place_is_given_out_of_turn_for_a_reason_that_stays(session, sign_in):
    client = sign_in()
    a_registration(session)
    a_registration(session)
    last = a_registration(session, name="Mar Prova")

    shown = client.post(address("grant", last), {"reason": "Fa la ponència"})
    page = text_of(shown)
    assert "Over-full: 1 person more than places" in page
    assert "To <strong>Mar Prova</strong>" in page
    client.post(address("grant", last), confirmed(shown))

    last.refresh_from_db()
    assert last.state == State.CONFIRMED
    assert queued(last)[-1] == "registration_promoted"
    assert "«Fa la ponència»" in text_of(client.get(address("registration", last)))


def test_two_registrations_of_one_person_become_one(session, sign_in):
    client = sign_in()
    kept = a_registration(session, email="a.exemple@vic.example", name="Ada Exemple")
    same = a_registration(session, email="ada@mail.example", name="Exemple, Ada")
    alike = a_registration(session, email="a.exemple@vic.exemple", name="A. E.")
    a_registration(session, name="Ningú Altre")

    asked = client.get(address("merge", kept))
    offered = set(asked.context["form"].fields["other"].queryset)
    shown = client.post(address("merge", kept), {"other": same.pk})
    client.post(address("merge", kept), confirmed(shown))

    assert offered == {same, alike}
    same.refresh_from_db()
    assert same.reason == Registration.Reason.MERGED
    kept.refresh_from_db()
    assert kept.state == State.CONFIRMED


def test_data_are_corrected_and_nobody_is_told(session, sign_in):
    registration = a_registration(session)
    a_body("Vic")
    before = Message.objects.count()

    sign_in().post(
        address("correct", registration),
        {"name": "Ada Bé", "body": "vic", "position": "", "language": "es"},
    )

    registration.refresh_from_db()
    assert (registration.name, registration.body.name) == ("Ada Bé", "Vic")
    assert (registration.body_text, registration.language) == ("", "es")
    assert Message.objects.count() == before


# On behalf of somebody ----------------------------------------------------------------


def new_person(client, session: Session, **values) -> dict:
    form = client.get(address("add_person", session)).context["form"]
    return {
        "key": str(form.initial["key"]),
        "name": "Ada Exemple",
        "email": "ada@council.example",
        "body": "Associació de veïnes",
        "how": "in_turn",
        "language": "es",
        **values,
    }


@pytest.mark.parametrize(
    ("how", "state", "kind", "says"),
    [
        ("in_turn", State.WAITING, "registration_waiting", "waits, as number 1"),
        ("over", State.CONFIRMED, "registration_confirmed", "Over-full: 1 person"),
    ],
)
def test_a_person_is_added_in_turn_or_over_the_places(
    session, sign_in, how, state, kind, says
):
    client = sign_in()
    a_registration(session)
    add = address("add_person", session)

    shown = client.post(add, new_person(client, session, how=how))
    assert says in text_of(shown)
    assert session.registrations.count() == 1
    client.post(add, confirmed(shown))
    client.post(add, confirmed(shown))

    added = session.registrations.get(email="ada@council.example")
    assert (added.state, added.body_text) == (state, "Associació de veïnes")
    assert queued(added) == [kind]


def test_who_is_registered_already_is_not_added_nor_written_to(session, sign_in):
    client = sign_in()
    before = a_registration(session, email="ADA@council.example")

    shown = client.post(address("add_person", session), new_person(client, session))

    assert "This address is registered already." in text_of(shown)
    assert queued(before) == ["registration_confirmed"]


def test_a_walk_in_has_a_place_on_the_day_and_not_before(session, sign_in):
    client = sign_in()
    add = address("add_person", session)
    early = client.post(add, new_person(client, session, how="walk_in"))
    assert early.context["form"].errors.keys() == {"how"}
    now = timezone.now()
    Session.objects.update(
        starts=now - timedelta(minutes=10), ends=now + timedelta(minutes=50)
    )
    sessions.resize(session, online=0, in_person=None)

    shown = client.post(add, new_person(client, session, how="walk_in"))
    client.post(add, confirmed(shown))

    assert session.registrations.get().state == State.CONFIRMED
