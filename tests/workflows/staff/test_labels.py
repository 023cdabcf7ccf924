"""How urgent a case is, in words: no colour says it alone."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from workflows.engine.models import Case
from workflows.staff import labels

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("state", "days", "words", "tone"),
    [
        ("open", -1, "1 day overdue", "bad"),
        ("open", -9, "9 days overdue", "bad"),
        ("open", 0, "today", "warn"),
        ("open", 1, "1 day left", "warn"),
        ("open", 2, "2 days left", "warn"),
        ("open", 3, "2026", ""),
        ("waiting", -9, "the applicant, until", "info"),
        ("finished", -9, "", ""),
    ],
)
def test_a_deadline_is_said_in_words_and_never_overdue_while_it_stands_still(
    state, days, words, tone
):
    due, answer_by = TODAY + timedelta(days=days), TODAY + timedelta(days=5)
    case = Case(state=state, due=due, answer_by=answer_by)

    with override("en"):
        said = labels.deadline(case, TODAY)

    assert words in said.words
    assert said.tone == tone
    assert ("overdue" in said.words) == ("overdue" in words)
