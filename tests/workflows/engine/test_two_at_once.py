"""Two people at once, or one and the clock: exactly one wins each round, the other is
told, and what follows is told once."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.models import ModelLogEntry

from community.cover import today
from community.models import Unit, User
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    copies,
    mails_of,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from tests.together import together
from workflows.consultation import consultations
from workflows.consultation.asking import Question, ask
from workflows.consultation.flows import ConsultationFlow
from workflows.engine import answers, desk
from workflows.engine.models import Case, Entry

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 15
TOLD = (desk.Taken, desk.Gone)
# What somebody does with a case whose one open step is that: whether it was done.
Act = Callable[[Case, Task, User], bool]


@pytest.fixture
def unit() -> Unit:
    return a_unit()


@pytest.fixture
def pair(unit: Unit) -> tuple[User, User]:
    return a_worker(unit, name="Berta"), a_worker(unit, name="Carla")


def race(
    case: Case, pair: tuple[User, User], *acts: Act
) -> list[tuple[Case, list[bool]]]:
    """Each of `acts` at once by one of the pair, in rounds, with a case like `case`
    each time: how each went."""

    def doing(one: Case, act: Act, by: User) -> Callable[[], bool]:
        # Both have the page open before either acts.
        task = steps(one).get()

        def told() -> bool:
            try:
                return bool(act(one, task, by))
            except TOLD:
                return False

        return told

    return [
        (one, together(*(doing(one, *each) for each in zip(acts, pair, strict=True))))
        for one in copies(case, ROUNDS)
    ]


def steps(case: Case) -> QuerySet[Task]:
    """Those that are open."""
    return case.process.task_set.filter(status__in=(STATUS.NEW, STATUS.ASSIGNED))


def claim(case: Case, task: Task, by: User) -> bool:
    return desk.claim(task, by)


def answer(case: Case, task: Task, by: User) -> bool:
    said = {"decision": "answer", "text": f"Ho diu {by.name}"}
    form = task.flow_task.form_class(said, case=case)
    assert form.is_valid()
    desk.complete(task, form.apply, by)
    return True


def reply(case: Case, task: Task, by: User) -> bool:
    form = task.flow_task.form_class({"text": "Les del ple"}, case=case)
    assert form.is_valid()
    return answers.give(task, lambda case: form.apply(case, None))


def withdraw(case: Case, task: Task, by: User) -> bool:
    return answers.withdraw(case)


def close(case: Case, task: Task, by: User) -> bool:
    return desk.cancel(case, "No és nostre", by)


# Claiming and deciding ----------------------------------------------------------------


def test_of_two_who_claim_at_once_one_has_it(unit, pair):
    for case, won in race(sorted_to(unit), pair, claim, claim):
        assert won.count(True) == 1
        assert open_task(case).owner == pair[won.index(True)]


def test_of_two_who_answer_at_once_one_does_and_one_mail_leaves(unit, pair):
    for case, won in race(sorted_to(unit), pair, answer, answer):
        assert won.count(True) == 1
        written = case.entries.get(way=Entry.Way.OUT)
        assert written.by == pair[won.index(True)]
        assert mails_of(case).count("consultation_answer") == 1


def test_without_the_lock_both_would_win(unit, pair, monkeypatch):
    """The control: what the two tests above see is the lock's doing."""

    @contextmanager
    def no_lock(flow, process_pk):
        with transaction.atomic():
            yield
            # Long enough for the other to read what was there before.
            sleep(0.05)

    monkeypatch.setattr(ConsultationFlow, "lock_impl", staticmethod(no_lock))
    # … nor that of the case itself, which a claim touches.
    monkeypatch.setattr("workflows.engine.cases.touch", lambda case, **columns: None)

    rounds = race(sorted_to(unit), pair, claim, claim)

    assert [won for _case, won in rounds if won.count(True) == 2]


def on_screen(name: str, **sent: str) -> Act:
    """The same, as the browser asks for it; done unless the screen says otherwise."""

    def act(case: Case, task: Task, by: User) -> bool:
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(by)
        address = reverse(f"cases:{name}", args=[case.number, task.pk])
        found = browser.post(address, sent, follow=True)
        assert found.status_code in (200, 409)
        page = found.content.decode()
        return "has this step now" not in page and "already, so nothing" not in page

    return act


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (on_screen("claim"), 0),
        (on_screen("step", decision="answer", text="Sí: al tauler", confirm="1"), 1),
    ],
    ids=["claim", "answer"],
)
def test_on_the_screen_one_wins_too_and_the_other_is_told(unit, pair, act, told):
    for case, won in race(sorted_to(unit), pair, act, act):
        assert won.count(True) == 1
        logged = ModelLogEntry.objects.filter(object_id=case.pk, action=desk.CLAIMED)
        assert logged.get().user == pair[won.index(True)]
        assert mails_of(case).count("consultation_answer") == told


# One does something else meanwhile ----------------------------------------------------


def test_a_step_that_is_handed_over_is_not_done_by_another(unit, pair):
    third = a_worker(unit)

    def hand_over(case: Case, task: Task, by: User) -> bool:
        return desk.hand_over(task, third, by)

    for case, (answered, handed) in race(sorted_to(unit), pair, answer, hand_over):
        assert answered != handed
        case.refresh_from_db()
        assert case.is_active == handed


def test_a_case_is_answered_or_closed_and_never_both(unit, pair):
    for case, (answered, closed) in race(sorted_to(unit), pair, answer, close):
        assert answered != closed
        case.refresh_from_db()
        assert case.state == ("finished" if answered else "cancelled")
        told = {"consultation_answer", "case_cancelled"} & set(mails_of(case))
        assert told == {"consultation_answer" if answered else "case_cancelled"}


def test_what_is_withdrawn_while_it_is_answered_is_one_or_the_other(unit, pair):
    for case, (answered, withdrawn) in race(sorted_to(unit), pair, answer, withdraw):
        assert answered != withdrawn
        case.refresh_from_db()
        assert case.outcome == ("answered" if answered else "withdrawn")


@pytest.fixture
def asked_back(unit, pair) -> Case:
    return waiting_for_reply(unit, pair[0])


def test_a_reply_beside_a_withdrawal_leaves_nothing_open(asked_back, pair):
    for case, (replied, withdrawn) in race(asked_back, pair, reply, withdraw):
        assert withdrawn
        case.refresh_from_db()
        assert (case.state, steps(case).count()) == ("cancelled", 0)
        assert case.entries.filter(way=Entry.Way.IN).count() == 1 + replied


def test_a_reply_in_the_second_in_which_its_time_ends_counts_once(asked_back, pair):
    Case.objects.filter(pk=asked_back.pk).update(answer_by=today() - timedelta(days=1))
    asked_back.refresh_from_db()

    def lapse(case: Case, task: Task, by: User) -> bool:
        return answers.give(task, consultations.lapse)

    for case, (replied, lapsed) in race(asked_back, pair, reply, lapse):
        assert replied != lapsed
        case.refresh_from_db()
        assert case.outcome == ("lapsed" if lapsed else "")
        assert mails_of(case).count("consultation_lapsed") == lapsed


def test_of_two_replies_from_two_tabs_one_is_written(asked_back, pair):
    for case, won in race(asked_back, pair, reply, reply):
        assert won.count(True) == 1
        assert case.entries.filter(way=Entry.Way.IN).count() == 2


def test_a_term_is_made_longer_once_and_told_once(unit, pair):
    def extend(case: Case, task: Task, by: User) -> bool:
        try:
            desk.extend(case, 2, f"Ho diu {by.name}", by)
        except ValidationError:
            return False
        return True

    for case, won in race(sorted_to(unit), pair, extend, extend):
        assert won.count(True) == 1
        term = case.deadlines.get()
        assert (term.extension, term.extended_by) == (2, pair[won.index(True)])
        assert mails_of(case).count("case_extended") == 1


# Numbers ------------------------------------------------------------------------------


def test_fifty_cases_at_once_have_fifty_numbers_that_follow_each_other(unit):
    """… and a form that is sent twice takes none."""
    first = a_consultation(unit)
    question = Question("Actes", "Quines?", "Ada", "ada@council.example", "ca")
    forms = [uuid4(), uuid4()]

    def asks() -> list[Case]:
        keys = [*forms, *[None] * 10]
        return [ask(question, form_key=key) for key in keys]

    together(*[asks] * 5)

    made = Case.objects.exclude(pk=first.pk).order_by("number")
    assert made.count() == 5 * 10 + len(forms)
    numbers = [int(case.number.rsplit("-")[-1]) for case in made]
    assert numbers == list(range(2, 2 + len(numbers)))
