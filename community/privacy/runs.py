"""Going through the retention register: once a day, a bit at a time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Max
from django.utils import timezone

from . import register
from .models import RetentionRun
from .register import Entry

logger = logging.getLogger(__name__)

# Rows ended in one go by `run_all`.
AT_ONCE = 500


def run_due(limit: int) -> int:
    """End at most `limit` rows whose term has come; returns how many. Each entry is
    gone through once a day. One that breaks does not hold up the others: it is tried
    again the next day."""
    now = timezone.now()
    day = _day(now)
    finished = RetentionRun.objects.filter(day=day).exclude(finished=None)
    gone_through = set(finished.values_list("entry", flat=True))
    done = 0
    for entry in register.entries():
        if entry.name not in gone_through and done < limit:
            done += _run(entry, day, now, limit - done)
    return done


def run_all() -> dict[str, int]:
    """End everything whose term has come, now; how many rows of each entry."""
    now = timezone.now()
    ended = {}
    for entry in register.entries():
        if entry.due:
            ended[entry.name] = 0
            while some := _run(entry, _day(now), now, AT_ONCE):
                ended[entry.name] += some
    return ended


def faults_today() -> str:
    """The entries that broke in today's run, and how; "" if none did."""
    broken = RetentionRun.objects.filter(day=_day(timezone.now())).exclude(fault="")
    return ", ".join(f"{run.entry}: {run.fault}" for run in broken)


def _run(entry: Entry, day: date, now: datetime, limit: int) -> int:
    if entry.due is None:
        return 0
    run, _new = RetentionRun.objects.get_or_create(entry=entry.name, day=day)
    mine = RetentionRun.objects.filter(pk=run.pk)
    try:
        ended = entry.end_some(now, limit)
    except Exception as fault:  # noqa: BLE001 — the other entries have their term too
        # Only the kind of fault: its words may hold personal data.
        logger.error("Retention of %s: %s", entry.name, type(fault).__name__)
        mine.update(fault=type(fault).__name__[:100], finished=timezone.now())
        return 0
    finished = timezone.now() if ended < limit else None
    mine.update(rows=F("rows") + ended, fault="", finished=finished)
    if ended:
        logger.info("Retention of %s: %s rows ended", entry.name, ended)
    return ended


@dataclass(frozen=True)
class Outlook:
    """An entry as it stands: how many rows it has, how many of them are due, when it
    was last gone through and when it will be. Null where nothing ends by itself."""

    entry: Entry
    rows: int
    due: int | None
    last: RetentionRun | None
    next_day: date | None


def outlooks() -> Iterator[Outlook]:
    """Every entry of the register as it stands now. Nothing is changed: a rehearsal
    of what the next run does."""
    now = timezone.now()
    last = _last_runs()
    for entry in register.entries():
        run = last.get(entry.name)
        yield Outlook(
            entry=entry,
            rows=entry.rows().count(),
            due=entry.due(now).count() if entry.due else None,
            last=run,
            next_day=_next_day(run, _day(now)) if entry.due else None,
        )


def _last_runs() -> dict[str, RetentionRun]:
    newest = RetentionRun.objects.order_by().values("entry").annotate(newest=Max("pk"))
    keys = [row["newest"] for row in newest]
    return {run.entry: run for run in RetentionRun.objects.filter(pk__in=keys)}


def _next_day(run: RetentionRun | None, today: date) -> date:
    done_today = run and run.day >= today and run.finished
    return today + timedelta(days=1) if done_today else today


def _day(now: datetime) -> date:
    """The day by the installation's clock."""
    return timezone.localdate(now, timezone.get_default_timezone())
