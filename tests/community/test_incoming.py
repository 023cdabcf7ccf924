"""Mail that comes to us: nothing in it breaks anything, by whichever door."""

import base64
import hashlib
import hmac
import io
import json
import logging
import os
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings as ours
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.messages import incoming
from community.messages.models import Message
from events.models import Invitation
from tests.replies import ADA, HOUSE, a_file, a_mail, a_reply, an_invitation

pytestmark = [
    pytest.mark.django_db,
    # It says so of SendGrid, with every mail that comes.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped"),
]

SECRET = "placa:what-nobody-guesses"
SIGNING_KEY = "what-mailgun-signs-with"


def shown(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    return invitation.rsvp


# Readers ------------------------------------------------------------------------------


@pytest.fixture
def readers(monkeypatch) -> dict[str, incoming.Reader]:
    """Who is asked, in place of the house's own."""
    found: dict[str, incoming.Reader] = {}
    monkeypatch.setattr(incoming, "_readers", found)
    return found


def test_the_first_who_takes_a_mail_is_the_last_who_sees_it(readers):
    seen = []

    def reader(name: str, takes: bool) -> None:
        incoming.register(name, lambda mail: bool(seen.append(name)) or takes)

    for name, takes in (("no", False), ("yes", True), ("late", True)):
        reader(name, takes)

    assert incoming.receive(b"Subject: Bon dia\r\n\r\nBon dia\r\n")
    assert seen == ["no", "yes"]


def test_a_mail_that_breaks_a_reader_is_shown_to_the_next(readers, caplog):
    def breaks(mail: EmailMessage) -> bool:
        raise ValueError(ADA)

    incoming.register("breaks", breaks)
    incoming.register("takes", lambda mail: True)

    assert incoming.receive(b"Subject: Bon dia\r\n\r\n")
    assert "A mail broke the reader: breaks" in caplog.messages


@pytest.mark.parametrize("away", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_fault_of_the_mail(readers, away):
    def reads(mail: EmailMessage) -> bool:
        raise away

    incoming.register("reads", reads)

    with pytest.raises(away):
        incoming.receive(b"Subject: Bon dia\r\n\r\n")


def test_a_mail_for_nobody_leaves_a_line_without_whose_it_was(caplog):
    caplog.set_level(logging.INFO)

    assert not incoming.receive(a_mail(None).as_bytes())

    assert "A mail came for nobody" in caplog.messages
    assert ADA not in caplog.text


def test_a_mail_of_ours_that_comes_back_is_read_by_nobody():
    invitation = an_invitation()
    ours = Message.objects.first().message_id
    octets = a_reply(invitation).replace(b"<one@council.example>", ours.encode())

    assert not incoming.receive(octets)
    assert shown(invitation) == ""


def test_a_mail_too_large_for_an_answer_is_not_read():
    invitation = an_invitation()
    octets = a_reply(invitation) + b"\r\n" * incoming.LARGEST

    assert not incoming.receive(octets)
    assert shown(invitation) == ""


# Whatever comes -----------------------------------------------------------------------


BROKEN = [
    b"",
    b"\0",
    b"From ada@council.example Sat Nov 21 16:19:46 2026\n",
    b"Content-Type: multipart/mixed\n\n--x\n",
    b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n",
    b'Content-Type: text/calendar; charset="\0"\n\nBEGIN:VCALENDAR\n',
    b"Content-Type: text/calendar; charset=undefined\n\nBEGIN:VCALENDAR\n",
    b"Content-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n!!!\n",
    b"Content-Type: text/calendar\nContent-Transfer-Encoding: x-uuencode\n\nbegin\n",
    b"Content-Type: text/calendar\n\n/etc/passwd",
    b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n",
    b"From: =?utf-8?q?=ff?= <\xff@x\nMessage-ID: <\xff\nContent-Type: text/calendar\n",
    b"Message-ID: <<[\nFrom: <a@[>\nContent-Type: message/rfc822\n\n",
    b"Content-Type: message/rfc822\n\n" * 500,
    b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
             for n in range(500)),
    a_mail(a_file("x" * 5000)).as_bytes(),
    a_mail(a_file("x", lines=["X-A:1"] * 30_000)).as_bytes(),
    a_mail("BEGIN:VCALENDAR\r\n" * 5000).as_bytes(),
]  # fmt: skip


@pytest.mark.parametrize("octets", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_mail_is_forgotten(octets):
    incoming.receive(octets)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_mail_breaks_anything_however_it_was_changed_on_its_way(data, db):
    invitation = Invitation.objects.first() or an_invitation()
    octets = bytearray(a_reply(invitation))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(octets) - 1))
        size = data.draw(st.integers(0, 40))
        octets[at : at + size] = data.draw(st.binary(max_size=12))

    incoming.receive(bytes(octets))
    incoming.receive(data.draw(st.binary(max_size=200)))


# The pipe of a mail server ------------------------------------------------------------


def test_a_mail_on_standard_input_is_received(monkeypatch):
    invitation = an_invitation()
    # As Postfix hands it over.
    octets = b"From ada@council.example  Sat Nov 21 16:19:46 2026\n" + a_reply(
        invitation
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets)))

    call_command("receive_mail")

    assert shown(invitation) == "declined"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param(b"", os.EX_TEMPFAIL, id="perhaps for us"),
        pytest.param(b"\n" * 2 * incoming.LARGEST, os.EX_OK, id="for nobody"),
    ],
)
def test_the_server_keeps_a_mail_only_as_long_as_the_database_is_away(more, code):
    """What is not for us would else go back to its sender."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "receive_mail"],
        cwd=ours.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as pipe:
        # A server that cannot write all of a mail takes it for undelivered.
        pipe.stdin.write(a_mail(None).as_bytes() + more)
        pipe.stdin.close()

        assert pipe.wait(60) == code


# The webhooks of providers ------------------------------------------------------------


@pytest.fixture
def anymail(settings) -> None:
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
    }


def _mailgun(octets: bytes) -> dict:
    stamp, token = "1795000000", "a" * 50
    key, signed = SIGNING_KEY.encode(), f"{stamp}{token}".encode()
    signature = hmac.new(key, signed, hashlib.sha256).hexdigest()
    said = {"timestamp": stamp, "token": token, "signature": signature}
    known = {"recipient": HOUSE, "sender": ADA, "body-mime": octets.decode()}
    return {"path": "/anymail/mailgun/inbound_mime/", "data": {**said, **known}}


def _json(path: str, data: object) -> dict:
    told = json.dumps(data)
    return {"path": path, "data": told, "content_type": "application/json"}


def _postmark(octets: bytes) -> dict:
    said = {"FromFull": {"Email": ADA}, "RawEmail": octets.decode(), "Headers": []}
    return _json("/anymail/postmark/inbound/", said)


def _postmark_parsed(octets: bytes) -> dict:
    [file] = [
        part.get_content()
        for part in message_from_bytes(octets, policy=policy.default).walk()
        if part.get_content_type() == "text/calendar"
    ]
    attached = {
        "Name": "invite.ics",
        "ContentType": "text/calendar; charset=utf-8",
        "Content": base64.b64encode(file.encode()).decode(),
    }
    said = {
        "FromFull": {"Email": ADA, "Name": "Ada Puig"},
        "ToFull": [{"Email": HOUSE, "Name": ""}],
        "Subject": "Declined: Dades obertes",
        "TextBody": "No podré venir",
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{ADA}>"},
            {"Name": "Message-ID", "Value": "<one@council.example>"},
        ],
        "Attachments": [attached],
    }
    return _json("/anymail/postmark/inbound/", said)


def _sendgrid(octets: bytes) -> dict:
    envelope = json.dumps({"from": ADA, "to": [HOUSE]})
    said = {"email": octets.decode(), "envelope": envelope}
    return {"path": "/anymail/sendgrid/inbound/", "data": said}


PROVIDERS = [_mailgun, _postmark, _postmark_parsed, _sendgrid]


def knock(request: dict, secret: str | None = SECRET) -> HttpResponse:
    headers = {}
    if secret:
        told = base64.b64encode(secret.encode()).decode()
        headers["Authorization"] = f"Basic {told}"
    # As from the network: with a token against forgery nobody knows.
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return browser.post(**request, headers=headers)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_a_provider_brings_three_times_is_received_once(anymail, provider):
    invitation = an_invitation()
    request = provider(a_reply(invitation))

    answers = [knock(request).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert shown(invitation) == "declined"
    assert invitation.answers.count() == 1
    kind = "registration_declined_in_calendar"
    assert Message.objects.filter(kind=kind).count() == 1


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("secret", [None, "placa:", "placa:guessed"])
def test_who_has_not_the_secret_brings_nothing(anymail, provider, secret):
    invitation = an_invitation()

    assert knock(provider(a_reply(invitation)), secret).status_code == 400

    assert shown(invitation) == ""


def test_what_mailgun_has_not_signed_is_not_received(anymail):
    invitation = an_invitation()
    request = _mailgun(a_reply(invitation))
    request["data"]["signature"] = "0" * 64

    assert knock(request).status_code == 400

    assert shown(invitation) == ""


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_a_secret_the_door_is_closed(settings, provider):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "", "MAILGUN_WEBHOOK_SIGNING_KEY": "x"}
    invitation = an_invitation()

    assert knock(provider(a_reply(invitation))).status_code == 404

    assert shown(invitation) == ""


def test_a_provider_that_nobody_set_up_finds_no_door(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    assert knock(_mailgun(a_reply(an_invitation()))).status_code == 404
    assert knock(_json("/anymail/nobody/inbound/", {})).status_code == 404


def test_a_mail_past_the_limit_is_refused_before_it_is_read(anymail, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert knock(_postmark(a_reply(an_invitation()))).status_code == 413


def test_the_provider_knocks_again_when_the_database_was_away(anymail, monkeypatch):
    def away(mail: EmailMessage) -> bool:
        raise OperationalError

    request = _postmark(a_reply(an_invitation()))
    monkeypatch.setattr(incoming, "_readers", {"away": away})

    assert knock(request).status_code >= 500


ADDRESSES = [
    f"/anymail/{provider}/{kind}/"
    for provider in (
        "mailgun",
        "postmark",
        "sendgrid",
        "sparkpost",
        "postal",
        "mailjet",
    )
    for kind in ("inbound", "tracking")
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["FromFull", "Headers", "Attachments", "RawEmail", "event"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(address=st.sampled_from(ADDRESSES), body=ANYTHING | st.binary(max_size=60))
def test_what_no_provider_sends_is_no_fault_of_ours(anymail, address, body):
    if isinstance(body, bytes):
        request = {"path": address, "data": body, "content_type": "text/plain"}
    else:
        request = _json(address, body)

    assert knock(request).status_code < 500
