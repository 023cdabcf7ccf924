"""What those invited to a visit are told of it, with what their calendars hear.

There is one kind of mail: what it says is found when it leaves.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from community.messages import kinds, outbox
from community.messages.compose import CalendarPart, compose
from community.messages.kinds import Kind
from community.messages.models import Message
from events import guests, links
from events.mails import COALESCE
from events.models import Guest
from workflows.engine import letters
from workflows.engine.access import may_work
from workflows.engine.kinds import Queued
from workflows.engine.models import Case, CaseQuerySet

from . import parties, reading

APPOINTMENT = "stop_appointment"


def tell(people: Iterable[Guest], *, wait: bool = False) -> None:
    """Queue a mail to each of `people`; with `wait` so much later that several changes
    are one. One that waits already says how things are when it leaves."""
    moment = timezone.now() + (COALESCE if wait else timedelta())
    outbox.queue(
        Message(
            kind=APPOINTMENT,
            about=guest.pk,
            recipient=guest.user.email,
            language=guest.user.language,
            next_try=moment,
            order_key=f"guest:{guest.pk}",
            dedupe_key=f"{APPOINTMENT}:{guest.pk}",
        )
        for guest in people
        if guest.user.erased is None
    )


def guests_of(cases: CaseQuerySet) -> QuerySet:
    """Whom the mails about the visits of `cases` are about, by key."""
    found = Guest.objects.filter(appointment__of_visit__stop__case__in=cases)
    return found.order_by().values_list("pk", flat=True)


def queued(case: Case, key: int) -> Queued:
    """The mails about `case` that were queued after the one of that `key`, and those
    about its visit that wait, whenever they were: what they say is found when
    they leave. As they would be read, without anybody's own door."""
    people = guests_of(Case.objects.filter(pk=case.pk))
    rows = Message.objects.filter(kind=APPOINTMENT, about__in=people)
    rows = rows.filter(state=Message.State.QUEUED).order_by("pk")
    letters_of = Message.objects.filter(order_key=case.thread, pk__gt=key)
    found = [(r.language, letters.preview(r)) for r in letters_of.order_by("pk")]
    return found + [
        (row.language, _compose(row, guest, None))
        for row in rows
        if not guests.pointless(guest := _guest(row), row)
    ]


def _guest(row: Message) -> Guest:
    found = Guest.objects.select_related(
        "user",
        "appointment__of_visit__stop__case__body",
        "appointment__of_visit__stop__case__unit",
    )
    return found.get(pk=row.about or 0)


def _render(row: Message) -> EmailMultiAlternatives:
    guest = _guest(row)
    is_first = guest.sequence is None
    before = guest.starts
    with override(row.language):
        part = guests.write(guest, page_for(guest))
    return _compose(row, guest, part, is_first=is_first, before=before)


def page_for(guest: Guest) -> str:
    """Where she finds the stop: on its page or, of the office, among its cases."""
    stop = guest.appointment.of_visit.stop
    case = stop.case
    if parties.party_of(stop, guest.user):
        return links.absolute(reading.page(case))
    if may_work(guest.user, case):
        return links.absolute(reverse("cases:case", args=[case.number]))
    # It is closed to who has left.
    return links.absolute(reverse("my_bodies"))


def _compose(
    row: Message,
    guest: Guest,
    part: CalendarPart | None,
    *,
    is_first: bool | None = None,
    before=None,
) -> EmailMultiAlternatives:
    if is_first is None:
        is_first, before = guest.sequence is None, guest.starts
    appointment = guest.appointment
    stop = appointment.of_visit.stop
    with override(row.language):
        page = page_for(guest)
        door = links.guest_link(guest)
        context = {
            "appointment": appointment,
            "case": stop.case,
            "stop": stop,
            "what": _what(guest, is_first=is_first),
            "before": before if before != appointment.starts else None,
            # As it is shown to the staff, it has nobody's own door.
            "links": {"own": page, "join": door if part else door and page},
        }
    return compose(
        "stop_appointment",
        recipient=row.recipient,
        language=row.language,
        context=context,
        calendar=part,
    )


def _what(guest: Guest, *, is_first: bool) -> str:
    if guest.stands:
        return "invited" if is_first else "moved"
    return "cancelled" if guest.expected else "left"


def _pointless(row: Message) -> str:
    return guests.pointless(_guest(row), row) if _is_there(row) else "It is gone."


def _is_there(row: Message) -> bool:
    return Guest.objects.filter(pk=row.about or 0).exists()


def register_all() -> None:
    """At start-up."""
    # Also who leaves has it taken out of the calendar.
    kinds.register(
        Kind(APPOINTMENT, _("Visit of the caravan"), _render, _pointless, parting=True)
    )
