"""How the site runs: for whatever watches it, and for the staff.

`/health/live` says that this process answers, and asks nothing of the database.
`/health/ready` says whether the whole site does its work: the database, the worker,
the sweeper, the mail. Both answer before any other middleware, so a probe needs no
host name, no HTTPS and no cookie, and no line is written to the log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Literal

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_tasks_db.models import DBTaskResult

from community.models import Heartbeat, Message
from community.work import heartbeat, tasks

from .caller import is_operator

# A process that has not been seen for so long is away.
AWAY = timedelta(minutes=5)
# A mail that should have left so long ago is late.
LATE = timedelta(minutes=15)
# The database has so many milliseconds for each question of a probe.
PATIENCE_MS = 2000

Status = Literal["pass", "warn", "fail"]


@dataclass(frozen=True)
class Vitals:
    """When worker, sweeper and mail server were last seen, and since when mail waits;
    None where there is nothing to tell."""

    now: datetime
    worker: datetime | None
    sweeper: datetime | None
    # When the mail server last answered, and when it last did not.
    server: datetime | None
    no_server: datetime | None
    # Since when the worker has been called and did not come.
    called: datetime | None
    # Since when the first mail that nobody has tried yet should have left …
    untried: datetime | None
    # … and when the first of those that were refused for now was queued.
    retried: datetime | None

    @property
    def worker_is_away(self) -> bool:
        """A worker that nobody calls is not away, but idle: the sweeper, which calls
        it each minute, may be the one that has gone."""
        return self._before(AWAY, self.called) and not self._since(AWAY, self.worker)

    @property
    def sweeper_is_away(self) -> bool:
        return not self._since(AWAY, self.sweeper)

    @property
    def mail_is_stuck(self) -> bool:
        """Nobody takes mail away: the worker is gone, or the mail server."""
        return self._before(LATE, self.untried) or (
            self.mail_is_late and self.server_is_away
        )

    @property
    def server_is_away(self) -> bool:
        """Whether the mail server did not answer when it was last asked."""
        if self.no_server is None:
            return False
        return self.server is None or self.server < self.no_server

    @property
    def mail_is_late(self) -> bool:
        """Some mail was refused for now; the rest may be leaving."""
        return self._before(LATE, self.retried)

    @property
    def oldest(self) -> datetime | None:
        """Since when the mail waits that waits longest."""
        return min(filter(None, (self.untried, self.retried)), default=None)

    def _since(self, span: timedelta, moment: datetime | None) -> bool:
        return moment is not None and moment > self.now - span

    def _before(self, span: timedelta, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.now - span


def vitals() -> Vitals:
    """How things stand now, in one query."""
    now = timezone.now()
    State = Message.State
    untried = Message.objects.due(now).filter(state=State.QUEUED)
    retried = Message.objects.filter(state__in=(State.RETRYING, State.RUNNING))
    called = DBTaskResult.objects.ready().filter(task_path=tasks.drain.module_path)
    rows = Heartbeat.objects.annotate(
        called=_first(called, "enqueued_at"),
        untried=_first(untried, "next_try"),
        retried=_first(retried, "created"),
    ).values()
    seen = {row.pop("name"): row for row in rows}
    common = next(iter(seen.values()), {})
    return Vitals(
        now=now,
        **{
            field: seen.get(name, {}).get("at")
            for field, name in (
                ("worker", heartbeat.WORKER),
                ("sweeper", heartbeat.SWEEPER),
                ("server", heartbeat.MAIL_SERVER),
                ("no_server", heartbeat.NO_MAIL_SERVER),
            )
        },
        called=common.get("called"),
        untried=common.get("untried"),
        retried=common.get("retried"),
    )


def _first(rows: Any, column: str) -> Subquery:
    return Subquery(rows.order_by(column).values(column)[:1])


# What is asked --------------------------------------------------------------------


def examine() -> dict[str, dict[str, Any]]:
    """Each thing that must be well for the site to do its work: its `status` and the
    figures behind it. Asks the database, and says so if that does not answer."""
    began = perf_counter()
    try:
        with transaction.atomic():
            _have_patience()
            found = vitals()
            needing = Message.objects.needing_somebody().count()
        unapplied = _unapplied()
    except Error as fault:
        # Its words may name the host and the user.
        return {"database": _check(fail=True, fault=type(fault).__name__)}
    return {
        "database": _check(ms=round((perf_counter() - began) * 1000)),
        "migrations": _check(fail=bool(unapplied), unapplied=unapplied),
        "worker": _check(fail=found.worker_is_away, **_ago(found, found.worker)),
        "sweeper": _check(fail=found.sweeper_is_away, **_ago(found, found.sweeper)),
        "mail": _check(
            fail=found.mail_is_stuck,
            warn=found.mail_is_late or bool(needing),
            needing_somebody=needing,
            **_ago(found, found.oldest, "oldest_seconds"),
        ),
    }


def overall(checks: dict[str, dict[str, Any]]) -> Status:
    """The worst of `checks`."""
    found = {check["status"] for check in checks.values()}
    return "fail" if "fail" in found else "warn" if "warn" in found else "pass"


def _check(*, fail: bool = False, warn: bool = False, **figures: Any) -> dict[str, Any]:
    return {"status": "fail" if fail else "warn" if warn else "pass", **figures}


def _ago(
    found: Vitals, moment: datetime | None, name: str = "seconds_ago"
) -> dict[str, Any]:
    if moment is None:
        return {name: None}
    return {name: round((found.now - moment).total_seconds())}


def _have_patience() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")


_is_migrated = False


def _unapplied() -> int:
    """How many migrations the database still lacks. Once there is none it stays so:
    this code knows of no more."""
    global _is_migrated
    if _is_migrated:
        return 0
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _is_migrated = not plan
    return len(plan)


# How it is answered ---------------------------------------------------------------


class HealthMiddleware:
    """Answers `/health/…` before anything else sees the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/health/live": live, "/health/ready": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer(request)
        add_never_cache_headers(response)
        # Django writes a line for each answer that is not well; here it is the news.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def live(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return _told({"status": "pass"})


def ready(request: HttpRequest) -> HttpResponse:
    """The site does its work, or 503. The figures are for operators alone."""
    checks = examine()
    status = overall(checks)
    told: dict[str, Any] = {"status": status}
    if is_operator(request):
        told["checks"] = checks
    return _told(told, 503 if status == "fail" else 200)


def _told(words: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(words, status=status, content_type="application/health+json")
