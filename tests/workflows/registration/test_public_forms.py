"""What people do by themselves: asking for needs, registering colleagues, correcting,
saying that it was not them, hearing of the next session."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Message
from events import registrations, sessions
from events.models import AccessibilityNeeds, Follower, Registration, Session
from events.registrations import Needs
from tests.factories import (
    a_body,
    a_registration,
    a_session,
    a_user,
    an_applicant,
)

SENT = 302
ASKED_AGAIN = 422
SHUT = 409

ADA = "ada@council.example"


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet(db: None) -> None:
    cache.clear()


def one(**values: Any) -> dict[str, Any]:
    """The form of one person, filled in well but for `values`."""
    return {
        "name": "Ada Puig",
        "email": ADA,
        "body": "Un altre ens",
        "other_body": "on",
        "position": "Tècnica",
        "question": "Com es fa?",
        "language": "ca",
        "form_key": str(uuid4()),
        **values,
    }


def several(*people: tuple[str, str], **values: Any) -> dict[str, Any]:
    """The form of several `people`, each a name and an address, in its five rows."""
    rows = [*people, *[("", "")] * (5 - len(people))]
    form = {
        "body": "Un altre ens",
        "other_body": "on",
        "language": "ca",
        "form_key": str(uuid4()),
        "people-TOTAL_FORMS": str(len(rows)),
        "people-INITIAL_FORMS": "0",
        **values,
    }
    for number, (name, email) in enumerate(rows):
        form[f"people-{number}-name"] = name
        form[f"people-{number}-email"] = email
    return form


def send(session: Session, client: Client | None = None, **values: Any) -> HttpResponse:
    address = reverse("register", args=[session.code])
    return (client or Client()).post(address, one(**values))


def send_several(
    session: Session,
    *people: tuple[str, str],
    client: Client | None = None,
    **values: Any,
) -> HttpResponse:
    address = reverse("register_group", args=[session.code])
    return (client or Client()).post(address, several(*people, **values))


def words(answer: HttpResponse) -> str:
    """What a person reads on the page, on one line."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def errors(answer: HttpResponse) -> str:
    """The list of what is to be corrected."""
    return answer.content.decode().partition('class="errors"')[2].partition("</div>")[0]


# Needs ------------------------------------------------------------------------


def test_needs_without_consent_are_asked_again_and_nothing_typed_is_lost():
    session = a_session()

    answer = send(session, sign_language="on", other_needs="Seient a prop")

    assert answer.status_code == ASKED_AGAIN
    assert "#id_needs_consent" in errors(answer)
    page = answer.content.decode()
    assert "Seient a prop" in page
    assert re.search(r'name="sign_language"[^>]*checked', page)
    assert '<details class="toggle" open' in page, "an error is never folded away"
    assert not Registration.objects.exists()


def test_needs_are_kept_with_consent_and_shown_only_where_they_are_corrected():
    session = a_session()
    send(session, telephone="on", other_needs="Seient a prop", needs_consent="on")

    registration = session.registrations.get()
    assert (registration.needs.telephone, registration.needs.other) == (
        True,
        "Seient a prop",
    )
    links = {
        name: Client().get(reverse(name, args=[registration.token])).content.decode()
        for name in ("my_registration", "correct_registration")
    }
    assert "Seient a prop" not in links["my_registration"]
    assert "Seient a prop" in links["correct_registration"]


# Correcting -------------------------------------------------------------------


def correction(registration: Registration, **values: Any) -> HttpResponse:
    address = reverse("correct_registration", args=[registration.token])
    return Client().post(address, one(**values))


def test_what_was_written_is_corrected_and_the_place_stays():
    vic = a_body("Vic")
    session = a_session(places=1)
    registration = a_registration(session, needs=Needs(telephone=True))
    email = registration.email

    answer = correction(
        registration, name="Ada Roca", body="vic", other_body="", email="eve@evil.cat"
    )

    assert answer.status_code == SENT
    registration.refresh_from_db()
    assert (registration.name, registration.body) == ("Ada Roca", vic)
    assert (registration.email, registration.state) == (email, "confirmed")
    assert not AccessibilityNeeds.objects.exists(), "they were unticked"
    page = words(Client().get(answer.url))
    assert "S’ha desat." in page
    assert "Ada Roca" in page


def test_a_mistake_while_correcting_changes_nothing_and_keeps_what_was_typed():
    registration = a_registration(a_session())

    answer = correction(registration, name="", question="Una altra pregunta")

    assert answer.status_code == ASKED_AGAIN
    assert "Una altra pregunta" in answer.content.decode()
    registration.refresh_from_db()
    assert registration.question == ""


def test_whom_staff_let_in_corrects_without_proving_the_body_again():
    session = a_session(audience=Session.Audience.CHOSEN)
    applicant = an_applicant(body=a_body("Tona"), body_text="")
    registration = registrations.place(session, applicant, by=a_user()).registration

    answer = correction(registration, name="Ada Roca", body="Tona", other_body="")

    assert answer.status_code == SENT
    registration.refresh_from_db()
    assert (registration.name, registration.body.name) == ("Ada Roca", "Tona")


def test_a_cancelled_registration_cannot_be_corrected():
    registration = a_registration(a_session())
    registrations.cancel(registration, Registration.Reason.PERSON)

    correction(registration, name="Ada Roca")

    registration.refresh_from_db()
    assert registration.name != "Ada Roca"


# Not me -----------------------------------------------------------------------


def test_saying_that_it_was_not_me_only_acts_by_post_and_erases_what_was_written():
    session = a_session(places=1)
    registration = a_registration(session, name="Eve", question="?")
    waiting = a_registration(session)
    address = reverse("not_me", args=[registration.token])

    assert "No éreu vós?" in words(Client().get(address))
    registration.refresh_from_db()
    assert registration.is_active

    answer = Client().post(address)
    page = words(Client().get(answer.url))

    registration.refresh_from_db()
    waiting.refresh_from_db()
    assert (registration.state, registration.reason) == ("cancelled", "not_me")
    assert (registration.name, registration.question) == ("", "")
    assert waiting.state == "confirmed"
    assert "Ja està desfet" in page
    assert "El que vau escriure" not in page
    assert words(Client().post(address, follow=True)) == page, "twice is once"
    assert Message.objects.filter(kind="registration_cancelled").count() == 1


# Several ----------------------------------------------------------------------


def test_colleagues_are_registered_in_one_go_each_with_a_mail():
    vic = a_body("Vic")
    session = a_session(places=2)
    form = {
        "client": Client(),
        "body": "Vic",
        "other_body": "",
        "form_key": str(uuid4()),
    }
    people = ("Ada Puig", ADA), ("Mar Roca", "mar@council.example")

    assert send_several(session, *people, **form).status_code == SENT
    assert send_several(session, *people, **form).status_code == SENT, "twice is once"

    assert {(r.name, r.body) for r in session.registrations.all()} == {
        ("Ada Puig", vic),
        ("Mar Roca", vic),
    }
    assert Message.objects.count() == 2
    page = words(form["client"].get(reverse("registered", args=[session.code])))
    assert "Tothom hi té plaça" in page
    assert "Mar Roca" in page


def test_one_bad_row_registers_nobody_and_what_was_typed_stays():
    session = a_session()

    answer = send_several(
        session,
        ("Ada Puig", ADA),
        ("Mar Roca", "mar at council"),
        **{"people-3-position": "Secretaria"},
    )

    assert answer.status_code == ASKED_AGAIN
    listed = errors(answer)
    assert "#id_people-1-email" in listed
    assert "Persona 2:" in listed
    assert "Persona 4:" in listed, "a row half filled in is not forgotten"
    page = answer.content.decode()
    for written in ("Ada Puig", ADA, "Mar Roca", "mar at council", "Secretaria"):
        assert f'value="{written}"' in page
    assert not Registration.objects.exists()


def test_an_address_written_twice_in_a_group_is_an_error():
    session = a_session()

    answer = send_several(session, ("Ada Puig", ADA), ("Ada Roca", ADA.upper()))

    assert answer.status_code == ASKED_AGAIN
    assert "#id_people-1-email" in errors(answer)
    assert "Aquesta adreça hi és dues vegades." in errors(answer)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"people-TOTAL_FORMS": ""},
        {"people-TOTAL_FORMS": "11"},
        {"people-TOTAL_FORMS": "1000000000"},
        {"people-INITIAL_FORMS": "many"},
        {"people-TOTAL_FORMS": "\0"},
    ],
)
def test_a_group_whose_rows_cannot_be_counted_is_asked_again(broken):
    answer = send_several(a_session(), ("Ada Puig", ADA), **broken)

    assert answer.status_code == ASKED_AGAIN
    assert not Registration.objects.exists()


def test_a_group_of_nobody_is_an_error():
    answer = send_several(a_session())

    assert answer.status_code == ASKED_AGAIN
    assert "#id_people-0-name" in errors(answer)


# For whom ---------------------------------------------------------------------


@pytest.fixture
def chosen() -> Session:
    """A session for Tona alone; there is Vic too."""
    a_body("Vic")
    session = a_session(audience=Session.Audience.CHOSEN)
    session.bodies.set([a_body("Tona")])
    return session


def test_the_wrong_body_is_told_so_by_its_name(chosen):
    for answer in (
        send(chosen, body="vic", other_body=""),
        send_several(chosen, ("Ada Puig", ADA), body="vic", other_body=""),
    ):
        assert answer.status_code == ASKED_AGAIN
        assert "és per a altres ens, i Vic no n’és cap" in errors(answer)
        assert "Persones d’aquests ens: Tona" in words(answer)
    assert not Registration.objects.exists()


def test_a_body_that_is_not_in_the_list_does_not_come_in_by_saying_so(chosen):
    assert send(chosen, body="Una altra cosa").status_code == ASKED_AGAIN

    assert not Registration.objects.exists()


def test_the_page_of_a_session_says_for_whom_it_is(chosen):
    Session.objects.update(body_limit=2)

    page = words(Client().get(reverse("session", args=[chosen.code])))

    assert "Persones d’aquests ens: Tona" in page
    assert "Fins a 2 persones per ens" in page


# What the receipt says --------------------------------------------------------


def test_where_somebody_approves_the_receipt_says_that_it_is_not_a_place_yet():
    session = a_session(approval=True)
    client = Client()

    form = words(client.get(reverse("register", args=[session.code])))
    send(session, client)
    receipt = words(client.get(reverse("registered", args=[session.code])))

    assert "abans s’aproven les inscripcions" in form
    assert "Ja tenim la vostra inscripció, Ada" in receipt
    assert "Fins que no ho facin, ningú no hi té plaça" in receipt
    mine = reverse("my_registration", args=[session.registrations.get().token])
    assert "Ja tenim la vostra inscripció, Ada" in words(client.get(mine))


def in_full() -> Session:
    session = a_session(places=1)
    a_registration(session)
    return session


def in_approved() -> Session:
    return a_session(approval=True)


def in_limited() -> Session:
    """One place of the body is taken, by somebody who is in neither form."""
    session = a_session(body_limit=2)
    a_registration(session, body_text="Un altre ens")
    return session


def with_two_places_left() -> Session:
    return a_session(places=3)


def with_one_place_left() -> Session:
    return a_session(places=2)


WORLDS = [
    in_full,
    in_approved,
    in_limited,
    with_one_place_left,
    with_two_places_left,
]


def what_is_seen(session: Session, post: Callable[[Client], HttpResponse]) -> list[str]:
    """Sending a form twice from a browser that knows nothing, and what it reads."""
    client = Client()
    seen = []
    for _ in range(2):
        assert post(client).status_code == SENT
        address = reverse("registered", args=[session.code])
        page = words(client.get(address)).replace(session.code, "")
        # How many places are left is public, and changes with each person.
        seen.append(re.sub(r"Qued\w+ \d+ pla\w+ de \d+", "", page))
    return seen


@pytest.mark.parametrize("world", WORLDS)
def test_a_strangers_repeat_reads_as_a_newcomers_receipt(world):
    seen = []
    for there in (ADA, "eva@council.example"):
        session = world()
        a_registration(session, there, body_text="Un altre ens")
        seen.append(what_is_seen(session, lambda c, s=session: send(s, c)))

    registered, newcomer = seen
    assert registered == newcomer


@pytest.mark.parametrize("world", WORLDS)
def test_a_group_with_somebody_who_is_registered_reads_as_one_of_newcomers(world):
    people = ("Ada Puig", ADA), ("Mar Roca", "mar@council.example")
    seen = []
    for there in (ADA, "eva@council.example"):
        session = world()
        a_registration(session, there, body_text="Un altre ens")
        seen.append(
            what_is_seen(
                session, lambda c, s=session: send_several(s, *people, client=c)
            )
        )

    registered, newcomer = seen
    assert registered == newcomer


# While no registration is taken -----------------------------------------------


def opens_later(session: Session) -> None:
    session.opens = timezone.now() + timedelta(days=1)
    session.save()


def is_shut(session: Session) -> None:
    session.closes = timezone.now() - timedelta(days=1)
    session.save()


def is_held(session: Session) -> None:
    session.starts = timezone.now() - timedelta(hours=2)
    session.ends = timezone.now() - timedelta(hours=1)
    session.save()


@pytest.mark.parametrize(
    ("happen", "heading", "offers_news"),
    [
        (opens_later, "La inscripció encara no és oberta", False),
        (is_shut, "La inscripció és tancada", True),
        (is_held, "La sessió ja s’ha fet", True),
        (sessions.postpone, "La sessió s’ha ajornat", False),
        (sessions.cancel, "La sessió s’ha anul·lat", True),
    ],
)
@pytest.mark.parametrize("form", ["register", "register_group"])
def test_each_reason_why_nobody_can_register_has_its_own_page(
    happen, heading, offers_news, form
):
    session = a_session()
    happen(session)

    answer = Client().get(reverse(form, args=[session.code]))

    assert answer.status_code == SHUT
    assert heading in words(answer)
    follow = reverse("follow", args=[session.series.code])
    assert (f'href="{follow}"' in answer.content.decode()) == offers_news


def test_a_postponed_session_says_its_old_date_as_void():
    session = a_session()
    sessions.postpone(session, "La ponent no pot venir.")

    page = words(Client().get(reverse("session", args=[session.code])))

    assert "(sense efecte)" in page
    assert "Encara no té data nova" in page
    assert "La ponent no pot venir." in page
    assert "Hora de Barcelona" not in page


# News of a series -------------------------------------------------------------


def ask_for_news(session: Session, email: str) -> HttpResponse:
    address = reverse("follow", args=[session.series.code])
    return Client().post(address, {"email": email})


def test_an_address_follows_once_it_says_yes_and_no_longer_than_it_wants():
    session = a_session(state=Session.State.DRAFT)
    ask_for_news(session, ADA)
    follower = Follower.objects.get()
    address = reverse("following", args=[follower.token])

    Client().get(address)
    follower.refresh_from_db()
    assert not follower.confirmed, "a mail filter opens every link"
    assert Message.objects.get().kind == "follow_confirm"

    page = words(Client().post(address, follow=True))
    follower.refresh_from_db()
    assert follower.confirmed
    assert "Ja seguiu aquest cicle" in page
    sessions.announce(session)
    assert Message.objects.filter(kind="session_announced", recipient=ADA).count() == 1

    assert "Ja no us escriurem més" in words(Client().post(address, {"leave": "1"}))
    assert not Follower.objects.exists()
    again = Client().post(address, {"leave": "1"})
    assert "Ja no us escriurem més" in words(again), "a double click is harmless"
    assert Client().get(address).status_code == 404


def test_asking_for_news_answers_the_same_whoever_follows():
    session = a_session()
    ask_for_news(session, ADA)
    Follower.objects.update(confirmed=True)

    known, new = (ask_for_news(session, email) for email in (ADA, "mar@council.cat"))

    assert words(known).replace(ADA, "") == words(new).replace("mar@council.cat", "")


def test_whoever_ticks_it_while_registering_follows_and_a_stranger_is_asked():
    session = a_session()
    send(session, follow="on")
    send(session, follow="on", email="ADA@council.example")
    a_registration(session, "mar@council.example")
    send(session, follow="on", email="mar@council.example")

    assert dict(Follower.objects.values_list("email", "confirmed")) == {
        ADA: True,
        "mar@council.example": False,
    }


def test_robots_ask_for_no_news():
    session = a_session()
    address = reverse("follow", args=[session.series.code])

    answer = Client().post(address, {"email": ADA, "website": "https://spam.example"})

    assert answer.status_code == ASKED_AGAIN
    assert not Follower.objects.exists()
