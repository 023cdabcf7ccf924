"""A PostgreSQL of a test's own, which it may stop and start."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    beside = shutil.which("initdb")
    if not found and not beside:
        pytest.skip("needs the programs of PostgreSQL's server, to restart one")
    return found[0].parent if found else Path(beside).parent


class Cluster:
    """It listens on a socket in a folder of its own, and keeps what it said it kept
    when it is killed: as in production, but for the disk itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = _programs()
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgres://postgres@/{self.folder}/postgres"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        )

    def start(self) -> None:
        where = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        options = f"{where} -c max_connections=60 -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-o", options, "-l", log, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data")]
        # PostgreSQL refuses to run as root.
        user = {"user": "postgres"} if os.geteuid() == 0 else {}
        subprocess.run(
            [*command, *arguments],
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **user,
        )


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """One that runs, and is thrown away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="placa-cluster."))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        cluster = Cluster(folder)
        cluster.start()
        yield cluster
        cluster.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
