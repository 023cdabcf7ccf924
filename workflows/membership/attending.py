"""The sessions that people of a body have registered for.

Anybody may write the name of a body in a form. By name its people see only those who
act for it, as they do; of the others they see how many there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Lower

from community.models import LocalBody, Membership
from events.models import Registration, RegistrationQuerySet, Session, SessionQuerySet


class Attended(NamedTuple):
    """A session with the registrations of those who act for the body, and how many
    others have registered for the body."""

    session: Session
    known: list[Registration]
    others: int


def to_come(body: LocalBody, now: datetime) -> SessionQuerySet:
    """The next first; `people` says how many."""
    rows = Registration.objects.to_come(now).filter(body=body)
    return _sessions(rows).order_by("starts", "pk")


def held(body: LocalBody, now: datetime) -> SessionQuerySet:
    """Where somebody had a place, the last first; `people` says how many."""
    rows = Registration.objects.held(now).filter(body=body)
    rows = rows.filter(state=Registration.State.CONFIRMED)
    return _sessions(rows).order_by("-starts", "-pk")


def _sessions(rows: RegistrationQuerySet) -> SessionQuerySet:
    here = rows.filter(session=OuterRef("pk")).order_by().values("session")
    count = here.values(count=Count("pk"))
    sessions = Session.objects.filter(pk__in=rows.values("session"))
    sessions = sessions.annotate(people=Subquery(count))
    return sessions.select_related("series", "topic")


def with_people(body: LocalBody, sessions: Iterable[Session]) -> list[Attended]:
    """Each of those `sessions` with who goes, or went, for the body."""
    sessions = list(sessions)
    acting = Membership.objects.active().filter(body=body)
    addresses = acting.order_by().values(address=Lower("user__email"))
    rows = Registration.objects.active().of_somebody().filter(body=body)
    rows = rows.filter(session__in=sessions).alias(address=Lower("email"))
    known: dict[int, list[Registration]] = defaultdict(list)
    for row in rows.filter(address__in=addresses).order_by("name", "pk"):
        known[row.session_id].append(row)
    return [
        Attended(each, known[each.pk], max(each.people - len(known[each.pk]), 0))
        for each in sessions
    ]
