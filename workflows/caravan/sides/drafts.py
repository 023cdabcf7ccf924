"""Stops as the people of the host write them: until one of them sends it, and while it
is to be amended.

Each verb holds the lock of the body's people (`memberships.locked`): it asks there
whether who acts still may, and what two colleagues do at once comes one after the
other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.acting import memberships
from community.models import LocalBody, User
from community.privacy.register import YEAR
from workflows.caravan import parties
from workflows.caravan.models import Chronicle, Stop, StopQuerySet
from workflows.engine.models import File

from . import standing

# After its last saving.
KEPT = YEAR


class Over(Exception):
    """It is not being written any more: somebody has sent it, or thrown it away."""


class Changed(Exception):
    """A colleague has saved it since it was read; `draft` is as it is now."""

    def __init__(self, draft: Stop | Chronicle) -> None:
        super().__init__()
        self.draft = draft


def begin(body: LocalBody, by: User) -> Stop:
    """Begin a draft; one that the same person began and left blank goes on. Raises
    PermissionDenied."""
    with memberships.locked(body):
        _check(by, body)
        mine = Stop.objects.drafts().filter(body=body, begun_by=by)
        mine = mine.filter(version=0, files=None)
        return mine.first() or Stop.objects.create(
            body=body, begun_by=by, saved_by=by, saved=timezone.now()
        )


def save(stop: Stop, written: dict[str, Any], *, version: int, by: User) -> Stop:
    """Keep what was `written` by who had read that `version`, and give it as it is
    then. Raises Changed, Over and PermissionDenied."""
    with opened(stop, by) as found:
        if found.written == written:
            return found
        if found.version != version:
            raise Changed(found)
        found.written = written
        found.version += 1
        found.save(update_fields=["written", "version"])
        touch(found, by)
        return found


def touch(stop: Stop, by: User) -> None:
    """It was saved just now."""
    stop.saved_by, stop.saved = by, timezone.now()
    stop.save(update_fields=["saved_by", "saved"])


def discard(stop: Stop, *, by: User) -> None:
    """Throw the draft away with its files, for all. Raises Over and
    PermissionDenied."""
    with opened(stop, by) as found:
        if not found.is_draft:
            raise Over
        _forget(found)


@contextmanager
def opened(stop: Stop, by: User) -> Iterator[Stop]:
    """It as it is now, for who may write it. Raises Over and PermissionDenied."""
    with memberships.locked(stop.body):
        _check(by, stop.body)
        rows = Stop.objects.filter(body=stop.body, pk=stop.pk)
        found = rows.select_related("body", "case__process", "saved_by").first()
        if found is None or not is_open(found):
            raise Over
        yield found


def is_open(stop: Stop) -> bool:
    """Whether it is being written: it is a draft, or to be amended."""
    return stop.is_draft or standing.step_of(stop) == standing.AMEND


def _check(by: User, body: LocalBody) -> None:
    if not parties.may_write(memberships.for_body(by, body)):
        raise PermissionDenied


# Until when they are kept -------------------------------------------------------------


def kept_until(stop: Stop) -> datetime:
    """After which moment a draft is thrown away, if nobody sends it."""
    return stop.saved + KEPT


def old(now: datetime) -> StopQuerySet:
    """Those that are not kept any longer."""
    return Stop.objects.drafts().filter(saved__lt=now - KEPT)


def forget_old(now: datetime, limit: int) -> int:
    """Throw at most `limit` of them away; returns how many."""
    rows = list(old(now).select_related("body").order_by("pk")[:limit])
    for stop in rows:
        with memberships.locked(stop.body):
            # It may have been sent just now.
            for found in old(now).filter(pk=stop.pk):
                _forget(found)
    return len(rows)


def _forget(stop: Stop) -> None:
    File.objects.filter(of_stop__stop=stop).delete()
    stop.delete()
