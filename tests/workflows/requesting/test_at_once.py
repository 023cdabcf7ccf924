"""Two at once, or one and the clock: exactly one wins each round, and what follows is
told once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from community.acting import memberships
from community.cover import today
from tests.factories.acting import a_town, representing
from tests.factories.cases import a_unit, a_worker, do, mails_of, open_task
from tests.factories.catalogue import a_resource
from tests.factories.requests import a_request
from tests.together import together
from workflows.engine import answers, desk
from workflows.engine.models import Case, Entry
from workflows.requesting import releasing, requests
from workflows.requesting.models import Release

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 8


@pytest.fixture
def desk_of():
    unit = a_unit()
    return unit, a_worker(unit), a_worker(role="Coordinators")


def to_amend(unit, worker) -> Case:
    case = a_request(a_resource(unit=unit))
    do(case, worker, decision="amend", parts=["text"], text="Falta dir-ho.")
    return case


def amends(case: Case, by) -> Callable[[], bool]:
    task = answers.open_step(case)
    form = task.flow_task.form_class({"text": "Ara sí"}, case=case)
    assert form.is_valid(), form.errors

    def act() -> bool:
        try:
            return answers.give(task, lambda case: form.apply(case, by))
        except PermissionDenied:
            return False

    return act


def test_an_amendment_in_the_minute_in_which_its_term_ends_counts_or_lapses(desk_of):
    unit, worker, _coordinator = desk_of
    for _round in range(ROUNDS):
        case = to_amend(unit, worker)
        Case.objects.filter(pk=case.pk).update(answer_by=today() - timedelta(days=1))
        task = answers.open_step(case)
        mayor = case.request.submissions.get().by

        sent, lapsed = together(
            amends(case, mayor), lambda task=task: answers.give(task, requests.lapse)
        )

        assert sent != lapsed
        case.refresh_from_db()
        assert case.outcome == ("lapsed" if lapsed else "")
        assert case.request.submissions.count() == 1 + sent
        assert mails_of(case).count("request_lapsed") == lapsed
        assert mails_of(case).count("request_amended") == sent


def test_who_loses_the_role_in_between_sends_before_or_not_at_all(desk_of):
    unit, worker, _coordinator = desk_of
    for _round in range(ROUNDS):
        town = a_town()
        mine, boss = representing(town), representing(town)
        case = a_request(a_resource(unit=unit), by=mine)
        do(case, worker, decision="amend", parts=["signature"], text="Signeu-la.")
        task = answers.open_step(case)
        form = task.flow_task.form_class({"signature": "mayor"}, case=case)
        assert form.is_valid()

        def sign(task=task, form=form, by=mine.user) -> bool:
            try:
                return answers.give(task, lambda found: form.apply(found, by))
            except PermissionDenied:
                return False

        sent, ended = together(
            sign, lambda mine=mine, boss=boss: memberships.end(mine, by=boss.user)
        )

        assert ended
        mine.refresh_from_db()
        submission = case.request.submissions.last()
        assert submission.number == 1 + sent
        assert not sent or submission.created <= mine.ended


def test_of_two_who_release_the_same_at_once_each_mail_leaves_once(desk_of):
    unit, worker, coordinator = desk_of
    other = a_worker(role="Coordinators")
    for _round in range(ROUNDS):
        case = a_request(a_resource(unit=unit))
        do(case, worker, decision="admit")
        do(case, worker, decision="grant")
        request = case.request

        together(
            lambda request=request: releasing.wish([request], by=coordinator),
            lambda request=request: releasing.wish([request], by=other),
        )
        together(lambda: releasing.run_due(5), lambda: releasing.run_due(5))

        assert Release.objects.filter(request=request).count() == 1
        assert mails_of(case).count("request_granted") == 1
        assert open_task(case).flow_task.name == "execution"


def test_what_is_withdrawn_while_it_is_released_is_one_or_the_other(desk_of):
    unit, worker, coordinator = desk_of
    for _round in range(ROUNDS):
        case = a_request(a_resource(unit=unit))
        do(case, worker, decision="admit")
        do(case, worker, decision="deny", grounds="No hi ha prou diners.")
        mayor = case.request.submissions.get().by
        task = open_task(case)

        def release(task=task) -> bool:
            try:
                desk.complete(task, requests.release, coordinator)
            except desk.Gone:
                return False
            return True

        told, withdrawn = together(
            release,
            lambda case=case, mayor=mayor: requests.give_up(case, "", mayor),
        )

        assert told != withdrawn
        case.refresh_from_db()
        assert case.outcome == ("denied" if told else "withdrawn")
        written = case.entries.filter(way=Entry.Way.OUT).count()
        assert written == told
