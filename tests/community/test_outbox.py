"""What is queued reaches its reader: once, in order, whatever the server does."""

import os
import re
import signal
import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community.messages import kinds, outbox
from community.messages.backend import SIGN_IN
from community.messages.kinds import Kind
from community.messages.models import Message
from tests.factories import a_registration, a_session
from tests.together import another_process, together

State = Message.State


def _write(row: Message) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(f"Carta {row.about}", "Bon dia.", to=[row.recipient])


LETTER = Kind("test_letter", "Letter", _write)
kinds.register(LETTER)


def letter(to: str, about: int = 0, **values: Any) -> Message:
    """A letter to that address, queued."""
    row = Message(
        kind=LETTER.name,
        recipient=f"{to}@council.example",
        language="ca",
        about=about,
        **values,
    )
    outbox.queue([row])
    return Message.objects.get(message_id=row.message_id)


def code(to: str, words: str = "123 456") -> Message:
    """A sign-in code to that address, queued as allauth does."""
    mail = EmailMessage(f"{words} és el codi", words, to=[f"{to}@council.example"])
    mail.outbox_kind = SIGN_IN.name
    mail.send()
    return Message.objects.latest("pk")


def after(**delta: float) -> Any:
    """A block that happens so much later; the clock runs on in it."""
    return time_machine.travel(timezone.now() + timedelta(**delta))


def subjects(mails: Sequence[EmailMessage]) -> list[str]:
    return [mail["Subject"] for mail in mails]


@pytest.fixture
def silent_server(settings: Any) -> Iterator[None]:
    """A mail server that takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_TIMEOUT = 0.5
        yield


# With the transaction ----------------------------------------------------------


@pytest.mark.django_db
def test_a_transaction_undone_leaves_neither_registration_nor_mail():
    session = a_session()
    tasks = DBTaskResult.objects.count()

    with transaction.atomic():
        a_registration(session)
        send_mail("Avís", "Bon dia.", None, ["ada@council.example"])
        transaction.set_rollback(True)

    assert session.registrations.count() == 0
    assert Message.objects.count() == 0
    assert DBTaskResult.objects.count() == tasks


@pytest.mark.django_db
def test_what_a_library_sends_goes_through_the_outbox(smtp_server, work):
    send_mail("Avís", "Bon dia.", None, ["ada@council.example", "mar@council.example"])
    assert smtp_server.octets == []

    work()

    assert subjects(smtp_server.mails_to("ada@council.example")) == ["Avís"]
    assert subjects(smtp_server.mails_to("mar@council.example")) == ["Avís"]


@pytest.mark.django_db
def test_a_message_leaves_once_with_the_message_id_of_its_row(smtp_server, work):
    row = letter("ada")

    work()
    with after(days=1):
        work()

    [mail] = smtp_server.mails
    row.refresh_from_db()
    assert mail["Message-ID"] == row.message_id
    assert mail["From"] == "Plaça <agenda@placa.example>"
    assert (row.state, row.subject) == (State.DONE, "Carta 0")


# The server is not well --------------------------------------------------------


@pytest.mark.django_db
def test_a_server_away_for_an_hour_costs_no_mail_and_sends_none_twice(
    smtp_server, work
):
    smtp_server.down()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(4):
            letter("ada", number, order_key="ada")
            letter(f"person-{number}", number)
        for _minute in range(60):
            call_command("sweep")
            work()
            clock.shift(60)
        waiting = Message.objects.filter(state__in=Message.WAITING)
        assert waiting.count() == 8

        smtp_server.up()
        for _minute in range(60):
            call_command("sweep")
            work()
            clock.shift(60)

    assert len(smtp_server.octets) == 8
    to_ada = smtp_server.mails_to("ada@council.example")
    assert subjects(to_ada) == [f"Carta {number}" for number in range(4)]


@pytest.mark.django_db
def test_what_is_written_while_the_server_is_away_is_written_when_it_is_back(
    smtp_server, work
):
    smtp_server.down()
    row = letter("ada", about=1)
    work()

    Message.objects.update(about=2)
    smtp_server.up()
    with after(minutes=2):
        call_command("sweep")
        work()

    row.refresh_from_db()
    assert subjects(smtp_server.mails) == ["Carta 2"]


@pytest.mark.django_db
def test_a_server_that_hangs_takes_one_attempt_from_one_message(silent_server):
    rows = [letter(f"person-{number}") for number in range(3)]

    outbox.send_due(10)

    states = [Message.objects.get(pk=row.pk) for row in rows]
    assert [(row.state, row.attempts) for row in states] == [
        (State.RETRYING, 1),
        (State.QUEUED, 0),
        (State.QUEUED, 0),
    ]
    assert "Timeout" in states[0].error or "timed out" in states[0].error


@pytest.mark.django_db
def test_an_address_refused_for_now_and_one_for_good_do_not_hold_up_the_rest(
    smtp_server, work
):
    smtp_server.answers = {
        "later@council.example": "451 4.2.1 Come back later",
        "nobody@council.example": "550 5.1.1 No such person",
    }
    later, nobody, ada = letter("later"), letter("nobody"), letter("ada")

    work()

    for row in (later, nobody, ada):
        row.refresh_from_db()
    assert [later.state, nobody.state, ada.state] == [
        State.RETRYING,
        State.FAILED,
        State.DONE,
    ]
    assert "550 5.1.1 No such person" in nobody.error
    assert smtp_server.recipients == ["ada@council.example"]

    smtp_server.answers = {}
    with after(minutes=1):
        call_command("sweep")
        work()

    later.refresh_from_db()
    assert (later.state, later.attempts) == (State.DONE, 2)
    assert smtp_server.recipients == ["ada@council.example", "later@council.example"]


@pytest.mark.django_db
def test_a_server_that_hangs_up_after_each_mail_slows_nothing_down(smtp_server, work):
    smtp_server.hangs_up = "after 250"
    for number in range(4):
        letter(f"person-{number}")

    work()

    assert smtp_server.recipients == [f"person-{n}@council.example" for n in range(4)]


@pytest.mark.django_db
def test_a_server_that_takes_a_mail_and_does_not_say_so_gets_the_same_octets_again(
    smtp_server, work
):
    smtp_server.hangs_up = "before 250"
    letter("ada")
    work()

    smtp_server.hangs_up = None
    with after(minutes=1):
        call_command("sweep")
        work()

    first, second = smtp_server.octets
    assert first == second


@pytest.mark.django_db
def test_a_server_that_says_goodbye_is_away_to_everybody(smtp_server):
    smtp_server.answers = {"ada@council.example": "421 4.3.2 Shutting down"}
    ada, mar = letter("ada"), letter("mar")

    outbox.send_due(10)

    ada.refresh_from_db()
    mar.refresh_from_db()
    assert (ada.state, mar.state, mar.attempts) == (State.RETRYING, State.QUEUED, 0)


@pytest.mark.django_db
def test_after_a_day_of_trying_a_message_is_given_up(smtp_server, work):
    smtp_server.answers = {"ada@council.example": "451 4.2.1 Come back later"}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        row = letter("ada")
        began = timezone.now()
        for _ in range(100):
            clock.move_to(row.next_try)
            call_command("sweep")
            work()
            row.refresh_from_db()
            if row.state == State.FAILED:
                break

        assert timedelta(hours=12) < timezone.now() - began < timedelta(hours=48)
    assert row.state == State.FAILED
    assert "Come back later" in row.error


# The worker dies ------------------------------------------------------------------

SEND = """
import django
django.setup()
from django.conf import settings
settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
from community.messages import outbox
outbox.send_due(10)
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_servers_250_sends_the_same_octets_again(
    smtp_server, monkeypatch
):
    registration = a_registration(a_session(), "ada@council.example")
    take = smtp_server.handle_DATA

    async def take_and_kill(*args: Any) -> str:
        answer = await take(*args)
        os.kill(worker.pid, signal.SIGKILL)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(smtp_server, "handle_DATA", take_and_kill)
        worker = another_process(SEND.format(port=smtp_server.port))
        assert worker.wait(60) == -signal.SIGKILL
    row = Message.objects.get(about=registration.pk)
    assert (row.state, len(smtp_server.octets)) == (State.RUNNING, 1)

    outbox.send_due(10)
    assert len(smtp_server.octets) == 1, "nobody else takes it while the lease runs"
    with after(minutes=6):
        outbox.send_due(10)

    first, second = smtp_server.octets
    assert first == second
    assert re.search(rb"SEQUENCE:0\r?\n", first)
    row.refresh_from_db()
    assert (row.state, row.crashes) == (State.DONE, 1)


class WorkerDied(BaseException):
    """Nothing of ours catches it, as nothing catches SIGKILL."""


class DeadlyTransport(BaseEmailBackend):
    """Kills the worker that sends to a certain person; carries the rest."""

    carried: list[str] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            if mail.to == ["poison@council.example"]:
                raise WorkerDied
            self.carried.append(mail.to[0])
        return len(email_messages)


@pytest.mark.django_db
def test_a_message_that_kills_its_worker_is_given_up_and_the_queue_goes_on(settings):
    settings.OUTBOX_TRANSPORT = f"{__name__}.DeadlyTransport"
    DeadlyTransport.carried.clear()
    poison = letter("poison")
    letter("ada")

    with time_machine.travel(timezone.now(), tick=False) as clock:
        deaths = 0
        for _minute in range(60):
            try:
                outbox.send_due(10)
            except WorkerDied:
                deaths += 1
            clock.shift(60)

    poison.refresh_from_db()
    assert (poison.state, deaths) == (State.FAILED, Message.MAX_CRASHES)
    assert "died" in poison.error
    assert DeadlyTransport.carried == ["ada@council.example"]


@pytest.mark.django_db
def test_many_messages_given_up_do_not_hide_the_next_one(settings):
    settings.OUTBOX_TRANSPORT = f"{__name__}.DeadlyTransport"
    DeadlyTransport.carried.clear()
    for _ in range(30):
        letter("poison")
    Message.objects.update(
        state=State.RUNNING,
        crashes=Message.MAX_CRASHES - 1,
        lease_until=timezone.now() - timedelta(seconds=1),
    )
    letter("ada")

    outbox.send_due(10)

    assert DeadlyTransport.carried == ["ada@council.example"]


# Several workers, several messages ---------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(smtp_server):
    for number in range(40):
        letter(f"person-{number}", number)

    together(*[lambda: outbox.send_due(100)] * 2)

    assert sorted(smtp_server.recipients) == sorted(
        f"person-{number}@council.example" for number in range(40)
    )


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_the_order_of_each_reader(smtp_server):
    for number in range(20):
        letter("ada", number, order_key="ada")
        letter("mar", number, order_key="mar")

    together(*[lambda: outbox.send_due(100)] * 2)
    outbox.send_due(100)

    in_order = [f"Carta {number}" for number in range(20)]
    assert subjects(smtp_server.mails_to("ada@council.example")) == in_order
    assert subjects(smtp_server.mails_to("mar@council.example")) == in_order


@pytest.mark.django_db
def test_what_follows_a_message_waits_until_that_one_is_settled(smtp_server, work):
    smtp_server.answers = {"ada@council.example": "451 4.2.1 Come back later"}
    letter("ada", 1, order_key="ada")
    second = letter("ada", 2, order_key="ada")
    work()
    second.refresh_from_db()
    assert (second.state, second.attempts) == (State.QUEUED, 0)

    smtp_server.answers = {}
    with after(minutes=1):
        call_command("sweep")
        work()

    assert subjects(smtp_server.mails) == ["Carta 1", "Carta 2"]


@pytest.mark.django_db
def test_a_message_that_waits_with_a_key_is_not_queued_again(smtp_server, work):
    moment = timezone.now() + timedelta(minutes=1)
    letter("ada", 1, dedupe_key="ada", next_try=moment)
    again = Message(kind=LETTER.name, recipient="ada@council.example", dedupe_key="ada")
    outbox.queue([again])
    work()
    assert smtp_server.octets == []

    with after(minutes=2):
        work()
        assert subjects(smtp_server.mails) == ["Carta 1"]
        letter("ada", 2, dedupe_key="ada")
        work()

    assert subjects(smtp_server.mails) == ["Carta 1", "Carta 2"]


@pytest.mark.django_db
def test_a_sign_in_code_overtakes_five_hundred_mails(smtp_server):
    for number in range(500):
        letter(f"person-{number}")
    code("ada")

    outbox.send_due(1)

    assert smtp_server.recipients == ["ada@council.example"]


@pytest.mark.django_db
def test_a_message_of_a_kind_that_nobody_knows_stops_nobody(smtp_server, work):
    stranger = letter("mar")
    Message.objects.filter(pk=stranger.pk).update(kind="of_another_version")
    letter("ada")

    work()

    stranger.refresh_from_db()
    assert stranger.state == State.RETRYING
    assert smtp_server.recipients == ["ada@council.example"]


# What must not stay ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_code_is_forgotten_once_it_is_sent(smtp_server, work):
    row = code("ada", "765 432")

    work()

    row.refresh_from_db()
    assert (row.state, row.mime, row.subject) == (State.DONE, None, "")
    assert b"765 432" in smtp_server.octets[0]


@pytest.mark.django_db
def test_a_code_that_cannot_be_sent_is_kept_to_try_again_and_then_forgotten(
    smtp_server, work
):
    smtp_server.answers = {"ada@council.example": "451 4.2.1 Come back later"}
    row = code("ada", "765 432")
    work()
    row.refresh_from_db()
    assert b"765 432" in bytes(row.mime)

    smtp_server.answers = {"ada@council.example": "550 5.1.1 No such person"}
    with after(minutes=1):
        call_command("sweep")
        work()

    row.refresh_from_db()
    assert (row.state, row.mime, row.subject) == (State.FAILED, None, "")


@pytest.mark.django_db
def test_a_worker_killed_after_sending_a_code_can_send_it_again(settings, monkeypatch):
    """The text goes with the last word on it: not before, or it would be lost."""
    settings.OUTBOX_TRANSPORT = f"{__name__}.DeadlyTransport"
    row = code("poison")

    with pytest.raises(WorkerDied):
        outbox.send_due(10)

    row.refresh_from_db()
    assert row.mime is not None


@pytest.mark.django_db
def test_a_code_that_has_run_out_is_not_sent(smtp_server, work):
    row = code("ada")

    with after(minutes=16):
        work()

    row.refresh_from_db()
    assert (row.state, row.mime) == (State.DROPPED, None)
    assert smtp_server.octets == []


@pytest.mark.django_db
def test_in_development_codes_stay_readable(smtp_server, work, settings):
    settings.OUTBOX_KEEPS_SECRETS = True
    row = code("ada", "765 432")

    work()

    row.refresh_from_db()
    assert b"765 432" in bytes(row.mime)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["Avís\r\nBcc: eve@evil.example", "Avís\nX: 1"])
def test_a_subject_cannot_carry_a_header(words):
    with pytest.raises(ValueError, match="newlines"):
        send_mail(words, "Bon dia.", None, ["ada@council.example"])

    assert Message.objects.count() == 0
