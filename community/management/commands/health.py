"""How the site runs, for a terminal or a container's own probe."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.running import health

PARTS = ("database", "migrations", "worker", "sweeper", "mail")


class Command(BaseCommand):
    help = "Say how the site runs, as /health/ready does. Fails if something is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "part", nargs="*", choices=[*PARTS, []], help="look at nothing but these"
        )

    def handle(self, *, part: list[str], **options: Any) -> None:
        checks = health.examine()
        if part:
            checks = {
                name: check
                for name, check in checks.items()
                # Without a database nothing else is known.
                if name in part or check["status"] == "fail" and name == "database"
            }
        for name, check in checks.items():
            figures = ", ".join(f"{key} {check[key]}" for key in [*check][1:])
            self.stdout.write(f"{check['status']:<5} {name:<11} {figures}")
        if health.overall(checks) == "fail":
            raise CommandError("Something is wrong.")
