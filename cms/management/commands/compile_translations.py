from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


def catalogues() -> list[Path]:
    """The project's own message catalogues, of every room, slice and theme."""
    folders = ("workflows", "cms", "events", "community", "themes")
    return sorted(
        path
        for folder in folders
        for path in (settings.BASE_DIR / folder).rglob("LC_MESSAGES/django.po")
    )


class Command(BaseCommand):
    help = "Compile the message catalogues that changed; needs no gettext."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        for source in catalogues():
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime > source.stat().st_mtime:
                continue
            try:
                catalogue = polib.pofile(str(source))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{source}: {error}") from error
            # Renamed when whole: a site that is running never reads half of one.
            half = compiled.with_suffix(".half")
            catalogue.save_as_mofile(str(half))
            half.replace(compiled)
            if options["verbosity"] > 1:
                self.stdout.write(f"Compiled {compiled}")
