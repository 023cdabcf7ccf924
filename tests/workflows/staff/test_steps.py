"""Doing a step: what the applicant would be told is shown first, and of two people at
once one wins while the other is told and loses nothing typed."""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from community.models import Message
from tests.factories.cases import a_unit, a_worker, do, open_task, sorted_to
from workflows.engine import desk
from workflows.engine.models import Case, Entry

TYPED = "Sí: en deu dies, al tauler."
ANSWER = {"decision": "answer", "text": TYPED}


def address(case: Case, name: str = "step", task=None) -> str:
    pk = (task or open_task(case)).pk
    return reverse(f"cases:{name}", args=[case.number, pk])


def words(answer: HttpResponse) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def case(unit) -> Case:
    return sorted_to(unit)


@pytest.fixture
def worker(unit):
    return a_worker(unit, name="Núria")


@pytest.fixture
def client(worker, browser_of) -> Client:
    return browser_of(worker)


def as_it_is(case: Case) -> tuple:
    rows = Case.objects.filter(pk=case.pk).values_list()
    tasks = case.process.task_set.order_by("pk").values_list("pk", "status", "owner")
    mails = Message.objects.filter(order_key=case.thread).count()
    return list(rows), list(tasks), mails, case.entries.count()


def test_the_mail_is_shown_before_anything_is_done(case, client):
    before = as_it_is(case)

    answer = client.post(address(case), ANSWER)

    assert answer.status_code == 200
    assert f"1 person will be told, {case.email}, in" in words(answer)
    page = unescape(answer.content.decode())
    assert TYPED in page
    assert case.token not in page, "the link is the applicant's alone"
    assert as_it_is(case) == before


def test_confirming_does_it_once_and_tells_once(case, client, worker):
    task = open_task(case)
    for _twice in range(2):
        client.post(address(case, task=task), {**ANSWER, "confirm": "1"})

    case.refresh_from_db()
    assert case.outcome == "answered"
    answers = case.entries.filter(way=Entry.Way.OUT)
    assert [(entry.text, entry.by) for entry in answers] == [(TYPED, worker)]
    kinds = Message.objects.filter(order_key=case.thread).values_list("kind", flat=True)
    assert list(kinds).count("consultation_answer") == 1


def test_going_back_keeps_what_was_typed(case, client):
    answer = client.post(address(case), {**ANSWER, "back": "1"})

    assert TYPED in answer.content.decode()


def test_what_tells_nobody_is_done_at_once(case, client):
    other = a_unit("Arxiu")

    client.post(address(case), {"decision": "pass", "unit": other.pk})

    case.refresh_from_db()
    assert case.unit == other


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "obligatori|required"),
        ({"decision": "answer"}, "Write what the applicant will read"),
        ({"decision": "ask", "text": "  "}, "Write what the applicant will read"),
        ({"decision": "pass"}, "Choose the unit"),
        ({"decision": "grant", "text": "x"}, "grant"),
        ({"decision": "pass", "unit": "999"}, "Choose|valid|vàlid"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(case, client, sent, said):
    before = as_it_is(case)

    answer = client.post(address(case), {**sent, "confirm": "1"})

    assert answer.status_code == 422
    assert re.search(said, words(answer))
    assert as_it_is(case) == before


@pytest.mark.parametrize("step", ["look", "confirm"])
def test_who_comes_second_is_told_who_has_it_and_finds_what_was_typed(
    case, unit, client, step
):
    desk.claim(open_task(case), a_worker(unit, name="Berta"))
    before = as_it_is(case)

    answer = client.post(address(case), {**ANSWER, step: "1"})

    assert answer.status_code == 409
    assert "Berta has this step now" in words(answer)
    assert TYPED in answer.content.decode()
    assert as_it_is(case) == before


def test_who_comes_after_it_is_done_is_told_and_finds_what_was_typed(
    case, unit, client
):
    task = open_task(case)
    do(case, a_worker(unit, name="Berta"), decision="answer", text="Ja està")
    before = as_it_is(case)

    answer = client.post(address(case, task=task), {**ANSWER, "confirm": "1"})

    assert answer.status_code == 409
    assert "Berta has done this step already" in words(answer)
    assert TYPED in answer.content.decode()
    assert as_it_is(case) == before


def test_after_signing_out_nothing_is_done(case, client):
    task = open_task(case)
    client.logout()

    answer = client.post(address(case, task=task), {**ANSWER, "confirm": "1"})

    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.is_active


def test_claiming_giving_back_and_taking_over(case, unit, client, worker, browser_of):
    berta = a_worker(unit, name="Berta")

    client.post(address(case, "claim"))
    assert open_task(case).owner == worker
    browser_of(berta).post(address(case, "claim"))
    assert open_task(case).owner == worker, "who comes second does not get it"
    browser_of(berta).post(address(case, "take_over"))
    assert open_task(case).owner == berta
    client.post(address(case, "hand_over"), {"to": worker.pk})
    assert open_task(case).owner == worker
    client.post(address(case, "return"))
    assert open_task(case).owner is None

    page = words(client.get(reverse("cases:case", args=[case.number])))
    told = ["Claimed", "Taken over", "Handed over", "Returned to the queue"]
    assert [page.index(what) for what in told] == sorted(map(page.index, told))


def test_a_step_goes_to_nobody_who_does_not_look_after_the_case(case, client):
    stranger = a_worker(a_unit("Arxiu"))

    answer = client.post(address(case, "hand_over"), {"to": stranger.pk})

    assert answer.status_code == 422
    assert open_task(case).owner is None


def test_the_step_of_another_case_is_not_found_under_this_one(case, unit, client):
    other = sorted_to(unit)

    answer = client.get(reverse("cases:step", args=[case.number, open_task(other).pk]))

    assert answer.status_code == 404


def test_closing_shows_the_mail_and_then_tells_why(case, client):
    close = reverse("cases:close", args=[case.number])
    sent = {"reason": "Ja us ho va dir el vostre Consell Comarcal"}

    shown = client.post(close, sent)
    assert sent["reason"] in unescape(shown.content.decode())
    case.refresh_from_db()
    assert case.is_active

    client.post(close, {**sent, "confirm": "1"})
    case.refresh_from_db()
    assert (case.state, case.reason) == (Case.State.CANCELLED, sent["reason"])


def test_a_note_is_for_the_staff_alone(case, client):
    client.post(reverse("cases:note", args=[case.number]), {"text": "Va trucar ahir"})

    page = words(client.get(reverse("cases:case", args=[case.number])))
    assert "Internal note: the applicant does not see it" in page
    assert "Va trucar ahir" in page
    own = Client().get(reverse("my_case", args=[case.token]))
    assert "Va trucar ahir" not in own.content.decode()
    assert not Message.objects.filter(order_key=case.thread, pk__gt=0).filter(
        mime__contains=b"trucar"
    )
