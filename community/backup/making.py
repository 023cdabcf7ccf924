"""Making a backup: all or nothing, beside a site in use."""

import os
import shutil
import tarfile
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from .engines import engine
from .folder import Manifest, Refused, described, folders

# What must stay free beside the backup itself: a full disk stops the site.
SPARE = 64 * 1024 * 1024


def back_up(into: Path, *, now: datetime | None = None) -> Path:
    """Write database and uploads to a new folder in `into`; returns it.

    The folder appears under its name only when all of it is on the disk. Nobody but
    its owner can read it: it holds personal data. The database is of one moment; of
    the uploads those are there that were there when it came to them, so one that is
    deleted meanwhile may be missing. Raises Refused if there is no room.
    """
    now = now or timezone.now()
    _check_place(into)
    database = engine()
    lying = (p for root in folders().values() for p in _files(root))
    _check_room(into, database.size() + sum(p.stat().st_size for p in lying))
    name = f"placa-{now:%Y%m%dT%H%M%SZ}"
    final, partial = into / name, into / f".{name}.partial"
    if final.exists() or partial.exists():
        raise Refused(f"{final} is there, or on its way.")
    partial.mkdir(mode=0o700)
    try:
        database.dump(partial / database.file)
        for packed, root in folders().items():
            _pack(root, partial / packed)
        Manifest(
            made_at=now,
            version=version(),
            database=connection.vendor,
            migrations=_applied(),
            files={file.name: described(file) for file in sorted(partial.iterdir())},
        ).write(partial)
        _keep(partial)
        partial.rename(final)
        _keep(into)
    except OSError as fault:
        raise Refused(f"Nothing was kept: {fault.strerror or fault}.") from fault
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


def version() -> str:
    """The release that runs."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


def _check_place(into: Path) -> None:
    if any(into.resolve().is_relative_to(r.resolve()) for r in folders().values()):
        raise Refused(f"{into} lies among the uploads: choose another folder.")
    if not into.is_dir():
        raise Refused(f"{into} is no folder.")
    if not os.access(into, os.W_OK):
        raise Refused(f"{into} cannot be written to.")


def _check_room(into: Path, needed: int) -> None:
    free = shutil.disk_usage(into).free
    if free < needed + SPARE:
        raise Refused(
            f"{into} has {megabytes(free)} free; the backup needs about "
            f"{megabytes(needed)} and must leave {megabytes(SPARE)}."
        )


def megabytes(size: int) -> str:
    """A size in bytes, in words."""
    return f"{size / 1024 / 1024:.1f} MB"


def _files(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path


def _pack(root: Path, to: Path) -> None:
    with tarfile.open(to, "w") as tar:
        for path in _files(root):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # Deleted since it was listed.
            with file:
                entry = tar.gettarinfo(
                    arcname=str(path.relative_to(root)), fileobj=file
                )
                entry.uname = entry.gname = ""
                entry.uid = entry.gid = 0
                tar.addfile(entry, file)


def _applied() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _keep(folder: Path) -> None:
    """Have `folder` and what is in it reach the disk, readable by its owner alone."""
    for path in folder.iterdir():
        if path.is_file() and path.parent.name.endswith(".partial"):
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
