"""What is written of a request, and what never is."""

import io
import json
import logging
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.test import Client
from django.urls import path
from django.utils.log import configure_logging

from cms.settings.base import logging_as
from cms.urls import urlpatterns as site
from community.running import health, logs
from events.models import Registration
from tests.factories import a_registration, a_session, a_user


class Log:
    """What the site writes, line by line."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [
            line for line in self.lines if line["logger"] == "community.running.traffic"
        ]


@pytest.fixture
def written(request):
    """The log as in production, in the form that the test's parameter names."""
    form = getattr(request, "param", "json")
    handlers = logging.getLogger().handlers[:]
    stream = io.StringIO()
    config = logging_as(form)
    config["handlers"]["console"]["stream"] = stream
    configure_logging("logging.config.dictConfig", config)
    yield Log(stream)
    configure_logging("logging.config.dictConfig", {})
    logging.getLogger().handlers[:] = handlers


def break_it(request, token=""):
    name = "Ada Exemple"
    raise IntegrityError(f"Key (email)=(ada@council.example) of {name} exists.")


def warn_of_it(request):
    logging.getLogger("somebody.else").warning(
        "refused %s at %s",
        "mar@council.example",
        "/r/AbCdEfGh12345678AbCdEfGh12345678/",
    )
    raise IntegrityError


urlpatterns = [
    path("r/<slug:token>/break/", break_it),
    path("warn/", warn_of_it),
    *site,
]


@pytest.mark.django_db
def test_a_request_is_one_line_that_says_what_was_asked_and_what_came(client, written):
    registration = a_registration(a_session(), "ada@council.example")

    response = client.get(f"/r/{registration.token}/?from=ada@council.example")

    [line] = written.lines
    assert response.status_code == 200
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "community.running.traffic",
        "message": "GET /r/<slug:token>/ 200",
        "request": response["X-Request-ID"],
        "method": "GET",
        "route": "/r/<slug:token>/",
        "status": 200,
    }


@pytest.mark.django_db
def test_who_asked_is_said_by_number_and_only_if_it_was_looked_up(written):
    user = a_user(email="nuria@placa.example", name="Núria Prova")
    user.groups.add(Group.objects.get(name="Coordinators"))
    client = Client()
    client.force_login(user)

    client.get("/admin/")
    client.get("/cal/ca.ics")

    told, not_told = written.answers
    assert told["user"] == user.pk
    assert "user" not in not_told
    assert "nuria" not in written.text
    assert "Núria" not in written.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("4f1c9a2e-proxy.7", True),
        ("short", False),
        ('x"}\n{"level": "forged', False),
        ("x" * 65, False),
        ("nom@council.example", False),
    ],
)
@pytest.mark.django_db
def test_a_proxys_name_for_the_request_is_kept_if_it_is_sane(
    client, written, given, kept
):
    response = client.get("/cal/ca.ics", headers={"x-request-id": given})

    [line] = written.answers
    assert line["request"] == response["X-Request-ID"]
    assert (response["X-Request-ID"] == given) is kept


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("written", ["json", "text"], indirect=True)
def test_of_a_fault_the_kind_and_the_place_are_written_and_not_its_words(
    client, written
):
    client.raise_request_exception = False

    client.get("/r/AbCdEfGh12345678AbCdEfGh12345678/break/")

    assert "django.db.utils.IntegrityError" in written.text
    assert "break_it" in written.text
    for said in ("ada@", "Exemple", "exists", "AbCdEfGh"):
        assert said not in written.text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_what_is_written_meanwhile_carries_the_name_of_the_request(client, written):
    client.raise_request_exception = False

    response = client.get("/warn/")

    assert len(written.lines) == 3
    for line in written.lines:
        assert line["request"] == response["X-Request-ID"]
    logging.getLogger("somebody.else").warning("afterwards")
    assert "request" not in written.lines[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["json", "text"], indirect=True)
def test_the_last_net_takes_addresses_links_and_tokens_out(written):
    registration = Registration(token="AbCdEfGh12345678AbCdEfGh12345678")
    logging.getLogger("anybody").error(
        "550 <Ada.Exemple+x@ajuntament.vila-real.cat> at https://placa.example/r/%s/ "
        "?code=123456 %s",
        registration.token,
        registration.token,
    )

    for said in ("Exemple", "vila-real", "AbCdEfGh", "123456"):
        assert said not in written.text
    assert "550 <[address]> at https://placa.example/r/[token]/" in written.text


@pytest.mark.parametrize(
    "text",
    [
        "/usr/lib/python3.11/site-packages/django/core/handlers/base.py:197 inner",
        "GET /ca/agenda/dades-obertes-sense-por/ 200",
        "4f1c9a2e4f1c9a2e4f1c9a2e4f1c9a2e",
        "community.messages.outbox",
        r"/ca/^((?:[\w\-]+/)*)$",
        "/r/<slug:token>/cancel/",
    ],
)
def test_the_last_net_lets_all_else_pass(text):
    assert logs.redact(text) == text


@pytest.mark.django_db
def test_probes_and_static_files_write_nothing(client, written):
    for address in (
        "/health/live",
        "/health/ready",
        "/metrics",
        "/static/css/site.css",
    ):
        client.get(address)

    assert written.text == ""


@pytest.mark.django_db
def test_a_probe_that_fails_writes_nothing_either(client, written, monkeypatch):
    monkeypatch.setattr(health, "AWAY", timedelta(0))

    assert client.get("/health/ready").status_code == 503
    assert written.text == ""


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_not_repeated(client, written):
    client.get("/x/ada@council.example/")
    client.get("/ca/no-such/Ada/")

    assert [line["status"] for line in written.answers] == [404, 404]
    assert "Ada" not in written.text
    assert "ada@" not in written.text


@pytest.mark.django_db
def test_a_method_that_somebody_made_up_is_no_new_series(client, written):
    client.generic("MADEUP", "/cal/ca.ics")
    client.generic("GET", "/cal/ca.ics")

    metrics = client.get("/metrics").content.decode()
    assert 'method="OTHER",process=' in metrics
    assert "MADEUP" not in metrics + written.text


@pytest.mark.django_db
def test_what_answering_took_is_counted_by_pattern(client):
    registration = a_registration(a_session())
    client.get(f"/r/{registration.token}/")

    metrics = client.get("/metrics").content.decode()

    assert 'route="/r/<slug:token>/",status="200"' in metrics
    assert registration.token not in metrics
    assert 'placa_registrations{state="confirmed"} 1.0' in metrics
    assert 'placa_outbox_messages{state="queued"} 1.0' in metrics
    assert 'placa_heartbeat_age_seconds{process="worker"}' in metrics
    assert "placa_outbox_oldest_seconds" in metrics


def test_nobody_forges_a_line():
    record = logging.makeLogRecord({"msg": "one\n2030-01-01 ERROR forged"})

    assert "\n" not in logs.TextFormatter().format(record)


def test_lines_are_json_unless_text_is_asked_for_and_each_is_one_line():
    record = logging.makeLogRecord({"msg": "one\ntwo", "levelname": "INFO"})

    assert "\n" not in logs.JsonFormatter().format(record)
    assert json.loads(logs.JsonFormatter().format(record))["message"] == "one\ntwo"


def test_in_development_the_words_of_a_fault_are_written(settings):
    settings.DEBUG = True
    try:
        raise ValueError("the words")
    except ValueError:
        record = logging.makeLogRecord({"msg": "broke", "exc_info": sys.exc_info()})

    assert "the words" in logs.TextFormatter().format(record)
