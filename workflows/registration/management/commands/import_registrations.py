"""Registrations from a file, on behalf of those who are in it."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.models import User
from events import registrations
from events.models import Session
from events.registrations import Placed
from workflows.registration.importing import ALLOWED, Refused, read_people


class Command(BaseCommand):
    help = (
        "Register the people of a CSV file for a session, all or none: each gets a "
        f"place or waits, and the ordinary mail. Columns: {', '.join(ALLOWED)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", help="the code of the session")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", required=True, help="the address of who on the staff registers them"
        )
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=dict(settings.LANGUAGES),
            help="of who has none in the file",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check the file, and stop"
        )

    def handle(
        self,
        *,
        session: str,
        file: Path,
        by: str,
        language: str,
        dry_run: bool,
        **options: Any,
    ) -> None:
        found = Session.objects.filter(code=session).first()
        staff = User.objects.filter(
            email__iexact=by, is_active=True, is_staff=True
        ).first()
        if found is None:
            raise CommandError(f"There is no session {session!r}.")
        if staff is None:
            raise CommandError(f"Nobody on the staff signs in with {by!r}.")
        try:
            people = read_people(file.read_bytes(), found, language)
            placed = [] if dry_run else registrations.place_all(found, people, by=staff)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refused:
            raise CommandError(f"Nothing was imported:\n{refused}") from refused
        if dry_run:
            self.stdout.write(f"{len(people)} people could be registered.")
        else:
            self._tell(placed)

    def _tell(self, placed: list[Placed]) -> None:
        states = Counter(
            "registered before" if one.already else str(one.registration.state)
            for one in placed
        )
        for state, number in sorted(states.items()):
            self.stdout.write(f"{number} {state}")
