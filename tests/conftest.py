"""The ground the tests stand on: no outside world, a real browser, real mail."""

import gc
import ipaddress
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from django.utils import translation
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, Playwright
from pytest_django import DjangoDbBlocker
from wagtail.log_actions import registry as logs

from community.running import health
from tests import rows
from tests.browser.faults import stand_still
from tests.mail import MailServer

# Playwright runs an event loop in the tests' thread; Django would refuse its
# database there, though nobody else uses the connection.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# No outside world --------------------------------------------------------------


def _is_here(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _refuse(host: object) -> None:
    raise RuntimeError(f"A test reached for {host!r}; only loopback is allowed.")


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Connecting to, or resolving, anything but this machine is an error."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        resolve = socket.getaddrinfo

        def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not _is_here(host):
                _refuse(host)
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def _guarded(connect: Callable) -> Callable:
    def guarded_connect(self: socket.socket, address: Any) -> Any:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and not _is_here(address[0]):
            _refuse(address[0])
        return connect(self, address)

    return guarded_connect


# Speed -------------------------------------------------------------------------


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector looks at it no more."""
    gc.collect()
    gc.freeze()


# Databases ---------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if connection.vendor != "sqlite":
        _leave_to_sqlite(config, items)
    # Those of one browser are brought together, wherever the first of them stands.
    items.sort(key=_empties_the_database)
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="runs in the PostgreSQL suite"))
        if _empties_the_database(item):
            # What migrations put there (Wagtail's root page) comes back each time.
            item.add_marker(
                pytest.mark.django_db(transaction=True, serialized_rollback=True),
                append=False,
            )


def _leave_to_sqlite(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those that no database changes run once."""
    left = [item for item in items if item.get_closest_marker("any_database")]
    items[:] = [item for item in items if not item.get_closest_marker("any_database")]
    config.hook.pytest_deselected(items=left)


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(marker and marker.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(fixtures)


@pytest.fixture(scope="session")
def migrated() -> Path:
    """Where an SQLite database is kept as the migrations of now leave it."""
    root = settings.BASE_DIR
    ours = sorted({*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py")})
    said = [root / "requirements/dev.txt", *ours]
    told = sha256(b"".join(file.read_bytes() for file in said)).hexdigest()
    return settings.VAR_DIR / f"migrated-{told[:12]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> None:
    """On SQLite, a file of this run's own: two runs at once never share one."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        if migrated.exists():
            shutil.copy(migrated, file)
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What was migrated before is migrated no more; on PostgreSQL nothing is kept."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated: Path
) -> Iterator[None]:
    """What migrations put there comes back in one go after each test that empties the
    database: Django would write it row by row."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite" and not migrated.exists():
            _keep(migrated)
        begun = rows.take()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            connection.creation,
            "deserialize_db_from_string",
            lambda _theirs: rows.put_back(begun),
        )
        yield


def _keep(migrated: Path) -> None:
    """Keep what was migrated, for the next run to begin with."""
    for old in migrated.parent.glob("migrated-*"):
        old.unlink(missing_ok=True)
    with NamedTemporaryFile(dir=migrated.parent) as file:
        with closing(sqlite3.connect(file.name)) as kept:
            connection.connection.backup(kept)
        os.link(file.name, migrated)


@pytest.fixture(autouse=True)
def nobody_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker and no sweeper runs beside a test, and none is asked after."""
    monkeypatch.setattr(health, "AWAY", timedelta(days=36_500))


@pytest.fixture(autouse=True, scope="session")
def files_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests upload or plant lies in a folder of this run's own."""
    folders = {
        "MEDIA_ROOT": tmp_path_factory.mktemp("media"),
        "PRIVATE_ROOT": tmp_path_factory.mktemp("private"),
    }
    with override_settings(**folders):
        yield


# Work and mail -------------------------------------------------------------------


@pytest.fixture
def work(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to have the worker do all that is queued and due, here and now."""
    # The connection is the test's, perhaps in the middle of a transaction.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def drain() -> None:
        db_worker.Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="tests",
        ).run()
        failed = DBTaskResult.objects.failed().first()
        assert failed is None, failed.traceback

    return drain


@pytest.fixture(autouse=True)
def libraries_send_through_the_outbox(settings: Any) -> None:
    """As on a real site; pytest-django would put their mail into a list."""
    settings.EMAIL_BACKEND = "community.messages.backend.OutboxBackend"


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[MailServer]:
    """A real mail server on loopback, to which the outbox delivers."""
    server = MailServer()
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = server.host
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 3
    with server.running():
        yield server


# The browser ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The site, served once the database is there: before, its threads would all
    share the connection of the tests' own."""
    return live_server


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """So that `page.goto("/ca/")` opens the site, with this test's database."""
    return live_server.url


@pytest.fixture(scope="session")
def connection_before_playwright() -> BaseDatabaseWrapper:
    return connections["default"]


@pytest.fixture(scope="session")
def playwright(
    connection_before_playwright: BaseDatabaseWrapper, playwright: Playwright
) -> Playwright:
    """Beside Playwright's loop Django would open a second connection, which knows
    nothing of what the first has prepared; the tests' thread keeps its one."""
    connections["default"] = connection_before_playwright
    return playwright


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium, quiet: it neither updates nor reports anything."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            # Whatever it asks for that is not here does not exist.
            "--host-resolver-rules=MAP * ~NOTFOUND,"
            " EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "ca-ES", "timezone_id": "Europe/Madrid"}


@pytest.fixture(autouse=True)
def the_language_of_the_house() -> Iterator[None]:
    """A request leaves its language in the thread: each test begins without."""
    yield
    translation.deactivate()


@pytest.fixture
def forget_log_actions(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to be as a process that was just started: Wagtail has not yet asked which
    actions there are to log."""

    def forget() -> None:
        monkeypatch.setattr(logs, "has_scanned_for_actions", False)
        monkeypatch.setattr(logs, "formatters", {})
        monkeypatch.setattr(logs, "choices", [])

    return forget


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Call it with a page: axe must find nothing to object to."""

    def check(page: Page) -> None:
        stand_still(page)
        results = Axe().run(page)
        assert not results.violations_count, results.generate_report()

    return check
