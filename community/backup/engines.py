"""Writing a database into one file and reading it back, for each kind we run on.

Reading back is one transaction with what settles it: no worker ever sees a restored
outbox whose mails it could take for unsent.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from django.db import connection

from .folder import Refused

# SQL with %s, and its values.
Statement = tuple[str, list[Any]]

# Leaves nothing of what was there; a table of a newer release would stay otherwise.
EMPTY = """
SET lock_timeout = '30s';
SET client_min_messages = warning;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', name);
    END LOOP;
    FOR name IN SELECT cfgname FROM pg_ts_config
        WHERE cfgnamespace = 'public'::regnamespace AND cfgname LIKE 'placa%' LOOP
        EXECUTE format('DROP TEXT SEARCH CONFIGURATION public.%I', name);
    END LOOP;
    FOR name IN SELECT dictname FROM pg_ts_dict
        WHERE dictnamespace = 'public'::regnamespace AND dictname LIKE 'placa%' LOOP
        EXECUTE format('DROP TEXT SEARCH DICTIONARY public.%I CASCADE', name);
    END LOOP;
END $$;
"""

# What migrations make where they may.
EXTENSIONS = ("pg_trgm",)


class Engine(Protocol):
    """One kind of database. `file` is the name of its file in a backup."""

    file: str

    def size(self) -> int:
        """About how many bytes its file will have."""

    def dump(self, path: Path) -> None:
        """Write all of the database, as of one moment, to `path`."""

    def load(self, path: Path, settling: Iterable[Statement]) -> None:
        """Put what `path` holds in place of all that is there, settled."""


def engine() -> Engine:
    """The one of this site. Raises Refused if what it needs is not there."""
    if connection.vendor == "sqlite":
        return SQLite()
    return PostgreSQL()


def is_empty() -> bool:
    """Whether the database holds no table at all."""
    return not connection.introspection.table_names()


class SQLite:
    file = "database.sqlite3"

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])

    def size(self) -> int:
        with closing(sqlite3.connect(self.name)) as database:
            [pages] = database.execute("PRAGMA page_count").fetchone()
            [size] = database.execute("PRAGMA page_size").fetchone()
        return pages * size

    def dump(self, path: Path) -> None:
        # Of a file in use a copy is worth nothing: part of it lies in the log.
        with _in_words(), closing(sqlite3.connect(self.name, timeout=60)) as database:
            database.execute("VACUUM INTO ?", [str(path)])

    def load(self, path: Path, settling: Iterable[Statement]) -> None:
        connection.close()
        beside = Path(f"{self.name}.restoring")
        shutil.copyfile(path, beside)
        try:
            with _in_words(), closing(sqlite3.connect(beside)) as restored:
                with restored:
                    for sql, values in settling:
                        restored.execute(sql.replace("%s", "?"), values)
                # One transaction too, and safe for whoever has the file open.
                with closing(sqlite3.connect(self.name, timeout=60)) as database:
                    restored.backup(database)
        finally:
            beside.unlink()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as fault:
        raise Refused(f"The database refused: {fault}.") from fault


class PostgreSQL:
    file = "database.dump"

    def __init__(self) -> None:
        for name in ("pg_dump", "pg_restore", "psql"):
            if not shutil.which(name):
                raise Refused(
                    f"{name} is not installed. It belongs to PostgreSQL's client "
                    "programs, of the same version as the server."
                )
        # The password goes through the environment: arguments can be seen by all.
        [_, *self.where], given = connection.client.settings_to_cmd_args_env(
            connection.settings_dict, []
        )
        self.environment = {**os.environ, **(given or {})}

    def size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]

    def dump(self, path: Path) -> None:
        self._run(["pg_dump", "--format=custom", f"--file={path}", *self.where])

    def load(self, path: Path, settling: Iterable[Statement]) -> None:
        ops: Any = connection.ops
        last = [
            # The file leaves the session without any.
            "SET search_path TO public",
            *(ops.compose_sql(*statement) for statement in settling),
        ]
        connection.close()
        with TemporaryDirectory() as folder:
            steps = [Path(folder, name) for name in ("empty", "rows", "settle")]
            empty, rows, settle = steps
            empty.write_text(EMPTY + self._extensions(path))
            # What is in the schema, not the schema: that may be another's.
            what = ["--no-owner", "--no-privileges", "--schema=public"]
            self._run(["pg_restore", *what, f"--file={rows}", path])
            settle.write_text("".join(f"{line};\n" for line in last))
            how = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
            files = [f"--file={step}" for step in steps]
            self._run(["psql", *how, "--single-transaction", *files, *self.where])

    def _extensions(self, path: Path) -> str:
        """What makes those of Plaça's extensions that `path` was written with: they
        belong to the database, not to the schema."""
        listed = self._run(["pg_restore", "--list", path])
        found = [name for name in EXTENSIONS if f" EXTENSION - {name}" in listed]
        make = "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public;\n"
        return "".join(make.format(name) for name in found)

    def _run(self, command: list[Any]) -> str:
        done = subprocess.run(  # noqa: S603 - no word of it is anybody's input
            command, env=self.environment, capture_output=True
        )
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise Refused(f"{command[0]} failed: {' '.join(lines[-3:])}")
        return done.stdout.decode(errors="replace")
