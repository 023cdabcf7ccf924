"""What those invited to the appointments of a kind of case are told of them, with what
their calendars hear."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import override

from community.messages import kinds, outbox
from community.messages.compose import CalendarPart, compose
from community.messages.kinds import Kind
from community.messages.models import Message
from events import guests, links
from events.mails import COALESCE
from events.models import Guest

from . import letters
from .kinds import About, Queued
from .models import Case


@dataclass(frozen=True)
class AppointmentMails:
    """One kind of mail, whose words are found when it leaves.

    `name` is stored with every mail; `label` is what the staff read; `template` is in
    the theme, below `mail/`.
    `record` is the look-up from an appointment to what it is of, which has a `case` and
    which the template reads; `with_it` are the look-ups of its own that it needs there.
    `page` is where a guest finds it.
    """

    name: str
    label: str
    template: str
    record: str
    page: Callable[[Guest], str]
    with_it: tuple[str, ...] = ()

    def register(self) -> None:
        """At start-up."""
        # Also who leaves has it taken out of the calendar.
        kind = Kind(self.name, self.label, self._render, self._pointless, parting=True)
        kinds.register(kind)

    def tell(self, people: Iterable[Guest], *, wait: bool = False) -> None:
        """Queue a mail to each of `people`; with `wait` so much later that several
        changes are one. One that waits already says how things are when it leaves."""
        moment = timezone.now() + (COALESCE if wait else timedelta())
        outbox.queue(
            Message(
                kind=self.name,
                about=guest.pk,
                recipient=guest.user.email,
                language=guest.user.language,
                next_try=moment,
                order_key=f"guest:{guest.pk}",
                dedupe_key=f"{self.name}:{guest.pk}",
            )
            for guest in people
            if guest.user.erased is None
        )

    @property
    def guests_of(self) -> About:
        """Whom the mails are about, of some cases, by key."""
        return About(Guest, f"appointment__{self.record}__case")

    def queued(self, case: Case, key: int) -> Queued:
        """The mails about `case` that were queued after the one of that `key`, and
        those about its appointments that wait, whenever they were: what they say is
        found when they leave. As they would be read, without anybody's own door."""
        people = self.guests_of.of(case.pk)
        rows = Message.objects.filter(kind=self.name, about__in=people)
        rows = rows.filter(state=Message.State.QUEUED).order_by("pk")
        letters_of = Message.objects.filter(order_key=case.thread, pk__gt=key)
        found = [(r.language, letters.preview(r)) for r in letters_of.order_by("pk")]
        return found + [
            (row.language, self._compose(row, guest, None))
            for row in rows
            if not guests.pointless(guest := self._guest(row), row)
        ]

    def _guest(self, row: Message) -> Guest:
        of_it = ("case__body", "case__unit", *self.with_it)
        found = Guest.objects.select_related(
            "user", *(f"appointment__{self.record}__{lookup}" for lookup in of_it)
        )
        return found.get(pk=row.about or 0)

    def _render(self, row: Message) -> EmailMultiAlternatives:
        guest = self._guest(row)
        is_first, before = guest.sequence is None, guest.starts
        with override(row.language):
            part = guests.write(guest, self.page(guest))
        return self._compose(row, guest, part, is_first=is_first, before=before)

    def _compose(
        self,
        row: Message,
        guest: Guest,
        part: CalendarPart | None,
        *,
        is_first: bool | None = None,
        before: datetime | None = None,
    ) -> EmailMultiAlternatives:
        if is_first is None:
            is_first, before = guest.sequence is None, guest.starts
        appointment = guest.appointment
        record: Any = reduce(getattr, self.record.split("__"), appointment)
        with override(row.language):
            page = self.page(guest)
            door = links.guest_link(guest)
            context = {
                "appointment": appointment,
                "case": record.case,
                "record": record,
                "what": _what(guest, is_first=is_first),
                "before": before if before != appointment.starts else None,
                # As it is shown to the staff, it has nobody's own door.
                "links": {"own": page, "join": door if part else door and page},
            }
        return compose(
            self.template,
            recipient=row.recipient,
            language=row.language,
            context=context,
            calendar=part,
        )

    def _pointless(self, row: Message) -> str:
        if not Guest.objects.filter(pk=row.about or 0).exists():
            return "It is gone."
        return guests.pointless(self._guest(row), row)


def _what(guest: Guest, *, is_first: bool) -> str:
    if guest.stands:
        return "invited" if is_first else "moved"
    return "cancelled" if guest.expected else "left"
