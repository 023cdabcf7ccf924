import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

ROOMS = ("workflows", "cms", "events", "community", "themes")
# English is the language of the source.
LANGUAGES = ("ca", "es")
# What strings are looked for in, a drawing too.
WRITTEN_IN = ("--extension", "html,txt,py,svg")


class Command(BaseCommand):
    """Every visible string has its Catalan and its Spanish.

    The strings are collected anew from code and templates, in a copy, so that one
    that never reached a catalogue is found too.
    """

    help = "Fail if a visible string lacks its Catalan or Spanish; needs gettext."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("needs gettext (Debian: apt-get install gettext)")
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name)
            for room in ROOMS:
                shutil.copytree(
                    settings.BASE_DIR / room,
                    copy / room,
                    ignore=shutil.ignore_patterns("static", "*.mo", "__pycache__"),
                )
            self._collect(copy)
            faults = list(self._faults(copy))
        if faults:
            raise CommandError("\n".join([*faults, "./dev messages collects strings."]))

    def _collect(self, copy: Path) -> None:
        languages = [f"--locale={language}" for language in LANGUAGES]
        # Without our settings: the catalogues of the copy, not ours, are written.
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "django", "makemessages", *languages, *WRITTEN_IN],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CommandError(done.stderr)

    def _faults(self, copy: Path) -> Iterator[str]:
        for path in sorted(copy.rglob("LC_MESSAGES/django.po")):
            where = path.relative_to(copy)
            for entry in polib.pofile(str(path)):
                if not entry.obsolete and not entry.translated():
                    used = ", ".join(file for file, _line in entry.occurrences)
                    yield f"{where}: {entry.msgid!r} ({used})"
            broken = subprocess.run(  # noqa: S603 - our own file
                ["msgfmt", "--check-format", "--output-file=/dev/null", str(path)],  # noqa: S607
                capture_output=True,
                text=True,
            )
            if broken.returncode:
                yield broken.stderr.replace(f"{copy}/", "")
