"""Two at once, or one and the clock: exactly one wins each round, and what follows is
told once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.log_actions import registry as logs

from community.acting import memberships
from events.models import Appointment
from tests.factories import caravan as make
from tests.factories import in_two_weeks
from tests.factories.acting import representing
from tests.factories.cases import a_worker, mails_of, open_task
from tests.factories.pages import a_home
from tests.together import together
from workflows.caravan import deciding, holding, stops
from workflows.caravan.models import Pairing, Stop
from workflows.caravan.sides.host_form import checked
from workflows.engine import desk
from workflows.engine.models import Case

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


@pytest.fixture
def house() -> make.House:
    return make.a_house()


def does(stop: Stop, by: Any, **said: Any) -> Callable[[], bool]:
    task = open_task(stop.case)
    form = task.flow_task.form_class(said, case=stop.case)
    assert form.is_valid(), form.errors

    def act() -> bool:
        try:
            desk.complete(task, form.apply, by)
        except (desk.Gone, desk.Taken, ValidationError):
            return False
        return True

    return act


def tries(verb: Callable, *args: Any) -> Callable[[], bool]:
    def act() -> bool:
        try:
            return bool(verb(*args))
        except (PermissionDenied, ValidationError):
            return False

    return act


def test_of_two_coordinators_one_asks_her_rapporteur(house):
    other = a_worker(role="Coordinators")
    offers = [house.offer, make.an_offer()]
    for _round in range(ROUNDS):
        stop = make.at(make.MATCH, house)

        done = together(
            does(stop, house.coordinator, offer=offers[0].pk),
            does(stop, other, offer=offers[1].pk),
        )

        assert sorted(done) == [False, True]
        asked = offers[done.index(True)]
        assert [one.offer for one in stop.pairings.all()] == [asked]
        assert mails_of(stop.case).count("stop_asked") == 1


def test_of_two_coordinators_one_fixes_the_date(house):
    other = a_worker(role="Coordinators")
    for number in range(ROUNDS):
        stop = make.at(make.DATES, house)
        task = open_task(stop.case)
        if task.owner:
            desk.give_back(task, house.coordinator)
        days = [in_two_weeks() + timedelta(days=2 * number + one) for one in (0, 1)]

        done = together(
            does(stop, house.coordinator, **make.as_typed(days[0], anyway="on")),
            does(stop, other, **make.as_typed(days[1], anyway="on")),
        )

        assert sorted(done) == [False, True]
        assert Appointment.objects.filter(of_visit__stop=stop).count() == 1
        assert make.now(stop).appointment.starts == days[done.index(True)]


def test_the_same_draft_sent_by_two_colleagues_is_one_case(house):
    for _round in range(ROUNDS):
        draft = make.a_draft_stop(house.technician)

        together(
            lambda d=draft: stops.submit(d, checked(d), house.technician.user),
            lambda d=draft: stops.submit(d, checked(d), house.mayor.user),
        )

        case = make.now(draft).case
        assert Case.objects.filter(stop=draft).count() == 1
        assert case.entries.count() == 1
        assert mails_of(case).count("stop_received") >= 1


def test_who_says_yes_while_the_host_gives_up_is_one_or_the_other(house):
    for _round in range(ROUNDS):
        stop = make.at(make.ASKED, house)

        _said, withdrawn = together(
            tries(stops.answer_pairing, stop, True, "", house.teller.user),
            tries(stops.withdraw, stop, "No podem.", house.mayor.user),
        )

        assert withdrawn
        case = make.case_of(stop)
        assert case.state == Case.State.CANCELLED
        assert not case.process.task_set.filter(status__in=("NEW", "ASSIGNED")).exists()
        assert mails_of(case).count("stop_off") == 1


def test_who_loses_the_role_in_between_answers_before_or_not_at_all(house):
    for _round in range(ROUNDS):
        mine = make.acting(house.offer.body)
        boss = representing(house.offer.body)
        offer = make.an_offer(mine)
        stop = make.matched(make.at(make.MATCH, house), house, offer)

        said, ended = together(
            tries(stops.answer_pairing, stop, True, "", mine.user),
            lambda mine=mine, boss=boss: memberships.end(mine, by=boss.user),
        )

        assert ended
        pairing = stop.pairings.get()
        mine.refresh_from_db()
        assert (pairing.state == Pairing.State.ACCEPTED) == said
        assert not said or pairing.answered <= mine.ended


def test_a_visit_that_is_put_off_while_it_counts_as_held_is_one_or_the_other(house):
    for _round in range(ROUNDS):
        stop = make.at(make.VISIT, house)
        make.over(stop, ago=timedelta(days=2))
        stop = make.now(stop)

        put_off, held = together(
            does(stop, house.coordinator, decision="redate", reason="Va ploure."),
            lambda: holding.hold_due(5),
        )

        assert put_off != bool(held)
        assert (make.now(stop).held is not None) == bool(held)
        assert mails_of(stop.case).count("stop_held") == held


def test_two_sides_that_say_how_it_went_at_once_close_the_stop_once(house):
    a_home()
    for _round in range(ROUNDS):
        stop = make.at(make.EVALUATE, house)

        together(
            lambda stop=stop: make.evaluated(stop, house.mayor),
            lambda stop=stop: make.evaluated(stop, house.teller),
        )

        case = make.case_of(stop)
        assert (case.state, case.outcome) == (Case.State.FINISHED, "published")
        closed = logs.get_logs_for_instance(case).filter(action=deciding.CLOSED)
        assert (closed.count(), stop.evaluations.count()) == (1, 2)


def test_two_workers_hold_a_visit_once(house):
    for _round in range(ROUNDS):
        stop = make.at(make.VISIT, house)
        make.over(stop, ago=timedelta(days=2))

        done = together(lambda: holding.hold_due(5), lambda: holding.hold_due(5))

        assert sum(done) == 1
        assert mails_of(stop.case).count("stop_held") == 1


def test_the_host_who_reads_twice_at_once_sends_it_on_once(house):
    for _round in range(ROUNDS):
        stop = make.at(make.VALIDATE, house)

        done = together(
            tries(stops.validate, stop, True, "", house.mayor.user),
            tries(stops.validate, stop, False, "Falta el cost.", house.mayor.user),
        )

        assert sum(done) == 1
        changes = mails_of(stop.case).count("stop_to_change")
        assert (done[1], changes) in ((True, 1), (False, 0))
