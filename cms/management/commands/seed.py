"""Demonstration data, room by room."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from cms.models import HomePage
from community.seed import accounts

# Each uses what those before it have planted.
ROOMS = ("community", "events", "cms", "workflows")

Seed = Callable[[Callable[[str], None]], None]


class Command(BaseCommand):
    help = (
        "Plant the demonstration data that is missing: what is there stays. Each room "
        "and slice has its own, in the function `seed` of its module `seed`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="only if there is no home page yet"
        )
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="on a real installation too: it gets accounts that everybody knows",
        )

    def handle(self, *, if_empty: bool, demonstration: bool, **options: Any) -> None:
        # The open mailbox is what tells development from a real installation.
        if not (settings.MAILBOX or demonstration):
            raise CommandError(
                "This is a real installation, and the demonstration data brings "
                "accounts that everybody knows. If that is what you want, add "
                "--demonstration."
            )
        if not (if_empty and HomePage.objects.exists()):
            for seed in _seeds():
                with quiet(), transaction.atomic():
                    seed(self.stdout.write)
        self._tell_accounts()

    def _tell_accounts(self) -> None:
        there = accounts()
        if not there:
            return
        self.stdout.write("\nDemonstration accounts:")
        for account in there:
            self.stdout.write(f"  {account.role:<26}{account.email}")
        if settings.MAILBOX:
            self.stdout.write("They sign in with the code that arrives in /mailbox/.")


def _seeds() -> Iterator[Seed]:
    """The seeds of the house, a room before those that import it."""
    ours = [app for app in apps.get_app_configs() if _room(app) in ROOMS]
    for app in sorted(ours, key=lambda app: ROOMS.index(_room(app))):
        if module_has_submodule(app.module, "seed"):
            yield import_module(f"{app.name}.seed").seed


def _room(app: AppConfig) -> str:
    return app.name.partition(".")[0]


@contextmanager
def quiet() -> Iterator[None]:
    """Wagtail logs each page three times over; the accounts are what matters."""
    log = logging.getLogger("wagtail")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)
