"""An appointment is arranged, moved and cancelled, each time whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from events import appointments
from events.models import Appointment, Meeting, Provider
from tests.factories import a_session, a_user, in_two_weeks

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def arrange(**values: Any) -> Appointment:
    starts = values.pop("starts", in_two_weeks())
    values = {"title": "Diagnosi", "ends": starts + HOUR, **values}
    return appointments.arrange(starts=starts, **values)


def as_it_is(appointment: Appointment) -> Appointment:
    return Appointment.objects.get(pk=appointment.pk)


def test_what_is_done_with_it_and_by_whom_is_in_its_history():
    user = a_user()
    starts = in_two_weeks() + HOUR

    appointment = arrange(place="Sala", by=user)
    move = {"starts": starts, "ends": starts + HOUR, "by": user}
    assert appointments.move(appointment, **move)
    assert not appointments.move(appointment, **move), "it is there already"
    assert as_it_is(appointment).starts == starts
    assert as_it_is(appointment).place == "Sala", "nobody gave another one"
    assert appointments.cancel(appointment, by=user)
    assert not appointments.cancel(appointment, by=user)

    history = ModelLogEntry.objects.filter(user=user).order_by("timestamp")
    assert [entry.action for entry in history] == [
        "events.arrange",
        "events.move_appointment",
        "events.cancel_appointment",
    ]
    with pytest.raises(ValidationError):
        appointments.move(appointment, **{**move, "starts": starts - HOUR})


@pytest.mark.parametrize(
    ("starts", "ends"), [(HOUR, HOUR), (2 * HOUR, HOUR), (-HOUR, HOUR)]
)
def test_one_that_cannot_be_is_neither_arranged_nor_moved_to(starts, ends):
    appointment = arrange(provider=Provider.TEAMS)
    wished = Meeting.objects.get().wanted_revision
    now = timezone.now()
    when = {"starts": now + starts, "ends": now + ends}

    with pytest.raises(ValidationError):
        arrange(**when)
    with pytest.raises(ValidationError):
        appointments.move(appointment, **when)

    assert Appointment.objects.get().starts == in_two_weeks()
    assert Meeting.objects.get().wanted_revision == wished


@pytest.mark.parametrize("provider", [Provider.NONE, Provider.LINK])
def test_nobody_makes_a_meeting_that_nobody_asked_for(provider):
    arrange(provider=provider, join_url="https://meet.example/x")

    assert not Meeting.objects.exists()


@pytest.mark.parametrize("whose", ["nobody's", "of both"])
def test_a_meeting_is_for_one_occasion(whose):
    both = {"session": a_session(), "appointment": arrange()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(**(both if whose == "of both" else {}))
