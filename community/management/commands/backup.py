"""A backup, from the terminal or a timer."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.backup.folder import Manifest, Refused
from community.backup.making import back_up, megabytes


class Command(BaseCommand):
    help = "Write database and uploads to a new folder in DIR. Deletes no older one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR")

    def handle(self, *, dir: Path, **options: Any) -> None:
        try:
            made = back_up(dir)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for name, file in Manifest.read(made).files.items():
            self.stdout.write(f"{megabytes(file.bytes):>12}  {name}")
        self.stdout.write(str(made))
