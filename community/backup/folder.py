"""What a backup is on the disk: a folder with a manifest, and what that names."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings

MANIFEST = "manifest.json"
MEDIA = "media.tar"
PRIVATE = "private.tar"
# A release that writes the folder in another way raises it.
FORMAT = 1
PIECE = 1024 * 1024


def folders() -> dict[str, Path]:
    """What lies on the disk beside the database: in which file of a backup each folder
    is."""
    return {
        MEDIA: Path(settings.MEDIA_ROOT),
        PRIVATE: Path(settings.PRIVATE_ROOT),
    }


class Refused(Exception):
    """Nothing was done. The words say why, and what to do."""


@dataclass(frozen=True)
class File:
    """One file of a backup, as it was when it was written."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, and what made it. `database` is the engine's name,
    `migrations` are those that had been applied, as `app.name`."""

    made_at: datetime
    version: str
    database: str
    migrations: list[str]
    files: dict[str, File]

    def write(self, folder: Path) -> None:
        words = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        text = json.dumps(words, indent=2, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest in `folder`. Raises Refused if it is not one of ours."""
        try:
            words = json.loads((folder / MANIFEST).read_text())
            found = words.pop("format")
            if found != FORMAT:
                raise Refused(
                    f"{folder} was made by another release (format {found}; this one "
                    f"reads {FORMAT})."
                )
            words["made_at"] = datetime.fromisoformat(words["made_at"])
            words["files"] = {
                name: File(**file) for name, file in words["files"].items()
            }
            return cls(**words)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise Refused(
                f"{folder} is no backup: it has no readable {MANIFEST}."
            ) from fault

    def check(self, folder: Path) -> None:
        """Raise Refused unless every file is there as it was written."""
        for name, file in self.files.items():
            try:
                found = described(folder / name)
            except OSError as fault:
                raise Refused(f"{folder / name} is missing.") from fault
            if found != file:
                raise Refused(f"{folder / name} is not as it was written: damaged.")


def described(path: Path) -> File:
    """Size and checksum of the file at `path`."""
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while piece := opened.read(PIECE):
            digest.update(piece)
    return File(bytes=path.stat().st_size, sha256=digest.hexdigest())
