"""A real installation starts with all that it needs, and with nothing dangerous."""

import os
import subprocess
import sys

import pytest

from community.messages.providers import PROVIDERS, Calendar
from tests.together import ROOT

pytestmark = pytest.mark.any_database

COMPLETE = {
    "SECRET_KEY": "kU8sd7f6Gh3jK9lQ2wE5rT1yU4iO0pAzXcVbNmLkJhGfDsAqWeRtYu",
    "ALLOWED_HOSTS": "placa.example,www.placa.example",
    "DATABASE_URL": "postgres://placa:hidden@127.0.0.1/placa",
    "SITE_URL": "https://placa.example",
    "ORGANISER_EMAIL": "agenda@placa.example",
    "EMAIL_URL": "smtp+tls://placa:hidden@127.0.0.1:587",
}
PROGRAM = """
from cms.settings import production as s
print(s.DEBUG, s.MAILBOX, s.OUTBOX_KEEPS_SECRETS, s.LOG_FORMAT, s.SECRET_KEY_FALLBACKS)
"""

MAIL = """
from cms.settings import production as s
key, secret = s.ANYMAIL["MAILGUN_API_KEY"], s.ANYMAIL["WEBHOOK_SECRET"]
print(s.EMAIL_BACKEND, s.EMAIL_PROVIDER, key, secret)
print(s.ANYMAIL["REQUESTS_TIMEOUT"], s.ANYMAIL["AMAZON_SES_CLIENT_PARAMS"])
print(tuple(s.INVITATIONS_SERVER.values()))
"""


# What providers bring along when they bring mail.
KNOCK = "placa:what-nobody-guesses-at-all"


def start(
    program: str = PROGRAM, /, **changes: str | None
) -> subprocess.CompletedProcess[str]:
    """Start with a complete environment, changed so; None takes a variable away."""
    said = {k: v for k, v in {**COMPLETE, **changes}.items() if v is not None}
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**system, "DJANGO_SETTINGS_MODULE": "cms.settings.production", **said},
        capture_output=True,
        text=True,
        timeout=60,
    )


def refusal(**changes: str | None) -> str:
    done = start(**changes)
    assert done.returncode != 0, "it started"
    return done.stderr.rpartition("ImproperlyConfigured: ")[2]


def test_it_starts_when_all_is_said():
    done = start(SECRET_KEY_FALLBACKS="one,two")

    assert done.stdout.strip() == "False False False json ['one', 'two']"
    assert done.stderr == ""


def test_all_that_is_missing_is_said_at_once():
    said = refusal(**dict.fromkeys(COMPLETE))

    for name in COMPLETE:
        assert f"{name} is missing" in said


def test_all_that_is_wrong_is_said_at_once_and_no_secret_repeated():
    said = refusal(
        SECRET_KEY="hunter2",
        ALLOWED_HOSTS=None,
        SITE_URL="http://placa.example",
        EMAIL_URL="hunter2@mail",
        TRUSTED_PROXIES="many",
    )

    for name in (
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "EMAIL_URL",
        "TRUSTED_PROXIES",
    ):
        assert f"\n  {name} " in said
    assert "hunter2" not in said


@pytest.mark.parametrize("name", COMPLETE)
def test_it_does_not_start_without(name):
    assert f"{name} is missing" in refusal(**{name: None})
    assert f"{name} is missing" in refusal(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 60),
        ("SECRET_KEY", "django-insecure-" + COMPLETE["SECRET_KEY"]),
        ("SECRET_KEY", "development only, worth nothing anywhere else, at all"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "placa.example, *"),
        ("SITE_URL", "http://placa.example"),
        ("SITE_URL", "placa.example"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://other.example"),
        ("SITE_URL", "https://placa.example/agenda"),
        ("ORGANISER_EMAIL", "agenda"),
        ("ORGANISER_EMAIL", "Agenda <agenda@placa.example>"),
        ("DATABASE_URL", "mysql://placa:hidden@127.0.0.1/placa"),
        ("DATABASE_URL", "placa"),
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "smtp://mail.example:port"),
        ("INVITATIONS_EMAIL_URL", "mail.example"),
        ("ANYMAIL_DEBUG_API_REQUESTS", "true"),
        ("ANYMAIL_IGNORE_UNSUPPORTED_FEATURES", "true"),
        ("ANYMAIL_WEBHOOK_SECRET", "what-nobody-guesses-at-all"),
        ("ANYMAIL_WEBHOOK_SECRET", "placa:short"),
        ("CACHE_URL", "valkey"),
        ("CACHE_URL", "redis://cache:port/0"),
        ("MAILBOX", "true"),
        ("DEBUG", "1"),
        ("LOG_FORMAT", "yaml"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("TRUSTED_PROXIES", "-1"),
        ("TEAMS_GRAPH_URL", "http://graph.example"),
        ("TEAMS_LOGIN_URL", "login.example"),
    ],
)
def test_it_does_not_start_with_what_is_dangerous_or_unreadable(name, value):
    said = refusal(**{name: value})

    assert f"\n  {name} " in said
    assert said.count("\n") == 2, said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", ".placa.example"),
        ("SITE_URL", "https://www.placa.example/"),
        ("CACHE_URL", "redis://cache:6379/0"),
        ("MAILBOX", "false"),
        ("DEBUG", ""),
        ("LOG_FORMAT", "text"),
    ],
)
def test_it_starts_with_what_is_sound(name, value):
    done = start(**{name: value})

    assert done.returncode == 0, done.stderr


def test_sqlite_is_allowed_and_warned_of():
    done = start(DATABASE_URL="sqlite:////tmp/placa.sqlite3")

    assert done.returncode == 0
    assert "DATABASE_URL is SQLite" in done.stderr


def by(provider: str, **changes: str | None) -> dict[str, str | None]:
    """All that this provider needs in place of a mail server, changed so."""
    keys = dict.fromkeys(PROVIDERS[provider].needs, "hunter2")
    return {"EMAIL_URL": None, "EMAIL_PROVIDER": provider, **keys, **changes}


INVITATIONS = {"INVITATIONS_EMAIL_URL": "smtp+tls://us%40er:hunt%2Fer2@mail.example"}


@pytest.mark.parametrize(
    ("said", "loses"),
    [
        (by(name), provider.calendar is Calendar.LOST)
        for name, provider in PROVIDERS.items()
    ],
    ids=PROVIDERS,
)
def test_a_provider_takes_the_place_of_a_mail_server_unless_it_loses_invitations(
    said, loses
):
    alone = start(**said)
    if not loses:
        assert alone.returncode == 0, alone.stderr
        return
    assert "\n  INVITATIONS_EMAIL_URL is missing" in alone.stderr
    assert "out of their mails" in alone.stderr
    assert start(**said, **INVITATIONS).returncode == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (by("mailgun", EMAIL_PROVIDER="mailgnu"), "EMAIL_PROVIDER must be one of"),
        (by("mailgun", EMAIL_URL="smtp://mail"), "EMAIL_PROVIDER and EMAIL_URL"),
        *(
            (by(name, **{need: None}), f"{need} is missing")
            for name in ("mailgun", "mailjet", "postal", "amazon_ses")
            for need in PROVIDERS[name].needs
        ),
    ],
)
def test_a_provider_that_could_send_nothing_is_refused_with_what_it_lacks(said, words):
    refused = refusal(**said)

    assert f"\n  {words}" in refused
    assert refused.count("\n") == 2, refused
    assert "hunter2" not in refused


def test_what_a_provider_and_a_server_for_invitations_need_reaches_them():
    done = start(MAIL, **by("mailgun", ANYMAIL_WEBHOOK_SECRET=KNOCK), **INVITATIONS)

    assert done.stdout.splitlines() == [
        f"community.messages.backend.OutboxBackend mailgun hunter2 {KNOCK}",
        # Nobody is waited for without end, and nobody but the outbox tries again.
        "20 {'config': {'connect_timeout': 20, 'read_timeout': 20, "
        "'retries': {'total_max_attempts': 1}}}",
        "('mail.example', 587, 'us@er', 'hunt/er2', True, False)",
    ]


def test_a_provider_whose_package_is_not_installed_is_refused():
    hidden = "import sys; sys.modules['boto3'] = None\n"

    refused = start(hidden + PROGRAM, **by("amazon_ses"))

    assert "\n  EMAIL_PROVIDER amazon_ses needs the package boto3." in refused.stderr


TEAMS = {
    "TEAMS_TENANT": "placa.example",
    "TEAMS_CLIENT_ID": "22222222-2222-4222-8222-222222222222",
    "TEAMS_ORGANISER": "33333333-3333-4333-8333-333333333333",
    "TEAMS_CERTIFICATE": "/etc/placa/teams.pem",
}


def test_teams_is_set_up_whole_or_not_at_all():
    assert start(**TEAMS).returncode == 0

    for name in ("TEAMS_TENANT", "TEAMS_CLIENT_ID", "TEAMS_ORGANISER"):
        said = refusal(**{**TEAMS, name: None})
        assert f"{name} is missing, as long as Teams is set up." in said
    both_or_none = "TEAMS_CERTIFICATE or TEAMS_SECRET is needed, and not both."
    assert both_or_none in refusal(**{**TEAMS, "TEAMS_CERTIFICATE": None})
    assert both_or_none in refusal(**TEAMS, TEAMS_SECRET="a secret")
    by_address = refusal(**{**TEAMS, "TEAMS_ORGANISER": "agenda@placa.example"})
    assert "TEAMS_ORGANISER must be an object id" in by_address
