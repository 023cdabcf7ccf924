"""What is done with an appointment.

Its meeting follows by itself. Nobody is written to: whoever arranges it knows whom it
concerns, says who is expected (`guests`) and tells them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User

from .meetings import sync as meetings
from .models import Appointment, Provider


def arrange(
    *,
    title: Any,
    starts: datetime,
    ends: datetime,
    place: Any = "",
    provider: str = Provider.NONE,
    join_url: str = "",
    key: UUID | None = None,
    by: User | None = None,
) -> Appointment:
    """An appointment at that time, at a `place`, online with `provider`, or both.
    `key` is its `uuid`, if that is chosen already.
    Raises ValidationError if it cannot be."""
    appointment = Appointment(
        **({"uuid": key} if key else {}),
        title=title,
        starts=starts,
        ends=ends,
        place=place,
        provider=provider,
        join_url=join_url,
    )
    with transaction.atomic():
        _check(appointment)
        appointment.save()
        log(appointment, "events.arrange", user=by)
        meetings.wanted(appointment)
    return appointment


def move(
    appointment: Appointment,
    *,
    starts: datetime,
    ends: datetime,
    place: Any = None,
    by: User | None = None,
) -> bool:
    """Hold `appointment` at another time, or at another `place` if one is given.
    Returns False if nothing changed. Raises ValidationError if it cannot be moved so,
    or is cancelled."""
    with transaction.atomic():
        held = _locked(appointment)
        if not held.takes_place:
            raise ValidationError(_("This appointment is cancelled."))
        place = held.place if place is None else place
        before = held.starts, held.ends, held.place
        if before == (starts, ends, place):
            return False
        held.starts, held.ends, held.place = starts, ends, place
        _check(held)
        revision = held.revision + 1
        _save(appointment, starts=starts, ends=ends, place=place, revision=revision)
        from_to = {"from": before[0].isoformat(), "to": starts.isoformat()}
        log(appointment, "events.move_appointment", user=by, data=from_to)
        meetings.wanted(appointment)
    return True


def cancel(
    appointment: Appointment, *, reason: str = "", by: User | None = None
) -> bool:
    """Cancel `appointment` for good, for a `reason` that its guests read. Returns False
    if it was cancelled already."""
    with transaction.atomic():
        held = _locked(appointment)
        if not held.takes_place:
            return False
        cancelled = {"state": Appointment.State.CANCELLED, "reason": reason}
        _save(appointment, **cancelled, revision=held.revision + 1)
        log(appointment, "events.cancel_appointment", user=by, data={"reason": reason})
        meetings.wanted(appointment)
    return True


def _locked(appointment: Appointment) -> Appointment:
    """`appointment` as it is now, held until the transaction ends."""
    return Appointment.objects.select_for_update().get(pk=appointment.pk)


def _check(appointment: Appointment) -> None:
    appointment.full_clean()
    if appointment.starts <= timezone.now():
        raise ValidationError({"starts": _("Choose a moment that is still to come.")})


def _save(appointment: Appointment, **values: Any) -> None:
    """Write `values`, and no other column."""
    for name, value in values.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=[*values, "changed"])
