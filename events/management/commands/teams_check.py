"""Whether meetings can be made in Teams, step by step."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from community.work import tasks
from community.work.rows import Permanent, Transient
from events.meetings import teams, troubles
from events.meetings.making import Wanted
from events.models import Meeting

PERMISSION = "OnlineMeetings.ReadWrite.All"
# Time to have a new one made and uploaded.
NOTICE = timedelta(days=30)


def said() -> str:
    """All that is needed is in the settings."""
    names = ["TEAMS_TENANT", "TEAMS_CLIENT_ID", "TEAMS_ORGANISER"]
    missing = [name for name in names if not getattr(settings, name)]
    if not (settings.TEAMS_CERTIFICATE or settings.TEAMS_SECRET):
        missing.append("TEAMS_CERTIFICATE (or TEAMS_SECRET)")
    if missing:
        raise Permanent(f"Set {', '.join(missing)}: docs/teams.md says how.")
    return f"for the organiser {settings.TEAMS_ORGANISER}"


def proof() -> str:
    """The certificate can be read and is still good."""
    if not settings.TEAMS_CERTIFICATE:
        return "a secret; a certificate would be safer"
    ends = teams.certificate_in(settings.TEAMS_CERTIFICATE).expires
    left = ends - timezone.now()
    if left < timedelta():
        raise Permanent(
            f"The certificate expired on {ends:%d/%m/%Y}. Make another, upload it to "
            "the registered application, and set TEAMS_CERTIFICATE."
        )
    soon = "; MAKE A NEW ONE SOON" if left < NOTICE else ""
    return f"a certificate, good until {ends:%d/%m/%Y}{soon}"


def sign_in() -> str:
    """Microsoft lets the application in."""
    teams.of_settings().token()
    return "Microsoft lets the application in"


def permission() -> str:
    """Whoever may consent for the organisation has done it."""
    _header, claims, *_signature = teams.of_settings().token().split(".")
    # For a diagnosis alone: Graph is who judges the token.
    roles = json.loads(urlsafe_b64decode(claims + "==")).get("roles", [])
    if PERMISSION not in roles:
        raise Permanent(troubles.PERMISSION)
    return ", ".join(roles)


def trial() -> str:
    """A meeting is made, changed and taken away: the policy, the organiser's account
    and its licence are as they must be."""
    maker = teams.of_settings()
    starts = timezone.now() + timedelta(days=1)
    wanted = Wanted("placa-teams-check", "Plaça", starts, starts + timedelta(hours=1))
    made = maker.make(wanted)
    maker.change(made.external_id, wanted)
    maker.take_away(made.external_id)
    return "a meeting was made, changed and taken away"


STEPS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("settings", said),
    ("proof", proof),
    ("sign-in", sign_in),
    ("permission", permission),
    ("trial", trial),
)


class Command(BaseCommand):
    help = (
        "Say step by step whether meetings can be made in Teams. Stops at what is "
        "missing, with what to do, and ends with an error. Makes one meeting for "
        "trial, and takes it away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--try-again",
            action="store_true",
            help="if all is well, have the meetings made that could not be",
        )

    def handle(self, *, try_again: bool, **options: Any) -> None:
        for name, check in STEPS:
            try:
                words = check()
            except (Permanent, Transient) as fault:
                self.stdout.write(f"FAIL  {name}: {fault}")
                raise CommandError("Meetings cannot be made in Teams.") from fault
            self.stdout.write(f"ok    {name}: {words}")
        failed = Meeting.objects.filter(state=Meeting.State.FAILED)
        if try_again:
            fresh = {"state": Meeting.State.QUEUED, "next_try": timezone.now()}
            count = failed.update(attempts=0, crashes=0, **fresh)
            tasks.wake()
            self.stdout.write(f"{count} meetings are being tried again.")
        elif count := failed.count():
            self.stdout.write(f"{count} could not be made: --try-again has them made.")
