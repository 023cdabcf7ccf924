"""The worker was away for three hours: all that came due meanwhile happens, once, in
its order, and nothing of what is over."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from time import sleep

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Unit
from community.work.tasks import drain
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    mails_of,
    waiting_for_reply,
)
from tests.together import together
from workflows.consultation import silence
from workflows.consultation.flows import ConsultationFlow
from workflows.engine import answers, deadlines
from workflows.engine.models import Case, Deadline, Entry, File, Holiday, Job

pytestmark = pytest.mark.django_db

# The term of the applicant of all cases here is over at this midnight.
MIDNIGHT = datetime.fromisoformat("2026-12-12T00:00:00+01:00")
STOPPED, BACK = MIDNIGHT - timedelta(hours=2), MIDNIGHT + timedelta(hours=1)
LAST_DAY = date(2026, 12, 11)


@pytest.fixture
def unit() -> Unit:
    return a_unit()


@pytest.fixture
def clock():
    with time_machine.travel(STOPPED, tick=False) as clock:
        yield clock


@pytest.fixture
def asked_back(unit, clock):
    """Call it for a case whose applicant has until this midnight."""
    worker = a_worker(unit)

    def make() -> Case:
        case = waiting_for_reply(unit, worker)
        reckoned = {"due": LAST_DAY}
        Deadline.objects.open().filter(case=case, whose="applicant").update(**reckoned)
        Case.objects.filter(pk=case.pk).update(answer_by=LAST_DAY)
        return Case.objects.get(pk=case.pk)

    return make


def wake_up(clock, times: int = 3) -> None:
    """The worker comes back, and goes round so many times."""
    clock.move_to(BACK)
    for _each in range(times):
        drain.func()


def replied(case: Case, text: str = "Del 2025") -> bool:
    task = answers.open_step(case)
    if task is None:
        return False
    form = task.flow_task.form_class({"text": text}, case=case)
    assert form.is_valid()
    return answers.give(task, lambda case: form.apply(case, None))


def test_all_that_came_due_happens_once(asked_back, unit, clock):
    late, new = asked_back(), a_consultation(unit)

    wake_up(clock)

    late.refresh_from_db()
    assert (late.state, late.outcome) == (Case.State.FINISHED, "lapsed")
    assert mails_of(late).count("consultation_lapsed") == 1
    assert [case.files.count() for case in (late, new)] == [1, 1]
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert set(Deadline.objects.filter(case=late).values_list("closed")) == {
        (BACK.date(),)
    }


def test_what_is_not_due_yet_is_left_alone(asked_back, clock):
    case = asked_back()
    clock.move_to(MIDNIGHT - timedelta(minutes=1))

    drain.func()

    case.refresh_from_db()
    assert case.state == Case.State.WAITING, "the last day is hers to its end"


def test_the_worker_that_stays_away_does_not_have_a_reply_be_late(asked_back, clock):
    """The term is over for us only when we say so: what comes before is heard."""
    case = asked_back()
    clock.move_to(BACK)

    assert replied(case)
    wake_up(clock)

    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert "consultation_lapsed" not in mails_of(case)


@pytest.mark.parametrize("when", ["before midnight", "after midnight"])
def test_the_time_of_a_step_that_was_cancelled_does_not_come(asked_back, clock, when):
    case = asked_back()
    if when == "after midnight":
        clock.move_to(MIDNIGHT + timedelta(minutes=30))
    answers.withdraw(case)

    wake_up(clock)

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.CANCELLED, "withdrawn")
    assert "consultation_lapsed" not in mails_of(case)
    assert not File.objects.filter(case=case).exists(), "nor its receipt"


def test_holidays_that_became_known_meanwhile_count_before_anything_ends(
    asked_back, clock, monkeypatch
):
    first, second = asked_back(), asked_back()
    for day in (11, 14, 15):
        Holiday.objects.create(
            date=date(2026, 12, day), territory="state", name=f"Festa {day}"
        )
    # Even where there are more to reckon than one round does.
    monkeypatch.setattr("community.work.tasks.BATCH", 1)

    wake_up(clock, times=1)

    for case in (first, second):
        case.refresh_from_db()
        assert case.state == Case.State.WAITING
    monkeypatch.undo()
    wake_up(clock)
    for case in (first, second):
        case.refresh_from_db()
        assert case.answer_by > BACK.date()
        assert case.state == Case.State.WAITING


def test_the_order_is_terms_first_then_what_they_end():
    from community.work.registry import works

    names = list(works())
    assert names.index("deadlines") < names.index("consultations")


# At once -----------------------------------------------------------------------------


ROUNDS = 15


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["replied", "withdrawn"])
def test_over_at_the_very_moment_somebody_answers_it_is_one_or_the_other(
    asked_back, clock, other
):
    for _round in range(ROUNDS):
        case = asked_back()
        clock.move_to(BACK)
        act = replied if other == "replied" else answers.withdraw

        ended, answered = together(partial(silence.end_due, 10), partial(act, case))

        assert ended + answered == 1
        case.refresh_from_db()
        lapsed = mails_of(case).count("consultation_lapsed")
        assert lapsed == ended
        assert case.entries.filter(way=Entry.Way.IN).count() == 1 + (
            other == "replied" and answered
        )
        clock.move_to(STOPPED)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_both(asked_back, clock, monkeypatch):
    """The control: what the test above sees is the lock's doing."""

    @contextmanager
    def no_lock(flow, process_pk):
        with transaction.atomic():
            yield
            # Long enough for the other to read what was there before.
            sleep(0.05)

    monkeypatch.setattr(ConsultationFlow, "lock_impl", staticmethod(no_lock))

    def would_reply(case: Case) -> bool:
        try:
            return replied(case)
        except IntegrityError:
            # It went for it: what stopped it was the last net, in the database.
            return True

    rounds = []
    for _round in range(ROUNDS):
        case = asked_back()
        clock.move_to(BACK)
        act = partial(would_reply, case)
        rounds.append(together(partial(silence.end_due, 10), act))
        clock.move_to(STOPPED)

    assert [1, True] in rounds


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_come_back_at_once_end_each_once(asked_back, clock):
    cases = [asked_back() for _each in range(10)]
    clock.move_to(BACK)

    together(*[partial(silence.end_due, 99)] * 2, *[partial(deadlines.reckon_due, 9)])

    for case in cases:
        assert mails_of(case).count("consultation_lapsed") == 1
    assert timezone.now() == BACK
