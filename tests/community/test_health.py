"""How the site runs: what probes are told, and what the staff read."""

import json
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import timezone

from community.messages import outbox
from community.models import Heartbeat, Message
from community.running import health
from tests.factories import a_registration, a_session, a_user
from tests.together import meanwhile

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture(autouse=True)
def watched(monkeypatch, nobody_is_missed):
    """Here worker and sweeper are missed."""
    monkeypatch.setattr(health, "AWAY", timedelta(minutes=5))


def ready(client, **kwargs):
    response = client.get("/health/ready", **kwargs)
    return response.status_code, json.loads(response.content)


def checks(client) -> dict[str, str]:
    _, words = ready(client)
    return {name: check["status"] for name, check in words["checks"].items()}


@contextmanager
def later(**delta):
    with time_machine.travel(timezone.now() + timedelta(**delta)) as clock:
        yield clock


def run_for(minutes: int, clock, *acts) -> None:
    """Let so many minutes pass, with `acts` in each."""
    for _ in range(minutes):
        clock.shift(60)
        for act in acts:
            act()


def sweep() -> None:
    call_command("sweep")


@pytest.fixture
def beaten(db):
    """The sweeper has just been there, and so has the worker."""
    Heartbeat.objects.update(at=timezone.now())


# Probes ----------------------------------------------------------------------------


def test_a_process_says_that_it_lives_without_asking_the_database(client):
    # This test may not touch the database at all: pytest-django would refuse.
    response = client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "pass"}
    assert response["Content-Type"] == "application/health+json"


@pytest.mark.usefixtures("beaten")
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_a_probe_needs_no_host_name_no_https_and_no_cookie(client, settings, path):
    settings.ALLOWED_HOSTS = ["placa.example"]
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(path, headers={"host": "172.18.0.5:8000"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_probe_only_reads(client):
    assert client.post("/health/live").status_code == 405


@pytest.mark.usefixtures("beaten")
def test_all_is_well_when_worker_and_sweeper_come_and_mail_leaves(client):
    status, words = ready(client)

    assert (status, words["status"]) == (200, "pass")
    assert set(words["checks"]) == {
        "database",
        "migrations",
        "worker",
        "sweeper",
        "mail",
    }


@pytest.mark.usefixtures("beaten")
@pytest.mark.parametrize(
    ("headers", "extra", "sees"),
    [
        ({}, {}, True),
        ({}, ELSEWHERE, False),
        # A proxy on this machine carries everybody's requests.
        ({"x-forwarded-for": "192.0.2.7"}, {}, False),
        ({"x-forwarded-proto": "https"}, {}, False),
        ({"authorization": "Bearer right"}, ELSEWHERE, True),
        ({"authorization": "Bearer wrong"}, ELSEWHERE, False),
        ({"authorization": "Bearer "}, ELSEWHERE, False),
        ({"authorization": "Basic right"}, ELSEWHERE, False),
    ],
)
def test_figures_are_for_operators_alone(client, settings, headers, extra, sees):
    settings.HEALTH_TOKEN = "right"

    _, words = ready(client, headers=headers, **extra)
    metrics = client.get("/metrics", headers=headers, **extra)

    assert ("checks" in words) is sees
    assert (metrics.status_code == 200) is sees
    assert (b"placa_" in metrics.content) is sees


@pytest.mark.usefixtures("beaten")
def test_without_a_token_no_empty_one_opens(client, settings):
    settings.HEALTH_TOKEN = ""

    _, words = ready(client, headers={"authorization": "Bearer "}, **ELSEWHERE)

    assert "checks" not in words


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_without_its_words(client, monkeypatch):
    def away():
        raise OperationalError('FATAL: role "placa" at 10.0.0.5')

    monkeypatch.setattr(health, "vitals", away)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {
        "status": "fail",
        "checks": {"database": {"status": "fail", "fault": "OperationalError"}},
    }
    assert b"placa_database_up 0.0" in client.get("/metrics").content


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_MS", 200)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE community_message IN ACCESS EXCLUSIVE MODE")
        try:
            with meanwhile(lambda: ready(Client())) as answered:
                assert answered.result(5)[0] == 503
        finally:
            cursor.execute("ROLLBACK")


@pytest.mark.usefixtures("beaten")
def test_a_migration_that_is_not_applied_is_said(client, monkeypatch):
    monkeypatch.setattr(health, "_is_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'community' AND name ="
            " (SELECT MAX(name) FROM django_migrations WHERE app = 'community')"
        )

    status, words = ready(client)

    assert status == 503
    assert words["checks"]["migrations"] == {"status": "fail", "unapplied": 1}


# Worker and sweeper ------------------------------------------------------------------


@pytest.mark.usefixtures("beaten")
def test_while_both_come_each_minute_nobody_is_missed(client, work):
    with later(minutes=0) as clock:
        run_for(8, clock, sweep, work)

        assert set(checks(client).values()) == {"pass"}


@pytest.mark.usefixtures("beaten")
def test_a_worker_that_does_not_come_when_called_is_away(client, work):
    with later(minutes=0) as clock:
        run_for(7, clock, sweep)

        status, words = ready(client)
        assert (status, words["status"]) == (503, "fail")
        assert checks(client) == {
            "database": "pass",
            "migrations": "pass",
            "worker": "fail",
            "sweeper": "pass",
            "mail": "pass",
        }

        work()
        assert ready(client)[0] == 200


@pytest.mark.usefixtures("beaten")
def test_a_worker_that_nobody_calls_is_idle_and_the_sweeper_is_away(client, work):
    work()
    with later(minutes=10):
        found = checks(client)

    assert (found["worker"], found["sweeper"]) == ("pass", "fail")


@pytest.mark.usefixtures("beaten")
def test_a_worker_in_the_middle_of_a_long_round_is_not_away(smtp_server, monkeypatch):
    """A mail server that takes its time: each mail takes a minute."""
    session = a_session()
    for _ in range(8):
        a_registration(session)
    with later(minutes=0) as clock:
        take = smtp_server.handle_DATA

        async def slowly(*args):
            clock.shift(60)
            return await take(*args)

        monkeypatch.setattr(smtp_server, "handle_DATA", slowly)
        outbox.send_due(8)

        assert len(smtp_server.octets) == 8
        assert not health.vitals().worker_is_away


@pytest.mark.django_db
def test_a_sweeper_that_never_came_is_missed(client):
    Heartbeat.objects.all().delete()

    assert checks(client)["sweeper"] == "fail"


@pytest.mark.django_db
def test_a_new_database_waits_for_both(client):
    """Who forgets to start one is told, and not before it could have come."""
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {
        "worker",
        "sweeper",
    }


@pytest.mark.django_db
def test_a_heartbeat_is_written_at_most_every_half_minute(
    django_assert_num_queries,
):
    from community.work.heartbeat import beat

    with later(minutes=1) as clock:
        beat("worker")
        first = Heartbeat.objects.get(name="worker").at
        clock.shift(20)
        with django_assert_num_queries(1):
            beat("worker")
        assert Heartbeat.objects.get(name="worker").at == first
        clock.shift(20)
        beat("worker")
        assert Heartbeat.objects.get(name="worker").at > first


# Mail ------------------------------------------------------------------------------


@pytest.mark.usefixtures("beaten")
def test_mail_that_nobody_takes_away_is_a_fault_and_one_refused_for_now_is_not(
    client, work, smtp_server
):
    session = a_session()
    a_registration(session, "full@council.example")
    smtp_server.answers["full@council.example"] = "452 mailbox full"
    with later(minutes=0) as clock:
        run_for(20, clock, sweep, work)
        assert checks(client)["mail"] == "warn"
        assert ready(client)[0] == 200

        smtp_server.down()
        a_registration(session)
        a_registration(session)
        run_for(20, clock, sweep, work)
        assert checks(client)["mail"] == "fail"

        smtp_server.up()
        smtp_server.answers.clear()
        run_for(70, clock, sweep, work)
        assert checks(client)["mail"] == "pass"


@pytest.mark.usefixtures("beaten")
def test_a_mail_that_is_to_leave_tomorrow_is_not_late(client):
    a_registration(a_session())
    Message.objects.update(next_try=timezone.now() + timedelta(days=1))

    with later(hours=20):
        Heartbeat.objects.update(at=timezone.now())
        assert checks(client)["mail"] == "pass"


@pytest.mark.usefixtures("beaten")
def test_the_terminal_says_the_same_and_fails_when_something_is_wrong():
    out = StringIO()
    call_command("health", stdout=out)
    assert "pass  worker" in out.getvalue()

    with later(minutes=10):
        call_command("health", "database", "worker", stdout=out)
        with pytest.raises(CommandError):
            call_command("health", stdout=out)
        with pytest.raises(CommandError):
            call_command("health", "sweeper", stdout=out)


# What the staff read -----------------------------------------------------------------


@pytest.fixture
def staff() -> Client:
    user = a_user(language="en")
    user.groups.add(Group.objects.get(name="Coordinators"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def banner(client: Client, path: str = "/admin/") -> str:
    page = client.get(path).content.decode()
    if "how-it-runs" not in page:
        return ""
    start = page.index('<div class="how-it-runs')
    return page[start : page.index("</div>", start)]


@pytest.mark.usefixtures("beaten")
def test_staff_are_told_on_every_page_while_the_worker_is_away_and_no_longer(
    staff, work, smtp_server
):
    assert banner(staff) == ""
    a_registration(a_session())
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=9, minute=42)) as clock:
        hour = timezone.localtime().strftime("%H:%M")
        Heartbeat.objects.update(at=timezone.now())
        run_for(7, clock, sweep)

        for path in ("/admin/", "/admin/messages/", "/admin/account/"):
            told = banner(staff, path)
            assert 'role="status"' in told
            assert f"Mails have not been leaving since {hour}." in told
            assert "Nothing is lost" in told
            assert "/admin/messages/?state=queued" in told

        work()
        assert banner(staff) == ""


@pytest.mark.usefixtures("beaten")
def test_staff_are_told_which_of_the_others_is_away(staff, work, smtp_server):
    smtp_server.down()
    a_registration(a_session())
    a_registration(a_session())
    with later(minutes=0) as clock:
        run_for(20, clock, sweep, work)
        assert "The mail server does not take them" in banner(staff)

        smtp_server.up()
        run_for(70, clock, sweep, work)
        assert banner(staff) == ""

        clock.shift(600)
        assert "The sweeper has not answered since" in banner(staff)


@pytest.mark.usefixtures("beaten")
def test_who_may_not_see_messages_is_told_without_the_link():
    editor = Client(headers={"accept-language": "en"})
    user = a_user()
    user.groups.add(Group.objects.get(name="Editors"))
    editor.force_login(user)
    with later(minutes=0) as clock:
        run_for(7, clock, sweep)

        told = banner(editor)

    assert "Mails have not been leaving" in told
    assert "/admin/messages/" not in told


@pytest.mark.usefixtures("beaten")
def test_telling_the_staff_costs_one_query(django_assert_num_queries):
    from django.template import Context, Template

    request = RequestFactory().get("/admin/")
    template = Template("{% load running %}{% how_it_runs %}")
    with django_assert_num_queries(1):
        template.render(Context({"request": request}))


@pytest.mark.usefixtures("beaten")
def test_the_public_is_told_nothing(client):
    with later(days=1) as clock:
        run_for(7, clock, sweep)

        assert "how-it-runs" not in client.get("/ca/").content.decode()
