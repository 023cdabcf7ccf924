"""Where mail comes back, or is unwanted, none is sent until somebody says so."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from community.messages import incoming, kinds, outbox, suppressions
from community.messages.backend import SIGN_IN
from community.messages.kinds import Kind
from community.models import Message, Suppression
from community.privacy.departures import leave
from community.privacy.runs import run_due as end_what_is_due
from tests.factories import a_user
from tests.together import together

State, Reason = Message.State, Suppression.Reason
ADA = "ada@council.example"
SECRET, KEY = "plaza:secret", "signing-key"
DAY = timedelta(days=1)


def _write(row: Message) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(f"Carta {row.about}", "Bon dia.", to=[row.recipient])


LETTER = Kind("test_note", "Note", _write)
PARTING = Kind("test_parting", "Goodbye", _write, parting=True)
for kind in (LETTER, PARTING):
    kinds.register(kind)


def letter(to: str = ADA, *, kind: Kind = LETTER, about: int = 0) -> Message:
    row = Message(kind=kind.name, recipient=to, language="ca", about=about)
    outbox.queue([row])
    return row_of(row)


def row_of(row: Message) -> Message:
    return Message.objects.get(message_id=row.message_id)


def a_code(to: str = ADA) -> Message:
    mail = EmailMessage("Codi", "El codi és 123 456.", to=[to])
    mail.outbox_kind = SIGN_IN.name
    mail.send()
    return Message.objects.latest("pk")


def marks() -> list[tuple[str, str]]:
    """The addresses without mail, and why."""
    current = Suppression.objects.current().order_by("pk")
    return list(current.values_list("email", "reason"))


@pytest.fixture
def sent(db: None, settings: Any, work: Any) -> Message:
    """A letter to Ada that the mail server has taken."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    row = letter()
    work()
    assert row_of(row).state == State.DONE
    return row_of(row)


# The mail server refuses -----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "marked"),
    [
        ("550 5.1.1 <Ada@Council.Example> User unknown", True),
        ("550 5.1.10 RecipientNotFound", True),
        ("550 5.4.1 Recipient address rejected: Access denied", True),
        ("553 5.1.2 No such domain", True),
        ("550 5.2.1 The account is disabled", True),
        ("550 No such user", False),
        ("552 5.2.2 Mailbox full", False),
        ("550 5.7.1 Your mail looks like spam", False),
        ("554 5.3.4 Too large", False),
        ("550 5.1.8 Sender address rejected", False),
        ("451 4.1.1 Try later", False),
        # No status, though it looks like one.
        ("550 Blocked, see 5.1.1 of our rules", False),
    ],
)
def test_only_an_address_that_nobody_has_is_marked(smtp_server, work, answer, marked):
    smtp_server.answers = {ADA: answer}
    row = letter()

    work()

    assert marks() == ([(ADA, "bounced")] if marked else [])
    assert row_of(row).state == (
        State.RETRYING if answer.startswith("4") else State.FAILED
    )
    assert "Ada@" not in "".join(Suppression.objects.values_list("words", flat=True))


@pytest.mark.django_db
def test_mails_to_a_marked_address_stop_those_queued_before_too(smtp_server, work):
    early, other = letter(about=1), letter("mar@council.example")
    smtp_server.answers = {ADA: "550 5.1.1 No such person"}
    work()
    smtp_server.answers = {}
    late = letter("ADA@council.example", about=2)

    work()

    assert smtp_server.recipients == ["mar@council.example"]
    assert [row_of(r).state for r in (early, late, other)] == [
        State.FAILED,
        State.FAILED,
        State.DONE,
    ]
    assert row_of(late).error == "El correu a aquesta adreça torna."
    # The address is what needs somebody, not each mail to it.
    assert list(Message.objects.needing_somebody()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "leaves"),
    [(Reason.BOUNCED, {"code"}), (Reason.COMPLAINED, {"code", "parting"})],
)
def test_what_somebody_has_just_asked_for_leaves_all_the_same(
    smtp_server, work, sent, settings, reason, leaves
):
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    suppressions.suppress(sent, reason, "")
    rows = {"code": a_code(), "parting": letter(kind=PARTING), "letter": letter()}

    work()

    done = {name for name, row in rows.items() if row_of(row).state == State.DONE}
    assert done == leaves
    assert len(smtp_server.octets) == len(leaves)


@pytest.mark.django_db
def test_whoever_types_the_code_has_mail_again(settings, sent, work):
    cache.clear()
    settings.OUTBOX_KEEPS_SECRETS = True
    user = a_user(email=ADA)
    suppressions.suppress(sent, Reason.BOUNCED, "550 5.1.1")
    client = Client()
    client.post("/ca/account/login/", {"login": ADA})
    work()
    code = bytes(Message.objects.latest("pk").mime).decode()
    code = next(word for word in code.split() if len(word) == 9 and word[4] == "-")
    assert marks() == [(ADA, "bounced")]

    client.post("/ca/account/login/code/confirm/", {"code": code})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert marks() == []


def test_a_complaint_outranks_a_bounce_and_only_staff_lift_it(sent):
    suppressions.suppress(sent, Reason.BOUNCED, "550 5.1.1")
    suppressions.suppress(sent, Reason.COMPLAINED, "abuse")
    suppressions.suppress(sent, Reason.BOUNCED, "550 5.1.1")

    assert suppressions.reached(ADA) is False
    assert marks() == [(ADA, "complained")]

    [held] = Suppression.objects.all()
    assert suppressions.lift(held, by=a_user(), reason="Ho ha demanat") is True
    assert suppressions.lift(held, by=a_user(), reason="Ho ha demanat") is False
    assert marks() == []


@pytest.mark.parametrize(
    ("lifted", "said", "marked"),
    [
        (Reason.BOUNCED, Reason.BOUNCED, False),
        (Reason.COMPLAINED, Reason.BOUNCED, False),
        # What is worse was not known then.
        (Reason.BOUNCED, Reason.COMPLAINED, True),
    ],
)
def test_what_is_said_late_of_a_mail_from_before_the_lifting_is_old_news(
    sent, work, time_machine, lifted, said, marked
):
    suppressions.lift(
        suppressions.suppress(sent, lifted, ""), by=a_user(), reason="Arreglat"
    )

    suppressions.suppress(sent, said, "")

    assert bool(marks()) is marked

    time_machine.move_to(timezone.now() + DAY)
    later = letter()
    work()
    suppressions.suppress(row_of(later), said, "")
    assert marks() == [(ADA, said)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_said_twice_at_once_is_one_mark():
    row = letter()

    def say() -> None:
        suppressions.suppress(row, Reason.BOUNCED, "550 5.1.1")

    together(say, say, say, say)

    assert marks() == [(ADA, "bounced")]


# The provider says ------------------------------------------------------------------


@pytest.fixture
def provider(settings: Any) -> None:
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
    }


def knock(name: str, payload: Any, secret: str = SECRET) -> HttpResponse:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return Client(raise_request_exception=False).post(
        f"/anymail/{name}/tracking/",
        body,
        content_type="application/json",
        headers={"authorization": f"Basic {b64encode(secret.encode()).decode()}"},
    )


def mailgun(row: Message, event: str = "failed", **data: Any) -> dict[str, Any]:
    moment, token = str(int(timezone.now().timestamp())), "a" * 50
    signed = hmac.new(KEY.encode(), f"{moment}{token}".encode(), hashlib.sha256)
    return {
        "signature": {
            "timestamp": moment,
            "token": token,
            "signature": signed.hexdigest(),
        },
        "event-data": {
            "event": event,
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1_521_233_195.3,
            "severity": "permanent",
            "reason": "bounce",
            "recipient": row.recipient,
            "message": {"headers": {"message-id": row.message_id.strip("<>")}},
            "delivery-status": {
                "code": 550,
                "message": f"5.1.1 {row.recipient}: user unknown",
                "description": "",
            },
            **data,
        },
    }


def postmark(row: Message, record: str = "Bounce", **data: Any) -> dict[str, Any]:
    return {
        "RecordType": record,
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        # Its own name of the mail, which we may not know.
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message.",
        "Details": f"smtp;550 5.1.1 {row.recipient}: no such user",
        "Email": row.recipient,
        "BouncedAt": timezone.now().isoformat(),
        "Inactive": True,
        **data,
    }


def sendgrid(row: Message, event: str = "bounce", **data: Any) -> list[dict[str, Any]]:
    return [
        {
            "email": row.recipient,
            "timestamp": 1_513_299_569,
            "smtp-id": row.message_id,
            "event": event,
            "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            "reason": "500 unknown recipient",
            "status": "5.0.0",
            "type": "bounce",
            **data,
        }
    ]


BOUNCED, COMPLAINED = [(ADA, "bounced")], [(ADA, "complained")]
TEMPORARY = {"severity": "temporary"}
FULL = {"delivery-status": {"code": 552, "message": "5.2.2 Mailbox full"}}
SAID = {
    "mailgun bounce": (mailgun, {}, BOUNCED, State.FAILED),
    "mailgun for now": (mailgun, TEMPORARY, [], State.DONE),
    "mailgun full": (mailgun, FULL, [], State.FAILED),
    "mailgun list": (mailgun, {"reason": "suppress-bounce"}, BOUNCED, State.FAILED),
    "mailgun unwanted": (mailgun, {"event": "complained"}, COMPLAINED, State.DONE),
    "mailgun delivered": (mailgun, {"event": "delivered"}, [], State.DONE),
    # Known by its reader alone: the address is marked, no mail of hers is.
    "postmark bounce": (postmark, {}, BOUNCED, State.DONE),
    "postmark for now": (postmark, {"Type": "Transient"}, [], State.DONE),
    "postmark soft": (
        postmark,
        {"Type": "SoftBounce", "Details": "Mailbox full"},
        [],
        State.DONE,
    ),
    "postmark spam": (
        postmark,
        {"record": "SpamComplaint", "Type": "SpamComplaint"},
        COMPLAINED,
        State.DONE,
    ),
    "postmark dmarc": (
        postmark,
        {"Type": "DMARCPolicy", "Details": "smtp;550 5.7.26 DMARC"},
        [],
        State.DONE,
    ),
    "sendgrid bounce": (sendgrid, {}, BOUNCED, State.FAILED),
    "sendgrid blocked": (
        sendgrid,
        {"type": "blocked", "reason": "550 Service unavailable"},
        [],
        State.FAILED,
    ),
    "sendgrid for now": (sendgrid, {"event": "deferred"}, [], State.DONE),
    "sendgrid list": (
        sendgrid,
        {"event": "dropped", "reason": "Bounced Address", "type": "bounce"},
        BOUNCED,
        State.FAILED,
    ),
    "sendgrid spam": (sendgrid, {"event": "spamreport"}, COMPLAINED, State.DONE),
    "sendgrid way out": (sendgrid, {"event": "unsubscribe"}, COMPLAINED, State.DONE),
}


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("case", SAID)
def test_what_a_provider_says_three_times_is_taken_once(provider, sent, case):
    payload, data, marked, state = SAID[case]
    name = payload.__name__

    answers = [knock(name, payload(sent, **data)).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert marks() == marked
    assert row_of(sent).state == state


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
def test_a_provider_is_believed_of_our_mails_alone(provider, sent):
    stranger = Message(recipient="mar@council.example")
    forged = Message(recipient="mar@council.example", message_id=sent.message_id)
    unwritten = letter("pau@council.example")

    for row in (stranger, forged):
        for payload in (mailgun, postmark, sendgrid):
            assert knock(payload.__name__, payload(row)).status_code == 200
    # It has not left, so nothing of it can have come back.
    assert knock("postmark", postmark(unwritten)).status_code == 200

    assert marks() == []
    assert row_of(sent).state == State.DONE


@pytest.mark.parametrize(
    ("name", "marked", "state"),
    [
        ("883953f4-6105-42a2-a16a-77a8eac79483", BOUNCED, State.FAILED),
        # Of somebody else's, who sends through the same provider.
        ("another", [], State.DONE),
    ],
)
def test_a_mail_is_known_by_the_name_the_provider_gave_it(
    provider, sent, name, marked, state
):
    Message.objects.update(provider_id=name)

    knock("postmark", postmark(sent))

    assert marks() == marked
    assert row_of(sent).state == state


def test_a_name_of_its_own_is_forgotten_after_a_month(provider, sent, time_machine):
    time_machine.move_to(timezone.now() + 31 * DAY)
    knock("postmark", postmark(sent))
    assert marks() == []

    knock("mailgun", mailgun(sent))
    assert marks() == BOUNCED


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
def test_nobody_without_the_secret_marks_an_address(provider, sent, settings):
    for payload in (mailgun, postmark, sendgrid):
        answer = knock(payload.__name__, payload(sent), secret="plaza:guess")
        assert answer.status_code == 400
    wrong = mailgun(sent)
    wrong["signature"]["signature"] = "0" * 64
    assert knock("mailgun", wrong).status_code == 400
    settings.ANYMAIL = {}
    assert knock("postmark", postmark(sent)).status_code == 404

    assert marks() == []


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("name", ["mailgun", "postmark", "sendgrid"])
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "{}", "null", '"x"', "[1]", '{"event-data": 3}']
)
def test_garbage_is_never_a_fault_of_ours(provider, sent, name, body):
    assert knock(name, body).status_code < 500
    assert marks() == []


# Reports by mail --------------------------------------------------------------------

HEAD = """\
From: MAILER-DAEMON@mail.example
To: agenda@placa.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
 boundary="8B1F2C0042.1/mail.example"

This is a MIME-encapsulated message.

--8B1F2C0042.1/mail.example
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example. Something is wrong.

"""
# As Postfix writes it.
POSTFIX = (
    HEAD.replace("{kind}", "delivery-status")
    + """\
--8B1F2C0042.1/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: 8B1F2C0042
X-Postfix-Sender: rfc822; agenda@placa.example
Arrival-Date: Sun, 22 Nov 2026 06:10:01 +0100 (CET)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.council.example
Diagnostic-Code: smtp; {words}

--8B1F2C0042.1/mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: agenda@placa.example
To: {to}
Subject: Carta 0
Message-ID: {id}

Bon dia.

--8B1F2C0042.1/mail.example--
"""
)
# RFC 3464, with the head of the mail alone (RFC 6522, 3) and no diagnosis.
BARE = (
    HEAD.replace("{kind}", "delivery-status")
    + """\
--8B1F2C0042.1/mail.example
content-type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: RFC822; {to}
Action: {action}
Status: {status}

--8B1F2C0042.1/mail.example
content-type: text/rfc822-headers

Received: by relay.example; Sun, 22 Nov 2026 06:10:01 +0100
Subject: Carta 0
Message-id: {id}

--8B1F2C0042.1/mail.example--
"""
)
# RFC 5965, appendix B.
FEEDBACK = (
    HEAD.replace("{kind}", "feedback-report")
    + """\
--8B1F2C0042.1/mail.example
Content-Type: message/feedback-report

Feedback-Type: {action}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <agenda@placa.example>

--8B1F2C0042.1/mail.example
Content-Type: message/rfc822
Content-Disposition: inline

From: agenda@placa.example
To: <redacted@council.example>
Subject: Carta 0
Message-ID: {id}

Bon dia.
--8B1F2C0042.1/mail.example--
"""
)


def report(shape: str, row: Message, **values: str) -> bytes:
    said = {
        "to": row.recipient,
        "id": row.message_id,
        "action": "failed",
        "status": "5.1.1",
        "words": "550 5.1.1 <ada@council.example>: User unknown",
        **values,
    }
    return shape.format(**said).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("shape", "values", "marked", "state"),
    [
        (POSTFIX, {}, BOUNCED, State.FAILED),
        (POSTFIX, {"to": "Ada@Council.example"}, BOUNCED, State.FAILED),
        (POSTFIX, {"status": "5.0.0"}, BOUNCED, State.FAILED),
        (
            POSTFIX,
            {"status": "5.4.4", "words": "unknown; Host not found"},
            BOUNCED,
            State.FAILED,
        ),
        (
            POSTFIX,
            {"status": "5.2.2", "words": "552 5.2.2 Mailbox full"},
            [],
            State.FAILED,
        ),
        (
            POSTFIX,
            {"status": "5.7.1", "words": "550 5.7.1 Looks like spam"},
            [],
            State.FAILED,
        ),
        # It gave up after days of trying.
        (
            POSTFIX,
            {"status": "4.4.1", "words": "connect timed out"},
            [],
            State.FAILED,
        ),
        (POSTFIX, {"action": "delayed", "status": "4.4.7"}, [], State.DONE),
        (POSTFIX, {"action": "relayed"}, [], State.DONE),
        (BARE, {}, BOUNCED, State.FAILED),
        (FEEDBACK, {"action": "abuse"}, COMPLAINED, State.DONE),
        (FEEDBACK, {"action": "not-spam"}, [], State.DONE),
        # Nothing of ours that anybody could know of.
        (POSTFIX, {"id": "<guessed@placa.example>"}, [], State.DONE),
        (POSTFIX, {"to": "mar@council.example"}, [], State.DONE),
        (BARE, {"id": ""}, [], State.DONE),
        (FEEDBACK, {"action": "abuse", "id": "<x@placa.example>"}, [], State.DONE),
    ],
)
def test_a_report_by_mail_is_believed_of_a_mail_that_it_returns(
    sent, shape, values, marked, state
):
    for _time in range(3):
        assert incoming.receive(report(shape, sent, **values)) is True

    assert marks() == marked
    assert row_of(sent).state == state
    assert ADA not in row_of(sent).error


def test_a_report_that_is_broken_breaks_nothing(sent):
    whole = report(POSTFIX, sent)
    for cut in range(0, len(whole), 37):
        incoming.receive(whole[:cut])
    Suppression.objects.all().delete()
    Message.objects.update(state=State.DONE)

    for broken in (
        whole.replace(b"message/rfc822", b"text/rfc822-headers; charset=x-none"),
        whole.replace(b"message/delivery-status", b"text/plain"),
        whole.replace(b"boundary=", b"limit="),
        whole.replace(b"Final-Recipient", b"Final-Recipient\xff"),
    ):
        incoming.receive(broken)

    assert set(marks()) <= set(BOUNCED)


# Whose address it is ----------------------------------------------------------------


def test_an_address_that_leaves_takes_its_mark_with_it(smtp_server, work, settings):
    smtp_server.answers = {ADA: "550 5.1.1 No such person"}
    letter()
    work()
    assert marks() == BOUNCED

    leave(ADA, language="ca")
    work()
    work()

    assert Suppression.objects.count() == 0
    assert not Message.objects.filter(recipient=ADA).exists()


def test_a_mark_ends_after_twelve_months(sent, time_machine):
    suppressions.suppress(sent, Reason.BOUNCED, "550 5.1.1")

    time_machine.move_to(timezone.now() + 364 * DAY)
    end_what_is_due(1000)
    assert marks() == BOUNCED

    time_machine.move_to(timezone.now() + 2 * DAY)
    end_what_is_due(1000)
    assert Suppression.objects.count() == 0
