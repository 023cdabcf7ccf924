"""What a restored site must forget, and what it must not do a second time.

The backup is the past: between its making and its restoring mails left of which it
knows nothing. Whoever would repeat them, or count on from an old number, misleads
people; so every such thing is put aside or moved on here, in SQL that both databases
understand, since it must happen in the very transaction that brings the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from community.messages import kinds
from community.models import Message

from .engines import Statement

State = Message.State
MAY_HAVE_LEFT = "It may have left before the site was restored."


@dataclass(frozen=True)
class Gap:
    """The time of which a restored site knows nothing."""

    made_at: datetime
    restored_at: datetime

    @property
    def seconds(self) -> int:
        return max(int((self.restored_at - self.made_at).total_seconds()), 0)

    @property
    def now(self) -> Any:
        """The moment of restoring as the database's column holds it."""
        return connection.ops.adapt_datetimefield_value(self.restored_at)


Settle = Callable[[Gap], list[Statement]]

_settles: dict[str, Settle] = {}


def register(name: str, settle: Settle) -> None:
    """Have a restored database settled by `settle` too; a room calls it at start-up.
    The tables and columns it names must be those of every release that `migrate`
    can start from."""
    _settles[name] = settle


def statements(gap: Gap) -> list[Statement]:
    """All that settles a restored database."""
    return [
        *_hold_mail(gap),
        *_forget(),
        *(line for settle in _settles.values() for line in settle(gap)),
    ]


def _hold_mail(gap: Gap) -> list[Statement]:
    """No mail that waited leaves by itself: a person decides about each.

    What our own kinds say is written anew if it is sent, as things are then. What is
    secret is dropped: codes run out in minutes, and a new one is asked for.
    """
    unsettled = [*Message.WAITING, State.RUNNING]
    secret = [kind.name for kind in kinds.known() if kind.secret]
    ours = [kind.name for kind in kinds.known() if kind.render]
    waits = f"state IN ({_marks(unsettled)})"
    return [
        (
            "UPDATE community_message SET state = %s, error = %s, settled = %s,"  # noqa: S608 - only marks
            " subject = '', mime = NULL, lease_until = NULL"
            f" WHERE {waits} AND kind IN ({_marks(secret)})",
            [State.DROPPED, MAY_HAVE_LEFT, gap.now, *unsettled, *secret],
        ),
        (
            "UPDATE community_message SET again = TRUE, mime = NULL"  # noqa: S608 - only marks
            f" WHERE {waits} AND kind IN ({_marks(ours)})",
            [*unsettled, *ours],
        ),
        (
            "UPDATE community_message SET state = %s, error = %s, dedupe_key = '',"  # noqa: S608 - only marks
            f" lease_until = NULL, crashes = 0 WHERE {waits}",
            [State.HELD, MAY_HAVE_LEFT, *unsettled],
        ),
    ]


def _forget() -> list[Statement]:
    """Nobody is signed in; and what only wakes the worker wakes it anew."""
    tables = (Session._meta.db_table, DBTaskResult._meta.db_table)
    return [(f"DELETE FROM {table}", []) for table in tables]  # noqa: S608 - our tables


def _marks(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"
