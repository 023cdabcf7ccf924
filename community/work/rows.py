"""Rows that say what should be true, and how a worker makes them so.

Retry, lease, back-off and giving up exist here and nowhere else. The queue of
django-tasks runs a task at most once and forgets one whose worker dies, so it only
wakes the worker: what is to be done, and whether it was done, are in these rows.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .heartbeat import WORKER, beat

logger = logging.getLogger(__name__)


class Pointless(Exception):
    """What the row asks for is no longer true: it is dropped, with the reason."""


class Permanent(Exception):
    """Trying again would not help: the row fails at once, with the reason."""


class Transient(Exception):
    """The far side is away or busy: the row is tried again later, not before `after`
    if that is said."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Away(Transient):
    """As `Transient`, and nothing else of this work would fare better now."""


class DueRowQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """Waiting rows whose moment has come, and those of a dead worker."""
        return self.filter(
            Q(state__in=DueRow.WAITING, next_try__lte=now)
            | Q(state=DueRow.State.RUNNING, lease_until__lt=now)
        )

    def unsettled(self) -> Self:
        return self.filter(state__in=(*DueRow.WAITING, DueRow.State.RUNNING))

    def begin_again(self, **also: Any) -> int:
        """Have them be done from the beginning, as if nobody had tried, and write the
        columns `also` with it. Who was at it notices. Returns how many they are."""
        return self.update(
            **also,
            state=DueRow.State.QUEUED,
            attempts=0,
            crashes=0,
            error="",
            settled=None,
            lease_until=None,
            next_try=timezone.now(),
        )


class DueRow(models.Model):
    """One thing that should be made true outside the database."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("under way")
        RETRYING = "retrying", _("to be tried again")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("dropped")
        # May have been done in a time that a restored backup knows nothing of.
        HELD = "held", _("on hold")

    CLAIM_ORDER: ClassVar = ("next_try", "pk")
    WAITING: ClassVar = (State.QUEUED, State.RETRYING)
    LEASE: ClassVar = timedelta(minutes=5)
    # 30 s, 1, 2, 4 … 60 minutes: a far side may be away for a day.
    MAX_ATTEMPTS: ClassVar = 30
    # A row whose worker dies each time it touches it.
    MAX_CRASHES: ClassVar = 3

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=0)
    next_try = models.DateTimeField(_("next try"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    settled = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DueRowQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = (
            models.Index(
                fields=("next_try",),
                condition=Q(state__in=("queued", "retrying", "running")),
                name="%(class)s_due",
            ),
        )

    def settle(self, state: State, error: str = "", **also: Any) -> bool:
        """Write how this ended, and the columns `also` with it. Returns False if
        the row has been taken over since (the lease ran out), in which case nothing
        is written."""
        return self._write(
            state=state, error=error[:500], settled=timezone.now(), **also
        )

    def retry(self, error: str, after: timedelta | None = None) -> bool:
        """Put the row back with exponential back-off and jitter, for at least `after`,
        or fail it after `MAX_ATTEMPTS`. Returns as `settle`."""
        if self.attempts >= self.MAX_ATTEMPTS:
            return self.settle(self.State.FAILED, error)
        seconds = min(30 * 2 ** (self.attempts - 1), 3600)
        seconds *= random.uniform(0.8, 1.2)  # noqa: S311 — jitter, not a secret
        wait = max(timedelta(seconds=seconds), after or timedelta())
        return self._write(
            state=self.State.RETRYING,
            error=error[:500],
            next_try=timezone.now() + wait,
        )

    def note(self, **values: Any) -> bool:
        """Write `values` while the row is being done. Returns as `settle`."""
        # The fencing token: each claim raises `attempts` and sets another lease, and
        # where the first begins anew for a new wish, the second still tells.
        written = (
            type(self)
            .objects.filter(
                pk=self.pk,
                state=self.State.RUNNING,
                attempts=self.attempts,
                lease_until=self.lease_until,
            )
            .update(**values)
        )
        if written:
            for name, value in values.items():
                setattr(self, name, value)
        return bool(written)

    def _write(self, **values: Any) -> bool:
        """Write how this attempt ended, and let go of the row."""
        return self.note(lease_until=None, **values)


Row = TypeVar("Row", bound=DueRow)


def claim_next(model: type[Row], now: datetime, among: Q | None = None) -> Row | None:
    """Take the due row that waits longest, `among` some if that is said, for
    `model.LEASE`; None if there is none. Two workers never hold one row: the update
    is guarded by what was read.
    """
    while due := list(_first_due(model, now, among)):
        for row in due:
            crashed = int(row.state == DueRow.State.RUNNING)
            claimed = (
                model.objects.due(now)
                .filter(pk=row.pk, attempts=row.attempts)
                .update(
                    state=DueRow.State.RUNNING,
                    attempts=F("attempts") + 1,
                    crashes=F("crashes") + crashed,
                    lease_until=now + model.LEASE,
                )
            )
            if not claimed:
                continue
            mine = model.objects.get(pk=row.pk)
            if mine.crashes < model.MAX_CRASHES:
                return mine
            mine.settle(DueRow.State.FAILED, "The worker died each time it tried this.")
    return None


def _first_due(
    model: type[Row], now: datetime, among: Q | None
) -> models.QuerySet[Row]:
    due = model.objects.due(now).filter(among or Q()).order_by(*model.CLAIM_ORDER)
    return due.only("state", "attempts")[:20]


def run_due(
    model: type[Row],
    act: Callable[[Row], None],
    limit: int,
    among: Q | None = None,
) -> int:
    """Do at most `limit` due rows of `model` with `act`, of those `among` if that is
    said; returns how many.

    `act` is called outside any transaction. It returns when the thing is done, or
    raises `Pointless`, `Permanent` or `Transient` with words for the staff.
    """
    done = 0
    while done < limit:
        row = claim_next(model, timezone.now(), among)
        if row is None:
            break
        done += 1
        try:
            _attempt(row, act)
        except Away:
            break
        # A slow far side can make one round long: who is at work is not away.
        beat(WORKER)
    return done


def _attempt(row: Row, act: Callable[[Row], None]) -> None:
    try:
        act(row)
    except Away as reason:
        row.retry(str(reason), reason.after)
        raise
    except Pointless as reason:
        row.settle(row.State.DROPPED, str(reason))
    except Permanent as reason:
        row.settle(row.State.FAILED, str(reason))
    except Transient as reason:
        row.retry(str(reason), reason.after)
    except Exception as fault:  # noqa: BLE001 — one bad row must not stop the queue
        # Only the kind of fault: its words may hold personal data.
        logger.error("%s %s: %s", type(row).__name__, row.pk, type(fault).__name__)
        row.retry(f"{type(fault).__name__}")
    else:
        row.settle(row.State.DONE)
