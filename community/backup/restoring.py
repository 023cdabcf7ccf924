"""Making a site of a backup again."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from community.models import Message

from .engines import engine, is_empty
from .folder import Manifest, Refused, folders
from .settling import Gap, statements


@dataclass(frozen=True)
class Restored:
    """What came of it: `held` mails wait for somebody to decide, `surplus` uploads
    are newer than the backup and were left where they are."""

    manifest: Manifest
    held: int
    surplus: int
    must_migrate: bool


def restore(folder: Path, *, replace: bool = False) -> Restored:
    """Put the backup in `folder` in place of the database and the uploads.

    Into an empty database and no uploads, unless `replace`. The database changes in
    one transaction or not at all. Mails that waited are put on hold, calendar
    numbers go on above any that may have left, and nobody stays signed in. Raises
    Refused, and changes nothing, if the backup is damaged, of another kind of
    database or of a newer release.
    """
    manifest = Manifest.read(folder)
    _check_kind(manifest)
    missing = _check_release(manifest)
    manifest.check(folder)
    if not replace and not (is_empty() and not any(map(_files, folders().values()))):
        raise Refused(
            "There is a site already. With --replace what it holds since "
            f"{manifest.made_at:%Y-%m-%d %H:%M} UTC is lost."
        )
    database = engine()
    gap = Gap(made_at=manifest.made_at, restored_at=timezone.now())
    surplus = 0
    for packed, root in folders().items():
        brought = _unpack(folder / packed, root) if packed in manifest.files else set()
        surplus += len(_files(root) - brought)
    database.load(folder / database.file, statements(gap))
    return Restored(
        manifest=manifest,
        held=Message.objects.held().count(),
        surplus=surplus,
        must_migrate=bool(missing),
    )


def _check_kind(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise Refused(
            f"The backup is of {manifest.database}, this site runs on "
            f"{connection.vendor}."
        )


def _check_release(manifest: Manifest) -> set[str]:
    """The migrations that the backup lacks. Refused if it has some of its own."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = set(manifest.migrations) - known
    if unknown:
        raise Refused(
            f"The backup was made by release {manifest.version}, which is newer: it "
            f"knows {', '.join(sorted(unknown)[:3])}. Restore it with that release."
        )
    return known - set(manifest.migrations)


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def _unpack(media: Path, to: Path) -> set[str]:
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tarfile.open(media) as tar:
            # Refuses what would land outside, and takes no owner from it.
            tar.extractall(to, filter="data")
            return set(tar.getnames())
    except (OSError, tarfile.TarError) as fault:
        raise Refused(f"The database is as it was: {fault}.") from fault
