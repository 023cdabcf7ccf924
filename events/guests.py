"""Who is expected at an appointment, and what their calendars hear of it.

Whoever has them told says who they are; what each is told is found when the mail leaves
(`write`), so that it is true whatever happened meanwhile.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from community.messages.compose import CalendarPart
from community.messages.models import Message
from community.models import User

from . import entries
from .models import Appointment, Guest


def expect(appointment: Appointment, users: Iterable[User]) -> list[Guest]:
    """Have `users`, and nobody else, expected at `appointment`. Returns those to whom
    this is news."""
    users = {user.pk: user for user in users}
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=appointment.pk)
        expected = appointment.guests.filter(expected=True).select_related("user")
        known = {guest.user_id: guest for guest in expected}
        new = [
            Guest.objects.create(appointment=appointment, user=user)
            for key, user in users.items()
            if key not in known
        ]
        gone = [guest for key, guest in known.items() if key not in users]
        for guest in gone:
            guest.expected = False
            guest.save(update_fields=["expected"])
    return [*new, *gone]


def ahead(user: User) -> QuerySet[Guest]:
    """Where `user` is expected from now on."""
    return Guest.objects.filter(
        user=user,
        expected=True,
        appointment__state=Appointment.State.PLANNED,
        appointment__starts__gt=timezone.now(),
    )


def take_out(user: User, **of: object) -> list[Guest]:
    """Have `user` expected nowhere any more among the guests that are `of` so; returns
    where she was."""
    found = list(ahead(user).filter(**of).select_related("user", "appointment"))
    Guest.objects.filter(pk__in=[guest.pk for guest in found]).update(expected=False)
    return found


def told_of(appointment: Appointment) -> list[Guest]:
    """Those who are to hear of a change: who is expected, and who still has it in the
    calendar."""
    found = appointment.guests.select_related("user", "appointment")
    return [guest for guest in found if guest.expected or not guest.withdrawn]


def pointless(guest: Guest, row: Message) -> str:
    """Why a mail `row` to `guest` need not leave, for the staff; "" if it has to."""
    if guest.user.erased:
        return "The account was erased."
    written = row.mime is not None
    if guest.stands:
        if guest.appointment.ends <= timezone.now():
            return "The appointment is over."
        knows = guest.revision == guest.appointment.revision
        return "" if written or row.again or not knows else "The person knows of it."
    if guest.sequence is None:
        return "The person has never heard of it."
    if written and not guest.withdrawn:
        return "It does not hold any more: the next mail says so."
    if not written and guest.withdrawn and not row.again:
        return "The person knows of it."
    return ""


def write(guest: Guest, page: str) -> CalendarPart:
    """What the calendar of `guest` hears now, in the active language; `page` is where
    she reads more. It counts: call it in the transaction that keeps the mail."""
    appointment = guest.appointment
    # Outlook drops an update whose SEQUENCE does not grow.
    guest.sequence = 0 if guest.sequence is None else guest.sequence + 1
    if not guest.stands:
        guest.withdrawn = True
        guest.save(update_fields=["sequence", "withdrawn"])
        return CalendarPart("CANCEL", entries.of_guest(guest, page))
    columns = ["sequence", "revision", "starts"]
    if guest.starts not in (None, appointment.starts):
        # What was answered was about another hour.
        guest.rsvp, guest.rsvp_stamp, guest.rsvp_sequence = "", None, guest.sequence
        columns += ["rsvp", "rsvp_stamp", "rsvp_sequence"]
    guest.revision, guest.starts = appointment.revision, appointment.starts
    # What is answered meanwhile is not overwritten.
    guest.save(update_fields=columns)
    return CalendarPart("REQUEST", entries.of_guest(guest, page))
