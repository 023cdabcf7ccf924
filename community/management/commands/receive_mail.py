"""The pipe of a mail server: one mail on standard input."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from community.messages import incoming


class Command(BaseCommand):
    help = (
        "Reads one mail on standard input: answers from calendars, and mail that came "
        "back. Ends with 0, whether it was for us or not, or with 75 (try again later) "
        "while the database is away."
    )
    # For each mail a process: what is wrong with the settings was said elsewhere.
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        octets = sys.stdin.buffer.read(incoming.LARGEST + 1)
        # A server that cannot write all of a mail takes it for undelivered.
        while sys.stdin.buffer.read(incoming.LARGEST):
            pass
        try:
            incoming.receive(octets)
        except (OperationalError, InterfaceError) as away:
            # sysexits.h: the server keeps the mail and comes back with it.
            raise CommandError(
                "The database is away.", returncode=os.EX_TEMPFAIL
            ) from away
