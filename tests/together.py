"""Several people, or several workers, at the same moment."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

from django.db import connection, connections

ROOT = Path(__file__).parents[1]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run each of `acts` in a thread and a database connection of its own, all
    let go at once; returns what they returned, in order, or raises what one did."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        ready.wait(10)
        return _with_own_connection(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(run, act) for act in acts]]


@contextmanager
def meanwhile(act: Callable[[], Any]):
    """Run `act` beside the block, which gets its Future; it is waited for."""
    with ThreadPoolExecutor(1) as pool:
        future: Future[Any] = pool.submit(_with_own_connection, act)
        yield future
        future.result(30)


def _with_own_connection(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connections.close_all()


def another_process(program: str) -> subprocess.Popen[bytes]:
    """Start `program`, in Python, on the tests' database."""
    at = connection.settings_dict
    url = (
        f"sqlite:///{at['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['HOST']}/{at['NAME']}"
    )
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **environment}
    )


def url_of(name: str) -> str:
    """The address of the database `name` where the tests' own is; on SQLite a file."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['HOST']}/{name}"


def another(
    *command: str, url: str, media: Path, **limits: int
) -> subprocess.CompletedProcess[str]:
    """manage.py in another process on the database at `url`, within `limits`, such
    as RLIMIT_FSIZE."""

    def limit() -> None:
        # Past the limit a write fails as on a full disk, and kills nobody.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    program = (
        "import sys, django; from django.conf import settings; django.setup();"
        f"settings.MEDIA_ROOT = {str(media)!r};"
        f"settings.PRIVATE_ROOT = {str(media) + '-private'!r};"
        "from django.core.management import execute_from_command_line;"
        "execute_from_command_line(['manage.py', *sys.argv[1:]])"
    )
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    return subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=120,
    )
