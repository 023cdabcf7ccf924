"""The sweep: each minute, what was lost is caught and what is old is thrown away."""

import logging
import signal
import threading
from contextlib import suppress

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django_tasks_db.models import DBTaskResult

from community.work import heartbeat, tasks

logger = logging.getLogger(__name__)

# One sweeper at a time on PostgreSQL; the number is ours alone in the database.
ADVISORY_LOCK = 7_0311


class Command(BaseCommand):
    help = "Wake the worker and prune what is old."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on for ever, with a sweep every so many seconds",
        )

    def handle(self, *, every: int | None, **options) -> None:
        if not every:
            self.sweep()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                self.sweep()
            except (OperationalError, InterfaceError) as away:
                logger.warning("The database does not answer: %s", away)
            stop.wait(every)

    def sweep(self) -> None:
        """One round. Running two at once is harmless, only idle."""
        if not self._alone():
            return
        try:
            heartbeat.beat(heartbeat.SWEEPER)
            # One waking task is enough, however many the worker has not reached.
            waiting = DBTaskResult.objects.ready().filter(
                task_path=tasks.drain.module_path
            )
            if not waiting.exists():
                tasks.wake()
            call_command(
                "prune_db_task_results",
                min_age_days=1,
                failed_min_age_days=14,
                verbosity=0,
            )
        finally:
            self._leave()

    def _alone(self) -> bool:
        if connection.vendor != "postgresql":
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            return cursor.fetchone()[0]

    def _leave(self) -> None:
        if connection.vendor == "postgresql":
            # With its connection gone the lock is gone too.
            with (
                suppress(OperationalError, InterfaceError),
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
