"""The stops as a calendar to subscribe to."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from events.models import Appointment
from tests.factories.caravan import DATES, VISIT, a_house, at
from tests.factories.pages import a_home
from tests.factories.practices import a_caravan_page
from workflows.caravan import stops, visiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def caravan() -> None:
    cache.clear()
    a_caravan_page(a_home())


def entries() -> list[Any]:
    answer = Client().get("/ca/caravan/stops.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_stop_is_in_it_once_its_day_is_fixed_and_it_names_nobody():
    at(DATES)
    assert not entries()
    stop = at(VISIT)

    [entry] = entries()

    assert stop.title in entry["SUMMARY"]
    assert stop.body.name in entry["SUMMARY"]
    assert entry["DTSTART"].dt == stop.appointment.starts
    assert entry["STATUS"] == "CONFIRMED"
    assert f"#stop-{stop.pk}" in entry["URL"]
    assert "ATTENDEE" not in entry
    assert "ORGANIZER" not in entry


def test_one_that_is_withdrawn_is_cancelled_under_the_same_name():
    house = a_house()
    stop = at(VISIT, house)
    [before] = entries()

    stops.withdraw(stop, "No pot ser", house.technician.user)

    [after] = entries()
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert "No pot ser" not in after.to_ical().decode()


def test_one_that_moves_keeps_its_name_and_counts_on():
    house = a_house()
    stop = at(VISIT, house)
    [before] = entries()
    starts = stop.appointment.starts + timedelta(days=1)

    visiting.move(
        stop.case,
        starts=starts,
        ends=starts + timedelta(hours=1),
        place="Al mercat",
        by=house.coordinator,
    )

    [after] = entries()
    assert after["UID"] == before["UID"]
    assert after["DTSTART"].dt == starts
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_after_a_year_it_is_not_in_it_any_more():
    stop = at(VISIT)
    ends = timezone.now() - timedelta(days=366)
    rows = Appointment.objects.filter(pk=stop.appointment_id)
    rows.update(starts=ends - timedelta(hours=1), ends=ends)

    assert not entries()
