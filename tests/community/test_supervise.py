"""What `./dev run` promises of its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]

# Two children that each start a process of their own and say both numbers.
TWO_CHILDREN = """
from community.management.commands.supervise import Supervisor
argv = ["sh", "-c", "sleep 600 & echo born $$ $!; wait"]
Supervisor({"one": argv, "two": argv}, lambda line: print(line, flush=True)).run()
"""


class Terminal:
    """A program and what it says."""

    def __init__(self, *argv: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.unread: list[str] = []
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.unread.append(line)

    def wait_for(self, pattern: str, seconds: float = 30) -> re.Match:
        """Take the first line that matches, from those nobody took yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.unread):
                if match := re.search(pattern, line):
                    self.unread.remove(line)
                    return match
            time.sleep(0.02)
        pytest.fail(f"never said {pattern!r}, but:\n{''.join(self.unread)}")

    def stop(self, number: int, seconds: float = 8) -> None:
        self.process.send_signal(number)
        self.process.wait(seconds)


@pytest.fixture
def terminal() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for one in opened:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)
        one.process.stdout.close()


@pytest.fixture
def supervisor(terminal: list[Terminal]) -> Terminal:
    terminal.append(Terminal(sys.executable, "-c", TWO_CHILDREN))
    return terminal[-1]


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def child_of(parent: int, word: str) -> int:
    """The child of `parent` with `word` in its command line."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            status = (process / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == parent and word in (process / "cmdline").read_text():
                return int(process.name)
    raise LookupError(f"{parent} has no child {word}")


def test_a_child_that_is_killed_comes_back_without_what_it_left(supervisor):
    shell, sleeper = map(int, supervisor.wait_for(r"one +\| born (\d+) (\d+)").groups())

    os.kill(shell, signal.SIGKILL)

    supervisor.wait_for(r"one +\| \[killed by signal 9; starts again in 0.5 s\]")
    reborn = int(supervisor.wait_for(r"one +\| born (\d+)").group(1))
    assert reborn != shell
    assert is_alive(reborn)
    assert not is_alive(sleeper)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_leaves_no_process_behind(supervisor, number):
    one = supervisor.wait_for(r"born (\d+) (\d+)").groups()
    two = supervisor.wait_for(r"born (\d+) (\d+)").groups()

    supervisor.stop(number)

    assert [pid for pid in (*one, *two) if is_alive(int(pid))] == []


def test_a_child_that_dies_at_once_is_started_less_and_less_often(terminal):
    program = TWO_CHILDREN.replace("sleep 600 & echo born $$ $!; wait", "exit 7")
    terminal.append(Terminal(sys.executable, "-c", program))

    for pause in ("0.5", "1", "2"):
        terminal[-1].wait_for(rf"one +\| \[ended with 7; starts again in {pause} s\]")


def database_url() -> str:
    """The address of the tests' database, for another process."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['HOST']}/{at['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int, seconds: float = 20) -> bool:
    """Whether the site hands out its style sheet; it may be starting again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            address = f"http://127.0.0.1:{port}/static/css/tokens.css"
            return urllib.request.urlopen(address, timeout=5).status == 200
    return False


@pytest.mark.slow
def test_the_site_answers_and_its_worker_comes_back(transactional_db, terminal):
    port = free_port()
    terminal.append(
        Terminal(
            sys.executable,
            "manage.py",
            "supervise",
            PORT=str(port),
            DATABASE_URL=database_url(),
            DJANGO_SETTINGS_MODULE="cms.settings.dev",
        )
    )
    terminal[-1].wait_for(rf"http://127\.0\.0\.1:{port}/")
    terminal[-1].wait_for(r"web +\| Starting development server")
    terminal[-1].wait_for(r"worker +\| .*Starting worker")
    assert answers(port)

    os.kill(child_of(terminal[-1].process.pid, "db_worker"), signal.SIGKILL)

    terminal[-1].wait_for(r"worker +\| \[killed by signal 9")
    terminal[-1].wait_for(r"worker +\| .*Starting worker")
    assert answers(port)


def test_a_taken_port_is_said_and_nothing_is_started():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "manage.py", "supervise"],
            cwd=ROOT,
            env={**os.environ, "PORT": port},
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr
