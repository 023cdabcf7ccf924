"""A deadline is made longer on the screen, and the applicant is told why."""

import pytest
from django.urls import reverse

from community.models import Message
from tests.factories.cases import a_consultation, a_worker
from workflows.engine import deadlines
from workflows.engine.models import Case

SENT = {"days": "2", "reason": "Cal un informe d’una altra unitat"}


@pytest.fixture
def case(unit) -> Case:
    return a_consultation(unit)


def told(case: Case) -> list[str]:
    rows = Message.objects.filter(order_key=case.thread, kind="case_extended")
    return list(rows.values_list("recipient", flat=True))


def test_what_the_applicant_is_told_is_shown_first_and_then_done(
    case, unit, browser_of
):
    worker = a_worker(unit)
    browser = browser_of(worker)
    url, before = reverse("cases:extend", args=[case.number]), case.due

    shown = browser.post(url, SENT).content.decode()
    assert SENT["reason"] in shown
    case.refresh_from_db()
    assert (case.due, told(case)) == (before, [])

    browser.post(url, {**SENT, "confirm": "1"})
    case.refresh_from_db()
    assert case.due > before
    assert told(case) == [case.email]
    page = browser.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "It was made longer by 2 working days: Cal un informe" in page
    assert "Deadline made longer" in page
    assert case.deadlines.get().extended_by == worker


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"days": "60"}, "days at most"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"reason": ""}, "the applicant is told"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    case, unit, browser_of, sent, words
):
    url = reverse("cases:extend", args=[case.number])

    answer = browser_of(a_worker(unit)).post(url, {**SENT, **sent, "confirm": "1"})

    assert words in str(answer.context["form"].errors)
    assert answer.context["form"].data["reason"] == {**SENT, **sent}["reason"]
    assert told(case) == []


def test_it_is_done_once_and_not_when_it_is_over(case, unit, browser_of):
    browser, url = (
        browser_of(a_worker(unit)),
        reverse("cases:extend", args=[case.number]),
    )
    browser.post(url, {**SENT, "confirm": "1"})

    again = browser.post(url, {**SENT, "confirm": "1"})
    assert "once already" in str(again.context["form"].errors)
    assert browser.get(url, follow=True).redirect_chain
    deadlines.close(case)
    over = browser.post(url, {**SENT, "confirm": "1"})
    assert "It is over" in str(over.context["form"].errors)
    assert len(told(case)) == 1
