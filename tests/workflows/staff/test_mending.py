"""What was done wrong is put right: a step taken back, a subject or body corrected."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from community.models import Message
from tests.factories import a_body
from tests.factories.cases import a_consultation, a_unit, a_worker, do, open_task
from workflows.engine import deadlines, desk
from workflows.engine.models import Case, Holiday


@pytest.fixture
def worker(unit):
    return a_worker(unit, name="Núria")


@pytest.fixture
def client(worker, browser_of) -> Client:
    return browser_of(worker)


@pytest.fixture
def case(unit) -> Case:
    return a_consultation(unit)


def undo_url(case: Case, task) -> str:
    return reverse("cases:undo", args=[case.number, task.pk])


# A step is taken back ----------------------------------------------------------------


def test_a_case_sent_to_a_wrong_unit_is_fetched_back_by_who_sent_it(
    case, unit, client, worker
):
    task, elsewhere = open_task(case), a_unit("Arxiu")
    step = reverse("cases:step", args=[case.number, task.pk])

    done = client.post(step, {"unit": elsewhere.pk, "note": "Em sembla seva"})

    assert done.url == reverse("cases:index"), "the case is not hers to see any more"
    page = client.get(done.url).content.decode()
    assert undo_url(case, task) in page
    assert "Arxiu" not in page
    assert unit.name in client.get(undo_url(case, task)).content.decode()

    back = client.post(undo_url(case, task))

    case.refresh_from_db()
    again = open_task(case)
    assert back.url == reverse("cases:case", args=[case.number])
    assert (case.unit, again.owner) == (unit, worker)
    assert again.flow_task == task.flow_task
    page = client.get(back.url).content.decode()
    told = ["Em sembla seva", "Sent to its unit", "Passed to another", "Undone"]
    assert all(words in page for words in told), page
    do(case, worker, unit=elsewhere.pk)
    assert open_task(case).flow_task.name == "answer", "and it goes on as any other"
    assert case.process.task_set.filter(status__in=("NEW", "ASSIGNED")).count() == 1


def test_what_was_passed_on_is_fetched_back_too(case, unit, worker):
    do(case, worker, unit=unit.pk)
    task = open_task(case)
    do(case, worker, decision="pass", unit=a_unit("Arxiu").pk)
    task.refresh_from_db()

    desk.undo(task, worker)

    case.refresh_from_db()
    assert (case.unit, open_task(case).owner) == (unit, worker)
    do(case, worker, decision="answer", text="Sí")
    assert case.outcome == "answered"


@pytest.mark.parametrize(
    "spoil", ["claimed", "done", "told", "closed", "hers", "left", "twice"]
)
def test_a_step_is_not_taken_back_once_somebody_goes_on_with_it(
    case, unit, worker, client, browser_of, spoil
):
    task, other = open_task(case), a_worker(unit)
    do(case, worker, unit=unit.pk)
    task.refresh_from_db()
    assert desk.can_undo(task, worker)
    if spoil == "claimed":
        desk.claim(open_task(case), other)
    elif spoil == "done":
        do(case, worker, decision="answer", text="Sí")
    elif spoil == "told":
        mails = Message.objects.filter(order_key=case.thread)
        mails.update(created=task.finished)
    elif spoil == "closed":
        desk.cancel(case, "Per error", worker)
    elif spoil == "hers":
        client = browser_of(other)
    elif spoil == "left":
        worker.unit_memberships.all().delete()
    else:
        desk.undo(task, worker)
    before = list(case.process.task_set.order_by("pk").values_list("pk", "status"))

    client.post(undo_url(case, task))

    after = case.process.task_set.order_by("pk").values_list("pk", "status")
    assert list(after) == before


def test_what_the_applicant_was_told_is_not_taken_back(case, unit, worker):
    do(case, worker, unit=unit.pk)
    task = open_task(case)
    do(case, worker, decision="ask", text="De quin any?")
    task.refresh_from_db()

    assert not desk.can_undo(task, worker)
    with pytest.raises(desk.Gone):
        desk.undo(task, worker)


# A subject or a local body is corrected ----------------------------------------------


def test_a_corrected_body_moves_the_deadline_and_says_so_first(case, client):
    rubi = a_body("Rubí")
    day_off = date(case.due.year, case.due.month, case.due.day)
    Holiday.objects.create(date=day_off, territory="local", body=rubi)
    due = case.due
    url = reverse("cases:correct", args=[case.number])
    sent = {"title": "Publicar les actes\ndel ple", "body": rubi.pk}

    shown = client.post(url, sent)

    case.refresh_from_db()
    assert (case.body, case.due) == (None, due)
    assert "A deadline moves by it" in shown.content.decode()

    client.post(url, {**sent, "confirm": shown.context["shown"]})

    case.refresh_from_db()
    assert (case.body, case.title) == (rubi, "Publicar les actes del ple")
    assert case.due > due
    assert Case.objects.matching("rubi ple").get() == case
    page = client.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "Corrected" in page
    assert "Subject: Publicar les actes → Publicar les actes del ple" in page
    assert "Local body: – → Rubí" in page


def test_what_moves_no_deadline_is_corrected_at_once_and_once(case, client):
    url = reverse("cases:correct", args=[case.number])
    deadlines.close(case)

    for _twice in range(2):
        client.post(url, {"title": "Les actes", "body": ""})

    page = client.get(reverse("cases:case", args=[case.number])).content.decode()
    assert page.count("Publicar les actes → Les actes") == 1


def test_what_is_missing_is_said_and_nothing_is_corrected(case, client):
    url = reverse("cases:correct", args=[case.number])

    answer = client.post(url, {"title": " ", "body": "999"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "body"}
    case.refresh_from_db()
    assert case.title == "Publicar les actes"
