"""A site from a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.backup.folder import Refused
from community.backup.restoring import Restored, restore


class Command(BaseCommand):
    help = "Make the site of the backup in DIR. Stop web, worker and sweeper first."
    # The database may be empty.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="lose what the database holds now; uploads newer than it stay",
        )

    def handle(self, *, dir: Path, replace: bool, **options: Any) -> None:
        try:
            restored = restore(dir, replace=replace)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for line in _words(restored):
            self.stdout.write(line)


def _words(restored: Restored) -> list[str]:
    manifest = restored.manifest
    lines = [f"The site is as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC."]
    if restored.held:
        lines.append(
            f"{restored.held} mails are on hold: they may have left since. Decide "
            "about them in the admin, Messages, On hold."
        )
    if restored.surplus:
        lines.append(
            f"{restored.surplus} uploads are newer than the backup and stay where they "
            "are; nothing leads to them."
        )
    if restored.must_migrate:
        lines.append("The backup is of an older release: run `manage.py migrate` now.")
    lines.append("Nobody is signed in any more. Start web, worker and sweeper.")
    return lines
