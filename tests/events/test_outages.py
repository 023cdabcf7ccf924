"""What is promised holds when the machine itself fails."""

import signal
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest
from django.db import Error, OperationalError, connection, connections

from community.messages import outbox
from community.models import Message
from events import registrations
from events.models import Registration
from tests.factories import a_registration, a_session, a_user, an_applicant
from tests.together import another_process

at_once = pytest.mark.django_db(transaction=True)

WORK = """
import django
django.setup()
from django.conf import settings
settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
from django.core.management import call_command
call_command("db_worker", interval=0.2, reload=False, startup_delay=False)
"""


@pytest.mark.postgres
@at_once
def test_a_database_that_drops_everybody_under_load_loses_and_doubles_nothing():
    session = a_session(10)
    people = [(an_applicant(), uuid4()) for _ in range(40)]
    waiting = list(people)
    dropped = Counter[str]()

    def register() -> None:
        # As a person does whose page breaks: the same form, sent again.
        while waiting:
            try:
                applicant, key = waiting.pop()
            except IndexError:
                break
            for _ in range(50):
                try:
                    registrations.place(session, applicant, form_key=key)
                    break
                except Error as gone:
                    dropped[type(gone).__name__] += 1
                    connections.close_all()
        connections.close_all()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        time.sleep(0.2)

    rows = session.registrations.order_by("arrival")
    assert list(rows.values_list("arrival", flat=True)) == [*range(1, 41)]
    assert rows.filter(state=Registration.State.CONFIRMED).count() == 10
    assert Message.objects.count() == 40
    assert dropped, "nobody was dropped, so nothing was tried"


@at_once
def test_a_full_disk_leaves_no_half_registration_and_heals():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large its disk is")
    session = a_session(None)
    with connection.cursor() as cursor:
        # What other tests deleted left room.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")

    def fill_the_disk() -> None:
        for _ in range(500):
            a_registration(session, question="?" * 2000)

    with pytest.raises(OperationalError, match="full"):
        fill_the_disk()

    people = session.registrations.count()
    session.refresh_from_db()
    assert (session.arrivals, Message.objects.count()) == (people, people)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000000")
    assert a_registration(session).arrival == people + 1


@at_once
def test_a_worker_told_to_stop_finishes_what_it_does_and_leaves_the_rest(smtp_server):
    session = a_session(None)
    people = [a_registration(session) for _ in range(30)]
    worker = another_process(WORK.format(port=smtp_server.port))
    deadline = time.monotonic() + 60
    while not smtp_server.octets and time.monotonic() < deadline:
        time.sleep(0.02)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(60) == 0
    states = Counter(Message.objects.values_list("state", flat=True))
    assert not states[Message.State.RUNNING]
    outbox.send_due(100)
    assert sorted(smtp_server.recipients) == sorted(r.email for r in people)


@pytest.mark.django_db
def test_who_deletes_the_account_keeps_the_place_and_gets_the_mail(smtp_server, work):
    person = a_user(email="ada@council.example")
    registration = a_registration(a_session(), "ada@council.example", user=person)

    person.delete()
    work()

    registration.refresh_from_db()
    assert registration.user is None
    assert smtp_server.recipients == ["ada@council.example"]
