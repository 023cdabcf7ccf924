"""Each thing that the worker does for stops happens once and whole, at whichever line
it dies and begins again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from community.acting import memberships
from community.cover import today
from community.models import Message
from events.models import Guest
from tests.factories import caravan as make
from tests.factories.acting import representing
from tests.factories.cases import mails_of
from tests.factories.pages import a_home
from tests.killing import Deadly
from workflows.caravan import holding, stops, visiting
from workflows.caravan.models import GoodPractice
from workflows.engine import jobs
from workflows.engine.models import Case, Job

pytestmark = pytest.mark.django_db

Facts = Callable[[], Any]


def _steps(case: Case) -> list[tuple[str, str]]:
    tasks = Case.objects.get(pk=case.pk).process.task_set.order_by("pk")
    return [(str(task.flow_task), task.status) for task in tasks]


def lapse() -> tuple[Callable, Facts]:
    """What is not amended in time ends."""
    case = make.at(make.AMEND).case
    Case.objects.filter(pk=case.pk).update(answer_by=today() - timedelta(days=1))

    def facts() -> Any:
        case.refresh_from_db()
        return case.outcome, mails_of(case), _steps(case)

    return lambda: holding.lapse_due(10), facts


def held() -> tuple[Callable, Facts]:
    """A visit that is over counts as held."""
    stop = make.at(make.VISIT)
    make.over(stop, ago=timedelta(days=2))

    def facts() -> Any:
        return make.now(stop).held, mails_of(stop.case), _steps(stop.case)

    return lambda: holding.hold_due(10), facts


def closed() -> tuple[Callable, Facts]:
    """A stop of which nobody has said in time how it went is closed."""
    a_home()
    case = make.at(make.EVALUATE).case
    Case.objects.filter(pk=case.pk).update(answer_by=today() - timedelta(days=1))

    def facts() -> Any:
        case.refresh_from_db()
        return case.state, case.outcome, mails_of(case), _steps(case)

    return lambda: holding.close_due(10), facts


def released() -> tuple[Callable, Facts]:
    """Who does not act for her body any more is let go."""
    house = make.a_house()
    stop = make.at(make.VISIT, house)
    Message.objects.all().delete()
    memberships.end(house.teller, by=representing(house.offer.body).user)

    def facts() -> Any:
        found = make.now(stop)
        pairings = stop.pairings.values_list("state", flat=True)
        to = Message.objects.filter(kind="stop_appointment")
        told = sorted(to.values_list("recipient", flat=True))
        now = found.rapporteur, found.appointment
        return *now, list(pairings), told, mails_of(stop.case), _steps(stop.case)

    return lambda: holding.release_due(10), facts


def invited() -> tuple[Callable, Facts]:
    """Whoever answers for the host now is invited, and who does not any more taken
    out."""
    house = make.a_house()
    make.at(make.VISIT, house)
    Message.objects.all().delete()
    memberships.end(house.technician, by=house.mayor.user)

    def facts() -> Any:
        told = Message.objects.filter(kind="stop_appointment")
        guests = Guest.objects.values_list("user", "expected")
        return sorted(guests), sorted(told.values_list("recipient", flat=True))

    return lambda: visiting.follow_due(10), facts


def drafted() -> tuple[Callable, Facts]:
    """The draft of the page is made."""
    a_home()
    house = make.a_house()
    stop = make.at(make.VALIDATE, house)
    stops.validate(stop, True, "", house.mayor.user)
    # The receipt is not looked at here.
    Job.objects.filter(task__flow_task__endswith=".receipt").delete()

    def facts() -> Any:
        practices = list(GoodPractice.objects.values_list("title", "page__live"))
        return practices, _steps(stop.case)

    return lambda: jobs.run_due(10), facts


@pytest.mark.parametrize("work", [lapse, held, closed, released, invited, drafted])
def test_a_worker_killed_at_any_line_does_it_once_all_the_same(monkeypatch, work):
    act, facts = work()
    before = facts()
    with transaction.atomic():
        act()
        once = facts()
        transaction.set_rollback(True)
    assert once != before
    deadly = Deadly(monkeypatch)
    for line in range(1, 200):
        with transaction.atomic():
            died = deadly.killed(act, line)
            rows = Job.objects.filter(state="running")
            rows.update(lease_until=timezone.now())
            act()
            assert facts() == once, line
            transaction.set_rollback(True)
        if not died:
            break
    assert line > 5, "it has so many lines to die at"
