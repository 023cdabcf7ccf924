"""Servers to measure and the visitors who ask them, all on this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
# Enough to keep the server busy, few enough for one thread that asks.
VISITORS = 4
PATIENCE = 30


@dataclass(frozen=True)
class Server:
    """One granian with one worker, as in the Dockerfile."""

    port: int
    process: subprocess.Popen

    def processes(self) -> list[int]:
        """The keeper, and then its workers."""
        keeper = self.process.pid
        workers = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        return [keeper, *map(int, workers)]

    def memory(self) -> int:
        """What its worker holds, in MB (RSS)."""
        status = Path(f"/proc/{self.processes()[1]}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024


@contextmanager
def serving(application: str, **environment: str) -> Iterator[Server]:
    """`application` (module:name) under granian, until the block ends."""
    port = free_port()
    words = ["--interface", "wsgi", "--port", str(port), "--no-access-log"]
    words += ["--blocking-threads", "4"]
    process = start(
        [sys.executable, "-m", "granian", *words, application], port, **environment
    )
    try:
        yield Server(port, process)
    finally:
        stop(process)


@contextmanager
def shared_cache(folder: Path) -> Iterator[str | None]:
    """The address of a cache for all processes, or None where no server of one is
    installed."""
    server = shutil.which("valkey-server") or shutil.which("redis-server")
    if server is None:
        yield None
        return
    port = free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = start([server, *words], port)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(process)


@contextmanager
def mail_server() -> Iterator[int]:
    """The port of a mail server that takes everything and keeps nothing."""
    port = free_port()
    words = ["-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    process = start([sys.executable, "-m", "aiosmtpd", *words], port)
    try:
        yield port
    finally:
        stop(process)


def start(command: list, port: int, **environment: str) -> subprocess.Popen:
    """`command` running, once it answers on `port`."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with ExitStack() as if_it_fails:
        if_it_fails.callback(stop, process)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    if_it_fails.pop_all()
                    return process
            time.sleep(0.1)
        raise RuntimeError(f"{command[0]} did not start on port {port}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@dataclass(frozen=True)
class Visit:
    """What visitors ask for, and the answer that they should get. `others` are asked
    for before `path`, each once."""

    server: Server
    path: str
    headers: tuple[str, ...] = ()
    status: int = 200
    others: Iterator[str] = iter(())

    def once(self) -> bytes:
        """The answer, headers and all. Raises RuntimeError if it is another one."""
        with _Connection(self) as connection:
            connection.ask()
            answer = connection.answer()
        if not answer.startswith(b"HTTP/1.1 %d" % self.status):
            raise RuntimeError(f"{self.path} answered {answer[:300]!r}")
        return answer

    def per_second(self, seconds: float) -> float:
        """How many answers a second visitors get who ask again at once."""
        with ExitStack() as all_of_them:
            visitors = [
                all_of_them.enter_context(_Connection(self)) for _ in range(VISITORS)
            ]
            answers, began = 0, time.perf_counter()
            while time.perf_counter() < began + seconds:
                for visitor in visitors:
                    visitor.ask()
                for visitor in visitors:
                    visitor.answer()
                answers += VISITORS
            return answers / (time.perf_counter() - began)


class _Connection:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        lines = ["Host: 127.0.0.1", "X-Forwarded-Proto: https", *visit.headers]
        self.headers = "\r\n".join([*lines, "", ""])
        address = ("127.0.0.1", visit.server.port)
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def ask(self) -> None:
        path = next(self.visit.others, self.visit.path)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n{self.headers}".encode())

    def answer(self) -> bytes:
        octets = self.socket.recv(1 << 18)
        while (head := octets.find(b"\r\n\r\n")) < 0:
            octets += self._more()
        length = LENGTH.search(octets, 0, head + 2)
        # A 304 has a length, perhaps, and never a body.
        body = int(length[1]) if length and octets[9:12] != b"304" else 0
        while len(octets) < head + 4 + body:
            octets += self._more()
        return octets

    def _more(self) -> bytes:
        octets = self.socket.recv(1 << 18)
        if not octets:
            raise RuntimeError("the server hung up")
        return octets
