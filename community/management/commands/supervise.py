"""One terminal for the whole site: web, worker and sweeper, kept alive together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

HOST = "127.0.0.1"
# Seconds that a child stays away after each death in a row; the last one repeats.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
# A child that lived this many seconds is sound again: its pauses start anew.
SOUND_AFTER = 30.0
# Seconds that the children have to leave by themselves.
GRACE = 5.0
TICK = 0.1


class Child:
    """A command that must always be running, with all the processes it starts.

    Each life is a process group of its own, so that what the command started
    itself (an autoreloader's second process) goes with it.
    """

    def __init__(self, name: str, argv: Sequence[str]) -> None:
        self.name = name
        self.argv = argv
        self.process: subprocess.Popen[str] | None = None
        self.deaths_in_a_row = 0
        self.born = 0.0
        self.starts_at = 0.0

    def start(self, show: Callable[[str, str], None]) -> None:
        """Begin a life; each line it writes goes to `show(name, line)`."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.born = time.monotonic()
        reader = threading.Thread(
            target=self._read, args=(self.process, show), daemon=True
        )
        reader.start()

    def _read(
        self, process: subprocess.Popen[str], show: Callable[[str, str], None]
    ) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                show(self.name, line.rstrip("\n"))

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> float:
        """Clear away what a dead life left; returns the pause before the next."""
        self.signal(signal.SIGKILL)
        self.process = None
        if time.monotonic() - self.born > SOUND_AFTER:
            self.deaths_in_a_row = 0
        pause = PAUSES[min(self.deaths_in_a_row, len(PAUSES) - 1)]
        self.deaths_in_a_row += 1
        self.starts_at = time.monotonic() + pause
        return pause

    def signal(self, number: int) -> bool:
        """Send a signal (0 only asks) to the whole group; is anybody left of it?"""
        if self.process is None:
            return False
        self.process.poll()  # Else a child that has ended would still be counted.
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return False
        return True


class Supervisor:
    """Starts the children, starts again whichever dies, and stops them all."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], write: Callable[[str], Any]
    ) -> None:
        self.children = [Child(name, argv) for name, argv in commands.items()]
        self._width = max(len(child.name) for child in self.children)
        self._write = write
        self._writing = threading.Lock()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Go on until SIGINT, SIGTERM or SIGHUP; then leave no process behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            while not self._stopping.wait(TICK):
                for child in self.children:
                    self._look_after(child)
        finally:
            self._stop()

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.starts_at:
                child.start(self._show)
        elif child.has_died():
            code = child.process.returncode
            how = f"killed by signal {-code}" if code < 0 else f"ended with {code}"
            pause = child.bury()
            self._show(child.name, f"[{how}; starts again in {pause:g} s]")

    def _stop(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.signal(0) for child in self.children):
            if time.monotonic() > deadline:
                for child in self.children:
                    child.signal(signal.SIGKILL)
                break
            time.sleep(TICK)

    def _show(self, name: str, line: str) -> None:
        with self._writing:
            self._write(f"{name:<{self._width}} | {line}")


class Command(BaseCommand):
    help = "Run web, worker and sweeper together; start again whichever dies."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        port = int(os.environ.get("PORT", "8000"))
        self._check_free(port)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        commands = {
            "web": [*manage, "runserver", f"{HOST}:{port}"],
            "worker": [*manage, "db_worker"],
            "sweep": [*manage, "sweep", "--every", "60"],
        }
        self._write(f"Plaça: http://{HOST}:{port}/ (Ctrl-C stops it)")
        Supervisor(commands, self._write).run()

    def _check_free(self, port: int) -> None:
        with socket.socket() as probe:
            # As the server itself will: a port in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken. Choose another: PORT={port + 1} ./dev run"
                ) from error

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
