"""Which registrations need somebody to act, and why."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Lower

from community.models import Suppression
from events import line
from events.models import Registration, RegistrationQuerySet, Session
from workflows.organising.models import Decision

Cause = Decision.Cause
State = Registration.State


def causes(
    now: datetime, *, with_room: bool = False
) -> dict[Cause, RegistrationQuerySet]:
    """For each cause the registrations to come that have it, each with the `mark` of
    its address, 0 without. `with_room`: of those over the places of their body, only
    the ones whom nothing else holds up; in a full session they wait as all do."""
    coming = Registration.objects.of_somebody().to_come(now)
    unmarked = coming.annotate(mark=Value(0))
    return {
        Cause.APPROVAL: unmarked.filter(state=State.PENDING),
        Cause.LIMIT: unmarked.filter(pk__in=_over_limit(now, with_room)),
        Cause.ADDRESS: _marked(coming),
    }


def _over_limit(now: datetime, with_room: bool) -> list[int]:
    waiting = Registration.objects.waiting().filter(session=OuterRef("pk"))
    sessions = Session.objects.filter(
        Exists(waiting),
        state=Session.State.ANNOUNCED,
        body_limit__isnull=False,
        starts__gt=now,
    )
    return [
        registration.pk
        for session in sessions
        for registration in line.over_limit(session, with_room=with_room)
    ]


def _marked(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of `registrations` to whom mail comes back. Who wants none is asked for
    nothing."""
    marks = Suppression.objects.current().filter(reason=Suppression.Reason.BOUNCED)
    addresses = marks.order_by().values(address=Lower("email"))
    mark = marks.of(OuterRef("email")).values("pk")[:1]
    found = registrations.alias(address=Lower("email")).filter(address__in=addresses)
    return found.annotate(mark=Subquery(mark))
