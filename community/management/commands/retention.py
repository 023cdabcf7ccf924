"""The retention register on the command line: what is held, and what is over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from community.privacy import register, runs


class Command(BaseCommand):
    help = "End the personal data whose term has come, as the worker does each day."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--dry-run", action="store_true", help="only say how many rows are due"
        )
        how.add_argument(
            "--table",
            action="store_true",
            help="print the register as a table in Markdown",
        )

    def handle(self, *, dry_run: bool, table: bool, **options: Any) -> None:
        if table:
            self.stdout.write(as_table())
            return
        if dry_run:
            counts = {o.entry.name: o.due for o in runs.outlooks() if o.due is not None}
        else:
            counts = runs.run_all()
        words = "due" if dry_run else "ended"
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count} {words}")
        if not dry_run and (faults := runs.faults_today()):
            raise CommandError(f"It broke: {faults}")


def as_table() -> str:
    """The register in English, for the data protection officer."""
    with override("en"):
        lines = [
            "| what | what for | legal basis | until when | what stays |",
            "|---|---|---|---|---|",
            *(
                f"| {e.what} | {e.purpose} | {e.basis} | {e.until} | {e.kept} |"
                for e in register.entries()
            ),
        ]
    return "\n".join(lines)
