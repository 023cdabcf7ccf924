"""What people and staff meet when something of ours is away, and that it heals."""

import errno
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import path
from django.utils import timezone

from cms.models import CustomDocument
from cms.urls import handler500  # noqa: F401 - Django asks for it
from cms.urls import urlpatterns as site
from community.messages.backend import SIGN_IN
from community.models import Heartbeat, Message
from community.running import health
from events import registrations
from events.models import Registration
from tests.browser.signing_in import sign_in
from tests.cluster import Cluster, a_cluster
from tests.community.test_supervise import free_port
from tests.factories import a_registration, a_session, a_user
from tests.together import ROOT, another

State = Message.State


def away(request, **kwargs):
    raise OperationalError("connection to server at 10.0.0.5 failed: FATAL")


def gone(request, **kwargs):
    raise InterfaceError("connection already closed")


def full(request, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def ours(request, **kwargs):
    raise OSError(errno.ENOENT, "No such file")


urlpatterns = [
    *(path(f"{view.__name__}/", view) for view in (away, gone, full, ours)),
    *(path(f"{code}/away/", away) for code in ("ca", "es", "en")),
    *site,
]


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody who sees the page, and not the fault itself."""
    client.raise_request_exception = False
    return client


# What people read ------------------------------------------------------------------


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("what", ["away", "gone", "full"])
def test_what_will_pass_is_a_503_that_says_when_to_come_back(visitor, what):
    # This test may not touch the database: the page must do without it.
    answer = visitor.get(f"/{what}/")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert "<h1>" in page
    assert "10.0.0.5" not in page


@pytest.mark.urls(__name__)
def test_what_will_not_pass_by_itself_is_a_500_in_words(visitor):
    answer = visitor.get("/ours/")

    assert answer.status_code == 500
    assert "<h1>" in answer.content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ca", "Tornem de seguida"),
        ("es", "Volvemos enseguida"),
        ("en", "We will be back in a moment"),
    ],
)
def test_it_is_said_in_the_language_of_the_page(visitor, code, words):
    page = visitor.get(f"/{code}/away/").content.decode()

    assert f'<html lang="{code}"' in page
    assert words in page


@pytest.mark.browser
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_can_be_read_by_everybody(page, assert_accessible, width):
    page.set_viewport_size({"width": width, "height": 800})

    page.goto("/ca/away/")

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_what_staff_are_told_can_be_read_by_everybody(
    page, live_server, assert_accessible, monkeypatch, width
):
    a_registration(a_session())
    Message.objects.update(state=State.HELD)
    monkeypatch.setattr(health, "AWAY", timedelta(0))
    user = a_user(language="ca")
    user.groups.add(Group.objects.get(name="Coordinators"))
    sign_in(page.context, user, live_server.url)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto("/admin/messages/held/")

    assert page.locator(".how-it-runs").is_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# A disk without room -----------------------------------------------------------------


@pytest.mark.django_db
def test_an_upload_without_room_keeps_nothing_and_says_so(
    visitor, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    user = a_user()
    user.groups.add(Group.objects.get(name="Editors"))
    visitor.force_login(user)
    save = FileSystemStorage._save

    def no_room(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    def upload():
        # A PDF by its first words.
        file = SimpleUploadedFile("guia.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
        return visitor.post("/admin/documents/add/", {"title": "Guia", "file": file})

    monkeypatch.setattr(FileSystemStorage, "_save", no_room)
    answer = upload()
    assert answer.status_code == 503
    assert "<h1>" in answer.content.decode()
    assert CustomDocument.objects.count() == 0

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    assert upload().status_code == 302
    assert CustomDocument.objects.count() == 1


# A worker dead for an hour ------------------------------------------------------


@pytest.mark.django_db
def test_a_worker_dead_for_an_hour_is_seen_and_what_it_left_is_sent_once(
    client, smtp_server, work, monkeypatch
):
    monkeypatch.setattr(health, "AWAY", timedelta(minutes=5))
    user = a_user(language="ca")
    user.groups.add(Group.objects.get(name="Coordinators"))
    client.force_login(user)
    session = a_session(2)
    Heartbeat.objects.update(at=timezone.now())
    with time_machine.travel(timezone.now()) as clock:
        stays = a_registration(session, "ada@council.example")
        goes = a_registration(session, "mar@council.example")
        waits = a_registration(session, "pol@council.example")
        code = EmailMessage("Codi", "123 456", to=["nuria@placa.example"])
        code.outbox_kind = SIGN_IN.name
        code.send()
        # Registered, told of no place yet, and gone again: the place is Pol's.
        registrations.cancel(goes, Registration.Reason.PERSON)
        for _minute in range(60):
            clock.shift(60)
            call_command("sweep")

        assert client.get("/health/ready").status_code == 503
        assert "how-it-runs" in client.get("/admin/").content.decode()
        assert smtp_server.octets == []

        for _minute in range(5):
            call_command("sweep")
            work()
            clock.shift(60)

        assert client.get("/health/ready").status_code == 200
        assert "how-it-runs" not in client.get("/admin/").content.decode()
    told = Counter(smtp_server.recipients)
    assert told == {
        "ada@council.example": 1,
        "mar@council.example": 1,
        "pol@council.example": 1,
    }
    states = dict(Message.objects.values_list("kind", "state"))
    assert states[SIGN_IN.name] == State.DROPPED
    assert not Message.objects.unsettled().exists()
    assert {stays.pk, waits.pk} == set(
        session.registrations.holding().values_list("pk", flat=True)
    )


# A database that is restarted -----------------------------------------------------


class Site:
    """The site under its real server, on a database that a test may stop."""

    def __init__(self, cluster: Cluster, process: subprocess.Popen, port: int) -> None:
        self.cluster = cluster
        self.process = process
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, where: str, form: dict | None = None, **headers: str):
        """Status, headers and page of an answer; redirects are not followed."""
        body = urlencode(form).encode() if form else None
        request = urllib.request.Request(self.address + where, body, headers)  # noqa: S310
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers, refused.read().decode()

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError):
                if self.ask("/health/live")[0] == 200:
                    return
            time.sleep(0.2)
        pytest.fail("the site does not answer")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@contextmanager
def running(*command: str, url: str):
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def restartable(tmp_path):
    """The site of this test, on a database of its own."""
    (tmp_path / "backups").mkdir()
    call_command("backup", str(tmp_path / "backups"), stdout=StringIO())
    [made] = (tmp_path / "backups").iterdir()
    with a_cluster() as cluster:
        done = another("restore", str(made), url=cluster.url, media=tmp_path / "media")
        assert done.returncode == 0, done.stderr
        port = free_port()
        granian = str(Path(sys.executable).with_name("granian"))
        server = (
            granian,
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "cms.wsgi:application",
        )
        with running(*server, url=cluster.url) as process:
            site = Site(cluster, process, port)
            site.wait()
            yield site


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_database_restarted_under_load_loses_and_doubles_no_registration(request):
    """Twice: as for an upgrade, and as when its machine fails."""
    session = a_session(30)
    site = request.getfixturevalue("restartable")
    where = f"/ca/s/{session.code}/register/"
    _, headers, page = site.ask(where)
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    people = [
        {
            "csrfmiddlewaretoken": token,
            "name": f"Persona {number}",
            "email": f"person-{number}@council.example",
            "body": "Un altre ens",
            "other_body": "on",
            "language": "ca",
            "form_key": str(uuid4()),
        }
        for number in range(120)
    ]
    waiting, answers, pages = list(people), Counter(), set()

    def register() -> None:
        # As a person does whose page breaks: back, and the same form sent again.
        while True:
            try:
                form = waiting.pop()
            except IndexError:
                return
            for _ in range(300):
                status, headers, page = site.ask(where, form, Cookie=cookie)
                answers[status] += 1
                if status == 302:
                    break
                pages.add((status, headers["Retry-After"], "Tornem de seguida" in page))
                time.sleep(0.1)

    sweeper = (sys.executable, "manage.py", "sweep", "--every", "1")
    with running(*sweeper, url=site.cluster.url) as sweeping:
        threads = [threading.Thread(target=register) for _ in range(8)]
        for thread in threads:
            thread.start()
        for mode, left in (("fast", 90), ("immediate", 45)):
            while len(waiting) > left:
                time.sleep(0.01)
            site.cluster.stop(mode)
            assert site.ask("/health/ready")[0] == 503
            assert site.ask("/health/live")[0] == 200
            time.sleep(0.5)
            site.cluster.start()
        for thread in threads:
            thread.join(120)

        assert set(answers) == {302, 503}, answers
        assert pages == {(503, "30", True)}
        with site.cluster.connect() as database:
            arrivals = database.execute(
                "SELECT arrival, email FROM events_registration ORDER BY arrival"
            ).fetchall()
            [places] = database.execute(
                "SELECT count(*) FROM events_registration WHERE state = 'confirmed'"
            ).fetchone()
            [mails] = database.execute(
                "SELECT count(*) FROM community_message"
            ).fetchone()
            assert [number for number, _ in arrivals] == [*range(1, 121)]
            assert len({email for _, email in arrivals}) == 120
            assert (places, mails) == (30, 120)
            # The sweeper too has come back by itself.
            time.sleep(2)
            assert sweeping.poll() is None
            [beat] = database.execute(
                "SELECT now() - at < interval '35 seconds' FROM community_heartbeat"
                " WHERE name = 'sweeper'"
            ).fetchone()
            assert beat
