"""What is said again: once, to whom it concerns, and not to who has just heard it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Message
from events.models import Appointment
from tests.factories import caravan as make
from tests.factories import in_two_weeks
from tests.factories.cases import mails_of, open_task
from workflows.caravan import reminding, stops
from workflows.caravan.models import Side, Stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> make.House:
    return make.a_house()


def to(stop: Stop, kind: str) -> list[str]:
    rows = Message.objects.filter(order_key=stop.case.thread, kind=kind)
    return list(rows.order_by("pk").values_list("recipient", flat=True))


def in_days(stop: Stop, days: float) -> None:
    """The visit is in so many days, and was fixed long ago."""
    starts = timezone.now() + timedelta(days=days)
    rows = Appointment.objects.filter(pk=stop.appointment_id)
    long_ago = timezone.now() - timedelta(days=9)
    rows.update(starts=starts, ends=starts + make.HOUR, changed=long_ago)


def test_both_sides_hear_three_days_before_and_anew_when_it_is_moved(house):
    stop = make.at(make.VISIT, house)
    in_days(stop, 4)
    assert reminding.remind_due(10) == 0
    in_days(stop, 2)

    assert (reminding.remind_due(10), reminding.remind_due(10)) == (1, 0)

    both = [house.technician.user.email, house.teller.user.email]
    assert to(stop, "stop_soon") == both
    in_days(stop, 1)
    assert reminding.remind_due(10) == 1
    assert to(stop, "stop_soon") == [*both, *both]


def test_who_was_told_of_the_date_yesterday_is_not_reminded_of_it(house):
    stop = make.at(make.DATES, house)
    make.dated(stop, house, timezone.now() + timedelta(days=2))

    assert reminding.remind_due(10) == 0
    assert "stop_soon" not in mails_of(stop.case)


def test_of_a_stop_that_was_given_up_nobody_is_reminded(house):
    stop = make.at(make.VISIT, house)
    in_days(stop, 2)
    stops.withdraw(make.now(stop), "No podem.", house.mayor.user)

    assert reminding.remind_due(10) == 0


def late(stop: Stop) -> None:
    """Its open step waits for more than a week."""
    tasks = stop.case.process.task_set.filter(status__in=stops.OPEN)
    tasks.update(created=timezone.now() - timedelta(days=8))


@pytest.mark.parametrize(
    ("step", "hers"),
    [(make.ASKED, True), (make.CHRONICLE, True), (make.VALIDATE, False)],
)
def test_whoever_lets_a_stop_wait_for_a_week_hears_of_it_once(house, step, hers):
    stop = make.at(step, house)
    assert reminding.nudge_due(10) == 0
    late(stop)

    assert (reminding.nudge_due(10), reminding.nudge_due(10)) == (1, 0)

    waited = house.teller if hers else house.technician
    assert to(stop, "stop_waits") == [waited.user.email]


def test_for_the_date_only_the_side_that_marked_none_hears_of_it(house):
    stop = make.at(make.DATES, house)
    stops.mark_dates(stop, Side.HOST, [in_two_weeks()], house.mayor.user)
    late(stop)

    assert reminding.nudge_due(10) == 1

    assert to(stop, "stop_waits") == [house.teller.user.email]
    assert open_task(stop.case).owner == house.coordinator, "the step stays hers"


def test_a_step_that_came_again_may_say_so_again(house):
    stop = make.at(make.ASKED, house)
    late(stop)
    reminding.nudge_due(10)
    stops.answer_pairing(stop, False, "No puc.", house.teller.user)
    other = make.an_offer()
    make.matched(make.now(stop), house, other)
    late(stop)

    assert reminding.nudge_due(10) == 1
    assert to(stop, "stop_waits") == [house.teller.user.email, other.user.email]
