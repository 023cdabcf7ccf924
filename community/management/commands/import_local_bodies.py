"""Local bodies from a file: says in words what changes, and changes it."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.bodies import Change, Outcome, Refused, import_bodies, read_rows
from community.models import LocalBody


def a_year(text: str) -> int:
    """A year of the figures: between 1900 and 2100."""
    if not text.isdecimal() or not 1900 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a year")
    return int(text)


def a_source(text: str) -> str:
    """What tells where figures come from, as long as the record can hold."""
    longest = LocalBody._meta.get_field("population_source").max_length
    if len(text) > longest:
        raise argparse.ArgumentTypeError(f"longer than {longest} characters")
    return text


class Command(BaseCommand):
    help = (
        "Create and update local bodies from a CSV file with the columns code, name "
        "and, if you like, kind, parent, comarca, population. None is deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=a_year, help="the year of the populations")
        parser.add_argument(
            "--source", type=a_source, default="", help="who published them, and where"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and stop"
        )

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            outcome = import_bodies(
                read_rows(file.read_bytes()),
                year=options["year"],
                source=options["source"],
                dry_run=dry_run,
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refused:
            raise CommandError(f"Nothing was imported from {file}:\n{refused}") from (
                refused
            )
        self._tell(outcome)
        if dry_run:
            self.stdout.write("Nothing was written.")

    def _tell(self, outcome: Outcome) -> None:
        for body in outcome.new:
            self.stdout.write(f"new      {body.code} {body.name}")
        for change in outcome.changed:
            self.stdout.write(f"changed  {_words(change)}")
        self.stdout.write(
            f"{len(outcome.new)} new, {len(outcome.changed)} changed, "
            f"{outcome.same} the same."
        )


def _words(change: Change) -> str:
    fields = (
        f"{name} {before!s} → {after!s}"
        for name, (before, after) in change.fields.items()
    )
    return f"{change.body.code} {change.body.name}: {', '.join(fields)}"
