"""Holidays from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.engine.holidays import COLUMNS, Refused, import_holidays


class Command(BaseCommand):
    help = (
        "Have every holiday of a CSV file, all or none; none is deleted. Columns: "
        f"{', '.join(COLUMNS)}; “where” is national, catalonia or the code of a local "
        "body."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and stop"
        )

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            outcome = import_holidays(file.read_bytes(), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refused:
            raise CommandError(f"Nothing was imported:\n{refused}") from refused
        self.stdout.write(
            f"{len(outcome.new)} new, {len(outcome.changed)} changed, "
            f"{outcome.same} as they were."
        )
        if dry_run:
            self.stdout.write("Nothing was written.")
