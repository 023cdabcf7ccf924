"""The cases follow the registrations: work for the worker.

A case opens when a registration needs somebody, and ends by itself when it needs nobody
any more. Being killed in it, or doing it again, changes nothing.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import chain, islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext, override

from community.cover import today
from events.models import Registration, RegistrationQuerySet, Session
from events.wording import long_date
from workflows.engine import cases, desk, retention
from workflows.engine.clock import calendar_of
from workflows.engine.models import Case
from workflows.engine.terms import Calendar, Measure, Term, reckon
from workflows.organising.models import Decision

from . import outcomes
from .causes import causes
from .flows import DecisionFlow

logger = logging.getLogger(__name__)

# Stored with every case.
NAME, PREFIX = "registration", "INS"
# So many working days to decide, and never later than the last one before the session.
DAYS = 2

Cause = Decision.Cause
Act = Callable[[], None]


def follow_due(limit: int) -> int:
    """End, correct and open at most `limit` cases; returns how many. One that cannot
    be done does not hold up the others."""
    now = timezone.now()
    calendar = cache(calendar_of)
    # Each is looked for when the ones before are done.
    acts = chain.from_iterable(
        look(now, limit, calendar)
        for look in (_to_end, _to_erase, _to_correct, _to_open)
    )
    return sum(_done(act) for act in islice(acts, limit))


def _done(act: Act) -> bool:
    try:
        act()
    except Exception as fault:  # noqa: BLE001 — one bad row must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Decision about a registration: %s", type(fault).__name__)
        return False
    return True


def _to_end(now: datetime, limit: int, _calendar: Callable) -> Iterator[Act]:
    """Of the cases whose cause is gone."""
    for cause, found in causes(now).items():
        still = found.filter(pk=OuterRef("registration"), mark=OuterRef("mark"))
        over = Decision.objects.open().filter(~Exists(still), cause=cause)
        for decision in over.select_related("case__process").order_by("pk")[:limit]:
            yield partial(_end, decision, now)


def _end(decision: Decision, now: datetime) -> None:
    with desk.ended(decision.case) as case:
        if case is None:
            return
        registration = Registration.objects.select_related("session").get(
            pk=decision.registration_id
        )
        cases.finish(case, outcomes.by_itself(decision.cause, registration, now))
        Decision.objects.filter(pk=decision.pk).update(gone=True)


def _to_erase(_now: datetime, limit: int, _calendar: Callable) -> Iterator[Act]:
    """What is known of nobody any more is so in its cases too."""
    gone = Case.objects.settled().of_somebody()
    gone = gone.filter(decision__registration__erased__isnull=False)
    if rows := list(gone.order_by("pk")[:limit]):
        yield partial(retention.erase, rows)


def _to_correct(_now: datetime, limit: int, calendar: Callable) -> Iterator[Act]:
    keys = Decision.objects.outdated().order_by("pk").values_list("pk", flat=True)
    for key in list(keys[:limit]):
        yield partial(_correct, key, calendar)


def _correct(key: int, calendar: Callable[[], Calendar]) -> None:
    with transaction.atomic():
        rows = Decision.objects.select_related("registration__session__series")
        decision = rows.get(pk=key)
        case = Case.objects.select_for_update().get(pk=decision.case_id)
        said = _who(decision.registration)
        if case.is_active:
            since = timezone.localdate(case.created)
            said |= _what(decision.cause, decision.registration, since, calendar())
        for name, value in said.items():
            setattr(case, name, value)
        case.search_key = case.found_by
        case.save(update_fields=[*said, "search_key"])
        decision.starts = decision.registration.session.starts
        decision.save(update_fields=["starts"])


def _to_open(now: datetime, limit: int, calendar: Callable) -> Iterator[Act]:
    known = Decision.objects.filter(
        registration=OuterRef("pk"), mark=OuterRef("mark"), gone=False
    )
    for cause, found in causes(now, with_room=True).items():
        fresh = found.filter(~Exists(known.filter(cause=cause)))
        keys = fresh.order_by("pk").values_list("pk", flat=True)
        for key in list(keys[:limit]):
            yield partial(_open, cause, fresh, key, calendar)


def _open(
    cause: Cause,
    fresh: RegistrationQuerySet,
    key: int,
    calendar: Callable[[], Calendar],
) -> None:
    with transaction.atomic():
        # A second worker waits here, and then finds nothing.
        Registration.objects.select_for_update().get(pk=key)
        found = fresh.filter(pk=key).select_related("session__series__unit", "body")
        registration = found.first()
        if registration is None:
            return
        case = Case(
            kind=NAME,
            number=cases.new_number(PREFIX),
            **_who(registration),
            **_what(cause, registration, today(), calendar()),
        )
        decision = Decision(
            registration=registration,
            cause=cause,
            mark=registration.mark,
            starts=registration.session.starts,
        )
        DecisionFlow.opened.run(case=case, decision=decision)


def _who(registration: Registration) -> dict[str, object]:
    """What a case says of who is registered. Not the address: nobody is written to
    about the case, and who asks what we hold of them finds the registration."""
    return {
        "name": registration.name,
        "language": registration.language,
        "body_id": registration.body_id,
    }


def _what(
    cause: str, registration: Registration, since: date, calendar: Calendar
) -> dict[str, object]:
    session = registration.session
    return {
        "unit_id": session.series.unit_id,
        "title": title_of(cause, session),
        "due": due_on(session, since, calendar),
    }


def title_of(cause: str, session: Session) -> str:
    """What is to be decided, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        words = {
            Cause.APPROVAL: gettext("Approve the registration: %(session)s"),
            Cause.LIMIT: gettext("Over the places of its body: %(session)s"),
            Cause.ADDRESS: gettext("Mail does not arrive: %(session)s"),
        }[Cause(cause)]
        return (words % {"session": about(session)})[:200]


def about(session: Session) -> str:
    """Which session, by its name and its day: what its cases can be searched by."""
    return f"{str(session.title)[:130]}, {long_date(session.starts)}"


def due_on(session: Session, since: date, calendar: Calendar) -> date:
    """The last day to decide: two working days after `since`, or the last working day
    before that of the session if it comes first; never before `since`."""
    term = reckon(Term(Measure.WORKING_DAYS, DAYS, since), calendar).due
    last = timezone.localdate(session.starts) - timedelta(days=1)
    while calendar.off(last) and last > since:
        last -= timedelta(days=1)
    return max(min(term, last), since)
