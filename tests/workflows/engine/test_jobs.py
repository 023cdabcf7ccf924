"""The steps that the worker does: once, whatever dies, and of nobody."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.base import Model
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.work.rows import Permanent, Transient
from tests.factories.cases import a_consultation, a_unit, a_worker, do
from tests.factories.trial import Counting, a_trial
from tests.together import together
from workflows.engine import answers, desk, jobs, paper, retention
from workflows.engine.flows import EngineFlow
from workflows.engine.models import Case, File, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked_at(trial: Counting) -> Callable[[], Case]:
    """Call it for a case of which the worker has to count something."""
    unit = a_unit()
    worker = a_worker(unit)

    def make() -> Case:
        case = a_trial(unit)
        do(case, worker, text="Vist")
        return case

    return make


def step(case: Case, name: str = "counted") -> Task:
    return next(
        task
        for task in case.process.task_set.order_by("-pk")
        if task.flow_task.name == name
    )


def counted(case: Case) -> int:
    return case.entries.filter(text=f"Comptat: {case.number}").count()


def later() -> None:
    """Whatever waits is due, and the lease of who died is over."""
    now = timezone.now()
    Job.objects.filter(state__in=Job.WAITING).update(next_try=now)
    running = Job.objects.filter(state=Job.State.RUNNING)
    running.update(lease_until=now - timedelta(seconds=1))


def run_until_given_up() -> None:
    for _each in range(Job.MAX_ATTEMPTS):
        later()
        jobs.run_due(10)


def test_it_is_done_once_and_the_case_goes_on(looked_at, work):
    case = looked_at()
    assert step(case).status == STATUS.SCHEDULED

    work()
    jobs.run_due(10)

    assert counted(case) == 1
    assert step(case).job.state == Job.State.DONE
    assert answers.open_step(case).flow_task.name == "opinion"


def test_what_fails_is_tried_again_and_then_waits_for_somebody(trial, looked_at):
    case = looked_at()
    tries = []

    def fail(case: Case) -> None:
        tries.append(step(case).job.state)
        raise RuntimeError

    trial.act = fail

    jobs.run_due(10)
    assert step(case).status == STATUS.SCHEDULED, "it may yet be done"
    assert step(case).job.state == Job.State.RETRYING
    run_until_given_up()

    assert len(tries) == Job.MAX_ATTEMPTS
    assert step(case).status == STATUS.ERROR
    assert answers.open_step(case) is None


@pytest.mark.parametrize("reason", [Transient("…"), RuntimeError("…")])
def test_what_fails_once_is_done_the_second_time(trial, looked_at, reason):
    case = looked_at()

    def fail_once(case: Case) -> None:
        if trial.made == 1:
            raise reason

    trial.act = fail_once

    jobs.run_due(10)
    later()
    jobs.run_due(10)

    assert (trial.made, counted(case)) == (2, 1)


def test_a_fault_in_what_follows_undoes_the_step_and_it_is_done_again(
    looked_at, monkeypatch
):
    case = looked_at()
    node = step(case).flow_task._next
    with monkeypatch.context() as patch:
        patch.setattr(type(node), "_create", None)
        jobs.run_due(10)
    assert counted(case) == 0
    later()

    jobs.run_due(10)

    assert counted(case) == 1
    assert answers.open_step(case)


def test_who_does_not_look_after_the_case_does_not_have_it_tried_again(
    trial, looked_at
):
    case = looked_at()

    def fail(case: Case) -> None:
        raise Permanent("…")

    trial.act = fail
    jobs.run_due(10)

    for stranger in (a_worker(a_unit()), a_worker(case.unit, role="Readers")):
        with pytest.raises(PermissionDenied):
            jobs.try_again(step(case), stranger)
    assert step(case).status == STATUS.ERROR


# Of nobody ---------------------------------------------------------------------------


def test_the_words_of_a_fault_are_kept_nowhere(trial, looked_at, caplog):
    said = "Ada Puig <ada@council.example> no hi és"
    case = looked_at()

    def fail(case: Case) -> None:
        private = said
        raise ValueError(private)

    trial.act = fail
    with caplog.at_level(logging.DEBUG):
        run_until_given_up()

    task = step(case)
    assert task.job.error == "ValueError", "only its kind"
    kept = f"{Task.objects.filter(pk=task.pk).values()}{task.process.data}{caplog.text}"
    assert "ValueError" in caplog.text
    for private in ("ada@", "Puig", "no hi és"):
        assert private not in kept


def test_even_viewflows_own_way_to_fail_keeps_nothing(looked_at):
    with step(looked_at()).activation() as activation:
        activation.error()

    assert activation.task.data == {}


# Nothing to be done any more ---------------------------------------------------------


def withdrawn(case: Case) -> None:
    answers.withdraw(Case.objects.get(pk=case.pk))


def closed(case: Case) -> None:
    desk.cancel(Case.objects.get(pk=case.pk), "És repetit", a_worker(case.unit))


@pytest.mark.parametrize("end", [withdrawn, closed])
@pytest.mark.parametrize("moment", ["before", "meanwhile", "between", "failed"])
def test_a_case_that_ended_is_not_gone_on_with(trial, looked_at, end, moment, caplog):
    case = looked_at()
    if moment == "before":
        end(case)
    elif moment == "meanwhile":
        trial.act = end
    else:
        fault = Transient if moment == "between" else Permanent

        def fail(case: Case) -> None:
            raise fault("…")

        trial.act = fail
        jobs.run_due(10)
        end(case)
        trial.act = lambda case: None
    jobs.run_due(10)
    later()
    jobs.run_due(10)

    assert counted(case) == 0
    assert step(case).status == STATUS.CANCELED
    assert step(case).job.state == Job.State.DROPPED
    assert not jobs.try_again(step(case), a_worker(case.unit))
    assert answers.open_step(case) is None
    assert "ERROR" not in {record.levelname for record in caplog.records}


def test_nothing_is_added_to_a_case_that_was_made_anonymous(looked_at):
    case = looked_at()
    retention.erase([case])

    jobs.run_due(10)

    assert not case.entries.exists()
    assert step(case).status == STATUS.CANCELED


def test_what_fails_beside_the_way_of_a_case_holds_nobody_up(monkeypatch):
    def fail(template: str, told: dict) -> bytes:
        raise Permanent("…")

    monkeypatch.setattr(paper, "set_pdf", fail)
    unit = a_unit()
    case, worker = a_consultation(unit), a_worker(unit)
    jobs.run_due(10)

    do(case, worker, unit=unit.pk)
    do(case, worker, decision="answer", text="Sí")

    assert step(case, "receipt").status == STATUS.ERROR
    assert case.state == Case.State.FINISHED
    assert answers.open_step(case).flow_task.name == "opinion"


# Killed ------------------------------------------------------------------------------


class Killed(BaseException):
    """As if the process had gone at this line."""


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], bool]:
    """Runs the worker, which dies at that line, before or after something is written or
    made; returns whether it did."""
    left = 0

    def line() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    def deadly(act: Callable) -> Callable:
        def lived(*args: Any, **kwargs: Any) -> Any:
            line()
            result = act(*args, **kwargs)
            line()
            return result

        return lived

    for owner, name in (
        (QuerySet, "update"),
        (Model, "save"),
        (Counting, "make"),
        (Counting, "keep"),
        (paper, "set_pdf"),
        (EngineFlow, "lock_impl"),
    ):
        monkeypatch.setattr(owner, name, deadly(getattr(owner, name)))

    def run(at: int) -> bool:
        nonlocal left
        left = at
        try:
            jobs.run_due(10)
        except Killed:
            return True
        finally:
            left = 0
        return False

    return run


@pytest.mark.slow
@pytest.mark.parametrize("what", ["trial", "receipt"])
def test_a_worker_killed_at_every_line_does_it_once(looked_at, kill_at, what):
    for line in range(1, 200):
        case = a_consultation() if what == "receipt" else looked_at()
        died = kill_at(line)
        later()
        jobs.run_due(10)

        if what == "receipt":
            [task] = case.process.task_set.filter(flow_task_type="JOB")
            assert File.objects.filter(case=case).count() == 1, line
        else:
            [task] = case.process.task_set.filter(flow_task_type="JOB")
            assert counted(case) == 1, line
            assert answers.open_step(case), line
        assert (task.status, task.job.state) == (STATUS.DONE, Job.State.DONE), line
        if not died:
            break
    assert line > 15, "it has so many lines to die at"


def test_a_step_that_kills_its_worker_each_time_is_given_up(trial, looked_at):
    case = looked_at()

    def die(case: Case) -> None:
        raise Killed

    trial.act = die
    for _each in range(Job.MAX_CRASHES):
        with pytest.raises(Killed):
            jobs.run_due(10)
        later()
    jobs.run_due(10)

    assert step(case).status == STATUS.ERROR
    assert counted(case) == 0


# At once -----------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_with_one_step_one_keeps_it(trial, looked_at):
    """The lease of the first ran out while it was at it."""
    for _round in range(15):
        case = looked_at()
        row = step(case).job

        together(*[partial(jobs._do, row)] * 2)

        assert counted(case) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_withdrawn_at_the_very_moment_it_is_kept_it_is_one_or_the_other(
    trial, looked_at
):
    ends = set()
    for _round in range(15):
        case = looked_at()

        together(partial(jobs.run_due, 1), partial(withdrawn, case))

        case.refresh_from_db()
        assert case.outcome == answers.BY_APPLICANT
        assert answers.open_step(case) is None
        ends.add((step(case).status, counted(case)))
    assert ends <= {(STATUS.DONE, 1), (STATUS.CANCELED, 0)}
