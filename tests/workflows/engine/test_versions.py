"""A flow changes while cases run: those that began the old way go it to their end."""

import pytest
from django.test import Client
from django.urls import reverse
from viewflow.workflow.status import PROCESS

from tests.factories.cases import a_unit, a_worker, do, open_task
from tests.factories.trial import NewWay, OldWay, a_trial, know_it
from workflows.engine import answers, desk, inbox, jobs
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return a_unit()


@pytest.fixture
def worker(unit):
    return a_worker(unit)


@pytest.fixture
def began_before(monkeypatch, unit) -> Case:
    """A case of the old way; since then new ones go the new way."""
    know_it(monkeypatch, OldWay)
    case = a_trial(unit)
    know_it(monkeypatch, NewWay, OldWay)
    return case


def way_of(case: Case) -> list[str]:
    """The steps that it went, by name."""
    tasks = case.process.task_set.order_by("pk")
    return [task.flow_task.name for task in tasks]


def has_ended(case: Case) -> bool:
    case.refresh_from_db()
    case.process.refresh_from_db()
    return (case.state, case.process.status) == (Case.State.FINISHED, PROCESS.DONE)


def by_verbs(case: Case, worker) -> None:
    while open_step := inbox.office_steps().filter(process=case.process_id).first():
        desk.claim(open_step, worker)
        do(case, worker, text="Fet")
    jobs.run_due(10)
    task = answers.open_step(case)
    form = task.flow_task.form_class({"text": "Bé"}, case=case)
    assert form.is_valid()
    answers.give(task, lambda case: form.apply(case, None))


def by_screens(case: Case, worker) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(worker)
    while inbox.office_steps().filter(process=case.process_id).exists():
        step = [case.number, open_task(case).pk]
        assert client.post(reverse("cases:claim", args=step)).status_code == 302
        page = client.get(reverse("cases:case", args=[case.number])).content.decode()
        assert open_task(case).flow_task.task_title in page
        client.post(reverse("cases:step", args=step), {"text": "Fet"})
    jobs.run_due(10)
    own = reverse("my_case", args=[case.token])
    client.post(own, {"step": answers.open_step(case).pk, "text": "Bé"})
    history = client.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "Mirar-ho: fet" in history
    drawing = client.get(reverse("cases:diagram", args=[case.number]))
    assert drawing.status_code == 200


@pytest.mark.parametrize("walk", [by_verbs, by_screens])
def test_a_case_that_began_the_old_way_goes_it_to_its_end(
    began_before, unit, worker, walk
):
    new = a_trial(unit)

    walk(began_before, worker)
    walk(new, worker)

    assert way_of(began_before) == ["opened", "look", "counted", "opinion", "closed"]
    assert way_of(new) == ["opened", "weigh", "look", "opinion", "closed"]
    assert has_ended(began_before)
    assert has_ended(new)


@pytest.mark.parametrize("moment", ["the office", "the worker", "the applicant"])
def test_wherever_it_stands_when_the_new_way_comes(monkeypatch, unit, worker, moment):
    know_it(monkeypatch, OldWay)
    case = a_trial(unit)
    if moment != "the office":
        do(case, worker, text="Vist")
    if moment == "the applicant":
        jobs.run_due(10)
    know_it(monkeypatch, NewWay, OldWay)

    by_verbs(case, worker)

    assert has_ended(case)


@pytest.mark.parametrize("end", ["withdrawn", "closed"])
def test_it_can_be_ended_like_any_other(began_before, worker, end):
    if end == "withdrawn":
        answers.withdraw(began_before)
    else:
        desk.cancel(began_before, "És repetit", worker)

    began_before.process.refresh_from_db()
    assert began_before.process.status == PROCESS.CANCELED
    assert not inbox.in_trouble(worker).exists()


def test_both_are_in_the_same_lists_until_the_old_way_is_empty(
    began_before, unit, worker
):
    new = a_trial(unit)

    assert {case.pk for case in inbox.unclaimed(worker)} == {began_before.pk, new.pk}
