"""A question, from the form to the answer: what each step does, through the flow."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from viewflow.workflow.models import Task

from community.cover import today
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    do,
    mails_of,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from workflows.consultation import silence
from workflows.consultation.asking import NobodySorts, Question, ask
from workflows.consultation.models import ConsultationSettings
from workflows.engine import answers, desk, jobs
from workflows.engine.models import Case, Entry

pytestmark = pytest.mark.django_db


def replied(case: Case, **said: str) -> bool:
    task = answers.open_step(case)
    form = task.flow_task.form_class(said, case=case)
    assert form.is_valid(), form.errors
    done = answers.give(task, lambda case: form.apply(case, None))
    case.refresh_from_db()
    return done


def asked_back(unit=None) -> Case:
    unit = unit or a_unit()
    return waiting_for_reply(unit, a_worker(unit))


def wait_so_long(case: Case, days: int) -> None:
    late = today() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(answer_by=late)


def test_a_question_waits_for_the_unit_that_sorts_and_its_reader_is_told():
    desk_of_all = a_unit("Recepció")

    case = a_consultation(desk_of_all, text="Hem de publicar les actes?")

    assert case.number == f"CON-{today().year}-0001"
    assert (case.state, case.unit) == (Case.State.OPEN, desk_of_all)
    assert case.due >= today() + timedelta(days=12)
    assert open_task(case).owner is None
    assert [entry.text for entry in case.entries.all()] == [
        "Hem de publicar les actes?"
    ]
    assert mails_of(case) == ["consultation_received"]


def test_numbers_follow_each_other_and_none_is_given_twice():
    first, second = a_consultation(), a_consultation()

    assert [first.number[-4:], second.number[-4:]] == ["0001", "0002"]


def test_the_same_form_sent_twice_is_one_case():
    ConsultationSettings.objects.create(unit=a_unit())
    key = uuid4()
    question = Question("Actes", "Quines?", "Ada", "ada@council.example", "ca")

    first, second = ask(question, form_key=key), ask(question, form_key=key)

    assert first == second
    assert Case.objects.count() == 1
    assert a_consultation().number.endswith("0002"), "and no number is lost"


def test_nobody_can_ask_while_nobody_sorts():
    with pytest.raises(NobodySorts):
        ask(Question("Actes", "Quines?", "Ada", "ada@council.example", "ca"))

    assert not Case.objects.exists()


def test_sorting_gives_it_to_the_unit_that_answers_and_says_so_to_nobody_else():
    reception, archive = a_unit("Recepció"), a_unit("Arxiu")
    case = a_consultation(reception)

    do(case, a_worker(reception), unit=archive.pk, note="És cosa vostra")

    assert case.unit == archive
    assert open_task(case).owner is None
    note = case.entries.get(way=Entry.Way.NOTE)
    assert note.text == "És cosa vostra"
    assert mails_of(case) == ["consultation_received"]


def test_an_answer_settles_it_and_asks_whether_it_was_useful():
    unit = a_unit()
    case = sorted_to(unit)

    do(case, a_worker(unit), decision="answer", text="Sí, en deu dies.")

    assert (case.state, case.outcome) == (Case.State.FINISHED, "answered")
    assert case.due is None, "no term runs any more"
    assert mails_of(case)[-1] == "consultation_answer"
    assert replied(case, useful="yes", text="Molt clar")
    jobs.run_due(1)
    case.process.refresh_from_db()
    assert case.process.status == "DONE"
    assert case.consultation.useful is True
    assert case.state == Case.State.FINISHED


def test_asking_back_stops_our_term_and_the_reply_comes_to_who_asked():
    unit = a_unit()
    worker = a_worker(unit)
    case = sorted_to(unit)

    do(case, worker, decision="ask", text="De quin any?")

    assert case.state == Case.State.WAITING
    assert case.due is None, "our term stands still"
    assert case.answer_by > today()
    assert mails_of(case)[-1] == "consultation_asked_back"

    assert replied(case, text="Del 2025")

    assert (case.state, case.answer_by) == (Case.State.OPEN, None)
    assert case.due > today()
    assert open_task(case).owner == worker


def test_a_reply_does_not_come_to_somebody_who_left_the_unit():
    unit = a_unit()
    worker = a_worker(unit)
    case = waiting_for_reply(unit, worker)
    worker.unit_memberships.all().delete()

    replied(case, text="Del 2025")

    assert open_task(case).owner is None


def test_passing_it_on_lets_the_other_unit_answer():
    here, there = a_unit(), a_unit("Arxiu")
    case = sorted_to(here)

    do(case, a_worker(here), decision="pass", unit=there.pk)

    assert case.unit == there
    do(case, a_worker(there), decision="answer", text="Sí")
    assert case.state == Case.State.FINISHED


def test_what_nobody_replied_in_time_is_closed_once_and_said():
    case = asked_back()
    wait_so_long(case, 0)
    assert silence.end_due(10) == 0, "the last day is hers"
    wait_so_long(case, 1)

    assert silence.end_due(10) == 1
    assert silence.end_due(10) == 0

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.FINISHED, "lapsed")
    assert mails_of(case)[-1] == "consultation_lapsed"
    assert answers.open_step(case) is None


def test_a_late_reply_finds_the_step_over_and_changes_nothing():
    case = asked_back()
    task = answers.open_step(case)
    wait_so_long(case, 1)
    silence.end_due(10)

    assert not answers.give(task, lambda case: pytest.fail("it was recorded"))


def test_what_is_sent_in_the_moment_in_which_it_is_settled_goes_nowhere():
    case = asked_back()
    as_she_sees_it = Case.objects.get(pk=case.pk)
    answers.withdraw(case)

    assert not answers.send(as_she_sees_it, "Una cosa més", [])

    assert not case.entries.filter(text="Una cosa més").exists()


def test_a_withdrawn_question_is_not_closed_for_silence_afterwards():
    case = asked_back()
    wait_so_long(case, 1)
    assert answers.withdraw(case)
    assert not answers.withdraw(case)

    assert silence.end_due(10) == 0

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.CANCELLED, "withdrawn")
    assert mails_of(case)[-1] == "case_withdrawn"


def test_one_broken_case_does_not_keep_the_others_from_ending(caplog):
    broken, whole = asked_back(), asked_back()
    for case in (broken, whole):
        wait_so_long(case, 1)
    broken.consultation.delete()

    assert silence.end_due(10) == 1

    whole.refresh_from_db()
    assert whole.outcome == "lapsed"
    assert "Ada" not in caplog.text


def test_an_opinion_that_does_not_come_is_not_waited_for_for_ever():
    unit = a_unit()
    case = sorted_to(unit)
    do(case, a_worker(unit), decision="answer", text="Sí")
    assert silence.end_due(10) == 0
    long_ago = timezone.now() - timedelta(days=31)
    Task.objects.filter(process=case.process).update(created=long_ago)

    assert silence.end_due(10) == 1

    assert answers.open_step(case) is None
    assert case.consultation.useful is None


def test_closing_it_says_why_and_leaves_no_step_open():
    unit = a_unit()
    case = sorted_to(unit)

    assert desk.cancel(case, "És una prova", a_worker(unit))

    case.refresh_from_db()
    assert (case.state, case.reason) == (Case.State.CANCELLED, "És una prova")
    assert mails_of(case)[-1] == "case_cancelled"
    open_ones = Task.objects.filter(process=case.process, finished=None)
    assert not open_ones.exists()
    assert not desk.cancel(case, "Dues vegades", a_worker(unit))


def test_who_does_not_look_after_the_unit_can_do_nothing_with_it():
    unit = a_unit()
    case, stranger = sorted_to(unit), a_worker(a_unit())
    task = open_task(case)

    for act in (
        lambda: desk.claim(task, stranger),
        lambda: desk.give_back(task, stranger),
        lambda: desk.take_over(task, stranger),
        lambda: desk.hand_over(task, stranger, a_worker(unit)),
        lambda: desk.complete(task, lambda case, by: None, stranger),
        lambda: desk.cancel(case, "No", stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()
    case.refresh_from_db()
    assert case.is_active
    assert open_task(case).owner is None
