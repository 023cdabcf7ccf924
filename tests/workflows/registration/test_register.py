"""The form to register takes whatever is sent to it, and says no more than it may."""

import re
import socket
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from community.models import Message
from events import registrations
from events.models import Invitation, Registration, Session
from tests.factories import a_body, a_registration, a_session

REGISTERED = 302
ASKED_AGAIN = 422

ADA = "ada@council.example"


def form(**values: Any) -> dict[str, Any]:
    """A form as a browser sends it, filled in well but for `values`; one that is
    None is not sent."""
    sent = {
        "name": "Ada Puig",
        "email": ADA,
        "body": "Un altre ens",
        "other_body": "on",
        "position": "Tècnica",
        "mode": "online",
        "question": "Com es fa?",
        "language": "ca",
        "form_key": str(uuid4()),
        "website": "",
        **values,
    }
    return {name: value for name, value in sent.items() if value is not None}


def send(session: Session, client: Client | None = None, **values: Any) -> HttpResponse:
    """Send the form of `session`. A fault of ours would be an answer too: 500."""
    client = client or Client()
    client.raise_request_exception = False
    return client.post(reverse("register", args=[session.code]), form(**values))


def receipt(session: Session, client: Client) -> dict[str, Any]:
    """What the page after the form says."""
    address = reverse("registered", args=[session.code])
    return client.get(address).context["receipt"]


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet() -> None:
    cache.clear()


@pytest.fixture
def session(db: None) -> Session:
    return a_session(format="hybrid", place="Sala", capacity_in_person=5)


# What is asked for ------------------------------------------------------------------


def test_a_form_filled_in_well_is_a_registration(session):
    body = a_body("Vilanova del Camí")

    answer = send(session, body="vilanova del cami", other_body=None, mode="in_person")

    assert answer.status_code == REGISTERED
    registration = session.registrations.get()
    assert (registration.name, registration.email) == ("Ada Puig", ADA)
    assert (registration.body, registration.body_text) == (body, "")
    assert (registration.mode, registration.language) == ("in_person", "ca")
    assert registration.question == "Com es fa?"
    assert registration.notice_version


def test_a_mistake_keeps_what_was_written(session):
    answer = send(session, email="ada at council", position="Cap d’àrea")

    assert answer.status_code == ASKED_AGAIN
    page = answer.content.decode()
    for written in ("Ada Puig", "ada at council", "Cap d’àrea", "Com es fa?"):
        assert written in page
    assert session.registrations.count() == 0


def test_a_name_that_several_bodies_have_is_asked_for_and_chosen_with_a_button(session):
    a_body("Sant Pere de Ribes")
    wanted = a_body("Sant Pere de Torelló")

    answer = send(session, body="Sant Pere", other_body=None)
    assert answer.status_code == ASKED_AGAIN
    assert wanted.name in answer.content.decode()
    answer = send(session, body="Sant Pere", other_body=None, chosen=wanted.code)

    assert answer.status_code == REGISTERED
    assert session.registrations.get().body == wanted


def test_a_robot_that_fills_in_every_field_registers_nobody(session):
    assert send(session, website="https://spam.example").status_code == ASKED_AGAIN

    assert session.registrations.count() == 0


def test_the_same_form_sent_twice_is_one_registration_and_one_mail(session):
    key = str(uuid4())

    assert send(session, form_key=key).status_code == REGISTERED
    assert send(session, form_key=key).status_code == REGISTERED

    assert session.registrations.count() == 1
    assert Message.objects.count() == 1


def test_registering_does_not_wait_for_the_mail_server(session, settings):
    """A server that would take the call and say nothing is never called."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_TIMEOUT = 60
        listening.setblocking(False)

        assert send(session).status_code == REGISTERED

        with pytest.raises(BlockingIOError):
            listening.accept()
    assert Message.objects.get().state == Message.State.QUEUED


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("postponed", 409), ("cancelled", 409)]
)
def test_no_registration_is_taken_where_none_may_be(session, state, status):
    Session.objects.update(state=state)

    assert send(session).status_code == status

    assert session.registrations.count() == 0


# Nothing that is sent is our fault ---------------------------------------------------

HOSTILE = {
    "nothing": None,
    "empty": "",
    "spaces": " \t ",
    "NUL": "a\0b",
    "line breaks": "Ada\r\nBcc: eve@evil.example\r\n\r\nHola",
    "other line breaks": "Ada\u2028ATTENDEE:mailto:eve@evil.example\u2029\x85\x0b\x0cx",
    "a calendar line": "Ada\r\nATTENDEE:mailto:eve@evil.example",
    "calendar signs": 'Ada";X=1:;,\\nATTENDEE:mailto:eve@evil.example',
    "an encoded word": "=?utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=",
    "a megabyte": "x" * 1_000_000,
    "a megabyte of ñ": "ñ" * 500_000,
    "emoji": "👩🏽‍💻 Ada 🏳️‍🌈",
    "from right to left": "\u202eada\u2066 مرحبا שלום",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{{ 7|add:7 }} {% now 'Y' %} %(name)s {0}",
    "SQL": "'; DROP TABLE events_session; --",
    "not Unicode": b"\xff\xfe\xfa",
    "non-characters": "\ufffe\uffff\U0010ffff",
    "several": ["one", "two"],
    "a number": "9" * 400,
}
FIELDS = (
    "name",
    "email",
    "body",
    "other_body",
    "chosen",
    "position",
    "mode",
    "question",
    "language",
    "form_key",
    "website",
)


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_brings_the_form_down_and_none_carries_a_header(
    session, smtp_server, work, field
):
    for name, value in HOSTILE.items():
        key = HOSTILE_ADDRESS.format(field, list(HOSTILE).index(name))
        answer = send(session, **{"email": key, field: value})
        assert answer.status_code in (REGISTERED, ASKED_AGAIN), name

    work()

    assert len(smtp_server.octets) == session.registrations.count()
    assert not Message.objects.exclude(state=Message.State.DONE).exists()
    for octets, mail in zip(smtp_server.octets, smtp_server.mails, strict=True):
        assert_only_our_headers(mail)
        assert_one_attendee(octets, mail)


def test_what_must_be_one_line_is_kept_as_one_line(session):
    several = "Ada\r\nBcc: eve@evil.example\u2028\x07\u202e \t Puig"

    send(session, name=several, body=several, position=several)

    registration = session.registrations.get()
    for kept in (registration.name, registration.body_text, registration.position):
        assert kept == "Ada Bcc: eve@evil.example Puig"


HOSTILE_ADDRESS = "{}-{}@council.example"

OURS = {
    "content-type",
    "mime-version",
    "subject",
    "from",
    "to",
    "date",
    "message-id",
}


def assert_only_our_headers(mail: Any) -> None:
    assert {name.lower() for name in mail.keys()} == OURS  # noqa: SIM118
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1
    assert len(mail.keys()) == len(OURS)


def assert_one_attendee(octets: bytes, mail: Any) -> None:
    to = mail["To"].addresses[0].addr_spec
    for part in mail.walk():
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        text = part.get_content()
        text = text if isinstance(text, str) else text.decode()
        unfolded = re.sub(r"\r?\n[ \t]", "", text)
        attendees = re.findall(r"(?im)^ATTENDEE.*", unfolded)
        assert len(attendees) == 1
        assert attendees[0].strip().endswith(f":mailto:{to}")
        [event] = Calendar.from_ical(text).walk("VEVENT")
        assert event["ATTENDEE"] == f"mailto:{to}"


ADDRESSES = {
    "a line break": "ada@council.example\r\nBcc: eve@evil.example",
    "a break inside": "ada@council.example\nx@y.example",
    "two": "ada@council.example, eve@evil.example",
    "a name": "Ada <ada@council.example>",
    "quotes": '"ada puig"@council.example',
    "quotes with a control": '"ada\x01"@council.example',
    "quotes with an address": '"eve@evil.example"@council.example',
    "a number for the domain": "ada@[127.0.0.1]",
    "a broad @": "ada@evil\uff20council.example",
    "a broad space": "ada@council\u3000.example",
    "a line separator": "ada@council\u2028.example",
    "turned around": "ada@\u202eelpmaxe.licnuoc",
    "a label too long": f"ada@{'ñ' * 60}.example",
    "a domain too long": f"ada@{'.'.join(['a' * 60] * 5)}.example",
    "broken punycode": "ada@xn--\u00f1.example",
    "a soft hyphen only": "ada@\u00ad\u00ad.example",
    "no top": "ada@council",
    "NUL": "ada@council.example\0",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_no_mail_could_reach_is_asked_for_again(session, address):
    assert send(session, email=address).status_code == ASKED_AGAIN

    assert session.registrations.count() == 0


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("ada@vilaür.cat", "ada@xn--vilar-nva.cat"),
        ("ada@VILAÜR.cat", "ada@xn--vilar-nva.cat"),
        ("ada@\N{KELVIN SIGN}at.example", "ada@kat.example"),
        ("o'hara+cat@council.example", "o'hara+cat@council.example"),
        ("{a|b}~&@council.example", "{a|b}~&@council.example"),
    ],
)
def test_an_odd_address_is_reached(session, smtp_server, work, written, reached):
    assert send(session, email=written).status_code == REGISTERED

    work()

    assert [to.lower() for to in smtp_server.recipients] == [reached]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%FF%FE&email=%00", "application/x-www-form-urlencoded"),
        (b"name=Ada&=&&;%%%", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x\r\nnot multipart", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"name=Ada", "text/plain; charset=not-one"),
        (b"name=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 20_000), "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_at_all_is_answered(session, body, content_type):
    client = Client(raise_request_exception=False)

    answer = client.generic(
        "POST", reverse("register", args=[session.code]), body, content_type
    )

    assert answer.status_code in (400, 413, ASKED_AGAIN)
    assert session.registrations.count() == 0


# What a stranger may learn ------------------------------------------------------------


@pytest.mark.parametrize("mode", ["online", "in_person"])
@pytest.mark.parametrize("places", [1, 2, 3])
def test_who_writes_anothers_address_sees_what_a_newcomer_sees(db, mode, places):
    """Two sessions alike, but that Ada is registered in one. Somebody writes her
    address in both, twice."""
    seen = []
    for other in (ADA, "mar@council.example"):
        session = a_session(places, format="hybrid", place="Sala", capacity_in_person=1)
        a_registration(session, other)
        a_registration(session, mode="in_person")
        client = Client()
        answers = []
        for _ in range(2):
            answers.append(send(session, client, mode=mode).status_code)
            answers.append(receipt(session, client))
        seen.append(answers)

    registered, newcomer = seen
    assert registered == newcomer


def test_the_registered_person_is_told_by_mail_and_nothing_of_hers_changes(session):
    registration = a_registration(session, ADA)
    before = Registration.objects.values().get()

    send(session, name="Eve", question="?", email="ADA@council.example")

    assert Registration.objects.values().get() == before
    assert Invitation.objects.count() == 1
    again = Message.objects.get(kind="registration_again")
    assert (again.recipient, again.about) == (ADA, registration.pk)


def test_ones_own_registration_sent_again_is_recognised(session):
    client = Client()
    send(session, client)
    assert not receipt(session, client)["again"]

    send(session, client)

    assert receipt(session, client)["again"]


# Links ------------------------------------------------------------------------


def test_a_link_to_give_up_the_place_only_acts_by_post(session, client):
    registration = a_registration(session)
    address = reverse("cancel_registration", args=[registration.token])

    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    registration.refresh_from_db()
    assert registration.is_active

    assert client.post(address).status_code == 302
    registration.refresh_from_db()
    assert not registration.is_active
    client.post(address)
    assert Message.objects.filter(kind="registration_cancelled").count() == 1


def test_a_link_is_of_no_use_without_the_token_of_the_form(session):
    registration = a_registration(session)
    client = Client(enforce_csrf_checks=True)

    client.post(reverse("cancel_registration", args=[registration.token]))

    registration.refresh_from_db()
    assert registration.is_active


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "cut",
    [
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda token: "%00" + token,
        lambda token: "%ff%fe",
        lambda token: token + "%0d%0a",
        lambda token: "x" * 5000,
        lambda token: "'%20OR%20''='",
    ],
)
def test_cut_and_foreign_links_lead_nowhere(session, method, cut):
    registration = a_registration(session)
    door = registration.invitations.get().join_token
    client = Client(raise_request_exception=False)
    ask = getattr(client, method)

    for address in (
        f"/r/{cut(registration.token)}/",
        f"/r/{cut(registration.token)}/cancel/",
        f"/r/{cut(registration.token)}/correct/",
        f"/r/{cut(registration.token)}/not-me/",
        f"/f/{cut(registration.token)}/",
        f"/j/{cut(door)}/",
        f"/r/{door}/",
        f"/r/{door}/cancel/",
        f"/j/{registration.token}/",
    ):
        assert ask(address).status_code in (400, 404, 405), address
    registration.refresh_from_db()
    assert registration.is_active


def test_the_door_only_joins(session, client):
    registration = a_registration(session)
    door = reverse("join", args=[registration.invitations.get().join_token])

    assert client.post(door).status_code == 405
    page = client.get(door).content.decode()

    assert registration.token not in page
    assert session.join_url not in page, "it opens some minutes before"


def test_a_session_held_cannot_be_given_up(session, client):
    registration = a_registration(session)
    Session.objects.update(
        starts=session.starts.replace(year=2001), ends=session.ends.replace(year=2001)
    )

    client.post(reverse("cancel_registration", args=[registration.token]))

    registration.refresh_from_db()
    assert registration.is_active


def test_a_rehearsal_keeps_nothing(session):
    applicant = registrations.Applicant(name="Ada", email=ADA, language="ca")

    outlook = registrations.rehearse(session, applicant)

    assert (outlook.state, outlook.position) == ("confirmed", None)
    assert session.registrations.count() == Message.objects.count() == 0
    session.refresh_from_db()
    assert session.arrivals == 0
