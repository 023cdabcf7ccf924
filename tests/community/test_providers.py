"""Mail leaves through any provider, and an invitation stays one on its way."""

import email
import io
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from email import policy
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.utils import timezone
from icalendar import Calendar

from community.messages import kinds, outbox
from community.messages.kinds import Kind
from community.messages.models import Message
from community.messages.providers import PROVIDERS
from community.messages.providers import Calendar as Carried
from events import registrations
from tests.factories import a_registration, a_session
from tests.mail import MailServer, story
from tests.providers import (
    DOUBLES,
    KNOWN_AS,
    Answer,
    Asked,
    File,
    ProviderServer,
    pointing,
)

pytestmark = [
    pytest.mark.django_db,
    # Anymail's authors cannot try it any more.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]

State = Message.State
CARRYING = [n for n, p in PROVIDERS.items() if p.calendar is not Carried.LOST]
LOSING = [n for n, p in PROVIDERS.items() if p.calendar is Carried.LOST]
ADA, EVA, MAR = (f"{name}@council.example" for name in ("ada", "eva", "mar"))
# Longer than a line of a mail.
LEAVE = f"<http://testserver/f/{'x' * 80}/>"


def _write(row: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        f"Carta {row.about}",
        "Bon dia.",
        to=[row.recipient],
        headers={"List-Unsubscribe": LEAVE},
    )
    mail.attach_alternative("<p>Bon dia.</p>", "text/html")
    return mail


LETTER = Kind("test_plain_letter", "Letter", _write)
kinds.register(LETTER)


def letter(to: str = "ada", about: int = 0) -> Message:
    """A letter to that address, queued."""
    address = f"{to}@council.example"
    row = Message(kind=LETTER.name, recipient=address, language="ca", about=about)
    outbox.queue([row])
    return Message.objects.get(message_id=row.message_id)


@pytest.fixture
def provider(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], ProviderServer]]:
    """Call it with a name: that provider takes mail on loopback, and ours leaves by
    it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ExitStack() as stack:

        def start(name: str) -> ProviderServer:
            server = stack.enter_context(ProviderServer(name).running())
            settings.EMAIL_PROVIDER = name
            settings.ANYMAIL = {"REQUESTS_TIMEOUT": 1, **server.settings}
            return server

        yield start


def later() -> Any:
    """A block that happens when what was refused is due again."""
    return time_machine.travel(timezone.now() + timedelta(minutes=2))


def parameters(kind: str) -> dict[str, str]:
    """Those of a media type, such as its charset."""
    mail = email.message_from_string(f"Content-Type: {kind}\n\n")
    return dict(mail.get_params())


def kept_file(row: Message) -> bytes:
    """The calendar file in the mail as it is kept."""
    mail = email.message_from_bytes(bytes(row.mime), policy=policy.default)
    [part] = [p for p in mail.walk() if p.get_content_type() == "application/ics"]
    return part.get_content()


# What leaves -----------------------------------------------------------------------


def test_there_is_a_double_of_every_provider():
    assert DOUBLES.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("name", CARRYING)
def test_an_invitation_and_its_end_leave_as_calendars_know_them(provider, name):
    server = provider(name)
    registration = a_registration(a_session(), ADA)
    outbox.send_due(10)
    registrations.cancel(registration, registration.Reason.PERSON)
    outbox.send_due(10)

    rows = Message.objects.filter(about=registration.pk).order_by("pk")
    methods = ("REQUEST", "CANCEL")
    for row, sent, method in zip(rows, server.mails, methods, strict=True):
        assert (row.state, sent.recipients) == (State.DONE, [ADA])
        assert sent.subject == row.subject
        assert "Dades obertes" in sent.text
        assert "<html" in sent.html
        [part] = [part for part in sent.parts if part.kind.startswith("text/calendar")]
        assert parameters(part.kind)["method"] == method
        assert parameters(part.kind).get("charset", "utf-8") == "utf-8"
        # Amazon gets a whole mail, in which all lines end alike.
        whole = name == "amazon_ses"
        ics = part.octets.replace(b"\n", b"\r\n") if whole else part.octets
        assert ics == kept_file(row)
        calendar = Calendar.from_ical(part.octets)
        [event] = calendar.walk("VEVENT")
        assert (calendar["METHOD"], event["ATTENDEE"]) == (method, f"mailto:{ADA}")
        files = [(other.kind, other.name) for other in sent.parts if other != part]
        beside = PROVIDERS[name].calendar is Carried.ALTERNATIVE
        assert files == ([("application/ics", "invite.ics")] if beside else [])
        assert part.name == ("" if beside else "invite.ics")


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_letter_leaves_with_its_headers_and_the_name_it_gets_is_kept(provider, name):
    server = provider(name)
    row = letter()

    outbox.send_due(10)

    [sent] = server.mails
    row.refresh_from_db()
    assert (row.state, row.error) == (State.DONE, "")
    assert (sent.recipients, sent.subject) == ([ADA], "Carta 0")
    assert "Bon dia" in sent.text
    assert "Bon dia" in sent.html
    for header, value in (("Message-ID", row.message_id), ("List-Unsubscribe", LEAVE)):
        expected = value if PROVIDERS[name].takes(header) else None
        assert sent.headers.get(header.lower()) == expected
    # These two take the name from us.
    theirs = KNOWN_AS if name not in ("sendgrid", "unisender_go") else row.provider_id
    assert row.provider_id == theirs
    assert row.provider_id in server.asked[0].body.decode() + KNOWN_AS
    assert row.provider_id


@pytest.mark.parametrize("name", ["amazon_ses", "mailgun", "resend", "sendgrid"])
def test_what_a_library_attaches_is_not_lost(provider, name):
    server = provider(name)
    mail = EmailMultiAlternatives("Acta", "Bon dia.", to=[ADA])
    mail.attach_alternative("<p>Bon dia.</p>", "text/html")
    mail.attach("acta.pdf", b"%PDF-1.7", "application/pdf")
    mail.send()

    outbox.send_due(10)

    [sent] = server.mails
    assert sent.parts == [File("application/pdf", "acta.pdf", b"%PDF-1.7")]


def test_postmark_is_asked_to_leave_our_message_id(provider):
    server = provider("postmark")
    letter()

    outbox.send_due(10)

    assert server.mails[0].headers["x-pm-keepid"] == "true"


@pytest.mark.parametrize("name", ["mailgun", "postmark"])
def test_many_mails_leave_by_one_connection(provider, name):
    server = provider(name)
    for number in range(4):
        letter(f"person-{number}")

    outbox.send_due(10)

    assert (len(server.asked), server.connections) == (4, 1)


# An answer that is lost --------------------------------------------------------------


@pytest.mark.parametrize("name", ["mailgun", "resend", "amazon_ses"])
def test_a_mail_whose_answer_is_lost_leaves_again_as_it_was(provider, name):
    server = provider(name)
    a_registration(a_session(), ADA)
    server.after_taking = "hangs up"
    outbox.send_due(10)

    server.after_taking = ""
    with later():
        outbox.send_due(10)

    first, second = server.mails
    row = Message.objects.get()
    assert (row.state, row.attempts) == (State.DONE, 2)
    assert first.headers["message-id"] == second.headers["message-id"]
    assert [part.octets for part in first.parts] == [p.octets for p in second.parts]
    assert first[:4] == second[:4]


def test_resend_is_told_that_it_is_the_same_once_more(provider):
    server = provider("resend")
    row = letter()
    other = letter("mar")
    server.after_taking = "hangs up"
    outbox.send_due(10)

    server.after_taking = ""
    with later():
        outbox.send_due(10)

    keys = [asked.headers["Idempotency-Key"] for asked in server.asked]
    bodies = [asked.body for asked in server.asked]
    assert sorted(keys) == sorted([row.message_id, row.message_id, other.message_id])
    assert keys[0] == row.message_id
    assert bodies[0] == bodies[keys.index(row.message_id, 1)]


# What it says when it does not take a mail -------------------------------------------

AWAY, LATER, NEVER = "away", "later", "never"


def outcome(first: Message, second: Message) -> str:
    """What became of the first of two letters, and whether the second was tried."""
    first.refresh_from_db()
    second.refresh_from_db()
    untried = (second.state, second.attempts) == (State.QUEUED, 0)
    return {
        (State.RETRYING, True): AWAY,
        (State.RETRYING, False): LATER,
        (State.FAILED, False): NEVER,
    }[first.state, untried]


def ses_error(status: int, code: str, words: str = "No.") -> Answer:
    said = {"__type": code, "message": words}
    return Answer(status, said, {"x-amzn-ErrorType": code})


MAILJET_FAULT = {"Messages": [{"Status": "error", "Errors": [{"StatusCode": 400}]}]}
MANDRILL_REJECTS = [{"email": ADA, "status": "rejected", "_id": "1"}]
POSTAL_FAULT = {"status": "error", "data": {"code": "InvalidServerAPIKey"}}
POSTMARK_INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\n"
    f"Found inactive addresses: {ADA}.\nInactive recipients are ones that have",
}


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("mailgun", Answer(429), AWAY),
        ("mailgun", Answer(502, "<h1>Bad gateway</h1>"), AWAY),
        ("mailgun", Answer(503), AWAY),
        ("mailgun", Answer(500, "Oops"), LATER),
        ("mailgun", Answer(401, "Forbidden"), AWAY),
        ("mailgun", Answer(402, "Pay"), AWAY),
        ("mailgun", Answer(404, {"message": "Domain not found"}), AWAY),
        ("mailgun", Answer(400, {"message": f"No address: {ADA}"}), NEVER),
        ("mailgun", Answer(413, "Too large"), NEVER),
        ("mailgun", Answer(200, "<h1>A proxy</h1>"), LATER),
        ("resend", Answer(403, {"message": "API key is invalid"}), AWAY),
        ("resend", Answer(409, {"name": "concurrent_idempotent_requests"}), LATER),
        ("resend", Answer(422, {"message": "Invalid `to`"}), NEVER),
        ("mailjet", Answer(401, {"ErrorMessage": "API key", "StatusCode": 401}), AWAY),
        ("mailjet", Answer(400, MAILJET_FAULT), NEVER),
        ("mandrill", Answer(200, MANDRILL_REJECTS), NEVER),
        ("postal", Answer(200, POSTAL_FAULT), LATER),
        ("postmark", Answer(422, POSTMARK_INACTIVE), NEVER),
        ("amazon_ses", ses_error(400, "MessageRejected", ADA), NEVER),
        ("amazon_ses", ses_error(400, "SendingPausedException"), AWAY),
        ("amazon_ses", ses_error(429, "TooManyRequestsException"), AWAY),
        ("amazon_ses", ses_error(403, "InvalidClientTokenId", "A-KEY"), AWAY),
        ("amazon_ses", ses_error(500, "InternalFailure"), LATER),
    ],
)
def test_a_refusal_costs_only_what_it_is_about(
    provider, caplog, name, answer, expected
):
    server = provider(name)
    ada, mar = letter(), letter("mar")

    def answer_ada(asked: Asked) -> Answer:
        to_ada = server.double.read(asked).recipients == [ADA]
        return answer if to_ada else server.takes(asked)

    server.answer = answer_ada

    outbox.send_due(10)

    assert outcome(ada, mar) == expected
    assert ada.error
    told = ada.error + caplog.text
    assert not [word for word in (ADA, "A-KEY", "A-SECRET") if word in told]
    if mar.attempts:
        assert mar.state == State.DONE


@pytest.mark.parametrize("name", ["mailgun", "amazon_ses"])
def test_a_provider_that_says_when_to_come_back_is_left_alone_until_then(
    provider, name
):
    server = provider(name)
    row = letter()
    wait = {"Retry-After": "1800", "x-amzn-ErrorType": "TooManyRequestsException"}
    server.answer = lambda asked: Answer(429, {"message": "Slow down"}, wait)

    outbox.send_due(10)

    row.refresh_from_db()
    assert "Slow down" in row.error
    assert row.next_try - timezone.now() > timedelta(minutes=29)


@pytest.mark.parametrize("name", ["mailgun", "amazon_ses"])
@pytest.mark.parametrize("behaviour", ["hangs", "hangs up"])
def test_a_provider_that_falls_silent_takes_one_attempt_from_one_message(
    provider, name, behaviour
):
    server = provider(name)
    server.after_taking = behaviour
    ada, mar = letter(), letter("mar")

    outbox.send_due(10)

    assert outcome(ada, mar) == AWAY
    assert "does not answer" in ada.error


@pytest.mark.parametrize("name", ["mailgun", "amazon_ses"])
def test_a_provider_that_is_not_there_costs_no_mail(provider, settings, name, work):
    server = provider(name)
    there = settings.ANYMAIL
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    settings.ANYMAIL = pointing(there, server.url, closed)
    ada, mar = letter(), letter("mar")
    outbox.send_due(10)
    assert outcome(ada, mar) == AWAY

    settings.ANYMAIL = there
    with later():
        call_command("sweep")
        work()

    assert sorted(sent.recipients[0] for sent in server.mails) == [ADA, MAR]


# Invitations by a server of their own ------------------------------------------------


@pytest.fixture
def invitations_server(smtp_server: MailServer, settings: Any) -> MailServer:
    """A mail server on loopback that takes what goes into calendars."""
    settings.INVITATIONS_SERVER = {"host": smtp_server.host, "port": smtp_server.port}
    return smtp_server


def methods(mails: list[Any]) -> list[str]:
    """What each of `mails` says to a calendar."""
    return [entry[0] if entry else "" for entry in story(mails)]


@pytest.mark.parametrize("name", ["mailgun", *LOSING])
def test_what_tells_a_calendar_leaves_by_its_own_server_and_the_rest_by_the_provider(
    provider, invitations_server, name
):
    server = provider(name)
    letter("mar")
    session = a_session(places=1)
    registration = a_registration(session, ADA)
    a_registration(session, EVA)
    outbox.send_due(10)
    registrations.cancel(registration, registration.Reason.PERSON)
    outbox.send_due(10)

    assert [sent.recipients for sent in server.mails] == [[MAR]]
    assert methods(invitations_server.mails_to(ADA)) == ["REQUEST", "CANCEL"]
    # She waited, and then there was a place.
    assert methods(invitations_server.mails_to(EVA)) == ["", "REQUEST"]


def test_a_server_of_either_kind_that_is_away_does_not_hold_up_the_other(
    provider, invitations_server, settings
):
    server = provider("brevo")
    invitations_server.down()
    for number in range(3):
        a_registration(a_session(), f"person-{number}@council.example")
    code = letter()

    outbox.send_due(10)

    code.refresh_from_db()
    assert code.state == State.DONE
    invitations = Message.objects.exclude(pk=code.pk).order_by("pk")
    # Not written before there is somebody to take them.
    assert [(row.attempts, row.mime) for row in invitations] == [
        (1, None),
        (0, None),
        (0, None),
    ]

    invitations_server.up()
    server.after_taking = "hangs up"
    code = letter("mar")
    with later():
        outbox.send_due(10)

    code.refresh_from_db()
    assert code.state == State.RETRYING
    assert len(invitations_server.octets) == 3


@pytest.mark.parametrize("name", LOSING)
def test_an_invitation_that_would_arrive_as_none_does_not_leave(provider, name):
    server = provider(name)
    a_registration(a_session(), ADA)

    outbox.send_due(10)

    row = Message.objects.get()
    assert row.state == State.FAILED
    assert "would take the invitation out" in row.error
    assert server.asked == []


# At the first start -----------------------------------------------------------------


def test_the_first_start_tells_who_takes_mail_and_tries_it(
    provider, invitations_server, settings
):
    settings.MAILBOX = False
    server = provider("brevo")
    told = io.StringIO()

    call_command(
        "setup",
        stdout=told,
        interactive=False,
        admin_email=ADA,
        admin_name="Ada",
        unit_code="transparencia",
        unit_name="Transparència",
    )

    assert "brevo, by its own interface" in told.getvalue()
    assert f"{invitations_server.host}:{invitations_server.port}" in told.getvalue()
    assert f"a mail to {ADA} was delivered" in told.getvalue()
    assert [sent.recipients for sent in server.mails] == [[ADA]]
    assert "A-SECRET" not in told.getvalue()
