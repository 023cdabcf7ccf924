"""Reminding those who come, so long before a session as its series says.

Nothing is planned. Which reminders are due is worked out of the sessions as they are
whenever the worker wakes, and the row that says that one has left is written together
with its mails: a session that moves, or is not held, leaves nothing to be put right.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from community.messages.models import Message
from community.models import Heartbeat, User
from community.work.heartbeat import RESTORED

from . import mails
from .before import LONGEST, Before
from .models import Registration, Reminder, Session
from .registrations import locked

KIND = "reminder"
# Mails that say when the session is.
TELLING = (
    "registration_confirmed",
    "registration_promoted",
    "registration_links",
    "session_moved",
    "session_rescheduled",
    KIND,
)


def remind_due(limit: int) -> int:
    """Queue at most `limit` reminders that are due, each to all it is for; returns how
    many. Those that may have left before the site was restored are not."""
    now = timezone.now()
    restored = Heartbeat.objects.filter(name=RESTORED, at__lte=now).first()
    due = [
        (session, before)
        for session in _not_over(now)
        for before in befores_of(session)
        if before.is_due(session.starts, now)
        and not (restored and before.moment(session.starts) <= restored.at)
        and (str(before), session.starts) not in _left(session)
    ]
    for session, before in due[:limit]:
        _remind(session, before)
    return len(due[:limit])


def befores_of(session: Session) -> list[Before]:
    """When those who come to `session` are reminded, the longest before first."""
    found = [Before.read(text) for text in session.series.reminders]
    return sorted(found, key=lambda before: before.length, reverse=True)


def switch(session: Session, *, on: bool, by: User | None = None) -> bool:
    """Have people reminded of `session`, or not. Returns False if it was so already."""
    with transaction.atomic():
        held = locked(session)
        if held.remind == on:
            return False
        session.remind = on
        session.save(update_fields=["remind", "changed"])
        log(session, "events.remind" if on else "events.remind_not", user=by)
    return True


def _not_over(now: datetime) -> list[Session]:
    sessions = Session.objects.filter(
        state=Session.State.ANNOUNCED,
        remind=True,
        starts__gt=now,
        # A day more: a change of clock makes a day longer.
        starts__lt=now + LONGEST + timedelta(days=1),
    )
    return list(sessions.select_related("series").prefetch_related("reminders"))


def _left(session: Session) -> set[tuple[str, datetime]]:
    return {(row.before, row.starts) for row in session.reminders.all()}


def _remind(session: Session, before: Before) -> None:
    """Queue one reminder. Under the session's lock: another worker may be at it, and
    somebody may be moving the session."""
    with transaction.atomic():
        held = Session.objects.select_for_update().get(pk=session.pk)
        now = timezone.now()
        announced = held.state == Session.State.ANNOUNCED
        if not (announced and held.remind and before.is_due(held.starts, now)):
            return
        reminder, is_new = Reminder.objects.get_or_create(
            session=held, before=str(before), starts=held.starts
        )
        if is_new:
            people = _who_needs(held, now - before.length / 2)
            mails.tell(KIND, people, about=reminder.pk)


def _who_needs(session: Session, since: datetime) -> list[Registration]:
    """Those who come, except whom we told `since` then when it is: who registered
    yesterday knows that it is in a week, and who registered this morning, tomorrow."""
    people = session.registrations.of_somebody().filter(
        state=Registration.State.CONFIRMED
    )
    threads = {person.thread: person for person in people}
    being_told = Q(state__in=(*Message.WAITING, Message.State.RUNNING))
    told = Message.objects.filter(
        being_told | Q(state=Message.State.DONE, settled__gt=since),
        kind__in=TELLING,
        order_key__in=threads,
    )
    knowing = set(told.values_list("order_key", flat=True))
    return [person for thread, person in threads.items() if thread not in knowing]
