"""Whether a body can request something, and which rule says no."""

from datetime import UTC, datetime, timedelta

import pytest

from workflows.catalogue.eligibility import (
    Body,
    Rule,
    Terms,
    Tone,
    Window,
    answer,
    window_at,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Window(2026, NOW - DAY, NOW + DAY)
COMING = Window(2027, NOW + DAY, NOW + 9 * DAY)
PAST = Window(2025, NOW - 9 * DAY, NOW - DAY)

TOWN = Body("08298", "Vic", "municipality", 5_000, 2025)
TERMS = Terms(frozenset({"municipality", "emd"}), (OPEN,))


@pytest.mark.parametrize(
    ("body", "terms", "requests", "tone", "rule"),
    [
        ({}, {}, (), Tone.YES, None),
        ({"kind": "consortium"}, {}, (), Tone.NO, Rule.KIND),
        ({}, {"kinds": frozenset()}, (), Tone.NO, Rule.KIND),
        # A band includes both its ends.
        ({}, {"most": 5_000}, (), Tone.YES, None),
        ({}, {"most": 4_999}, (), Tone.NO, Rule.BAND),
        ({}, {"least": 5_000}, (), Tone.YES, None),
        ({}, {"least": 5_001}, (), Tone.NO, Rule.BAND),
        ({"population": 0}, {"most": 100}, (), Tone.YES, None),
        ({"population": None}, {"most": 5_000}, (), Tone.UNSURE, Rule.BAND),
        ({"population": None}, {}, (), Tone.YES, None),
        ({}, {"instrument": "protocol"}, (), Tone.NO, Rule.INSTRUMENT),
        (
            {"instruments": frozenset({"protocol"})},
            {"instrument": "protocol"},
            (),
            Tone.YES,
            None,
        ),
        # It opens at its moment and has closed at its moment.
        ({}, {"windows": (Window(2026, NOW, NOW + DAY),)}, (), Tone.YES, None),
        ({}, {"windows": (Window(2026, NOW - DAY, NOW),)}, (), Tone.NO, Rule.WINDOW),
        ({}, {"windows": (Window(2026, NOW - DAY),)}, (), Tone.YES, None),
        ({}, {"windows": (COMING,)}, (), Tone.LATER, Rule.WINDOW),
        ({}, {"windows": ()}, (), Tone.NO, Rule.WINDOW),
        ({}, {"limit": 2}, ("2026/1",), Tone.YES, None),
        ({}, {"limit": 1}, ("2026/1",), Tone.WAIT, Rule.LIMIT),
        ({}, {"limit": None}, ("2026/1",) * 9, Tone.YES, None),
        # What nothing can mend is said before what time mends.
        (
            {"kind": "consortium"},
            {"windows": (COMING,), "limit": 1},
            ("2026/1",),
            Tone.NO,
            Rule.KIND,
        ),
        ({"population": None}, {"most": 9, "windows": (COMING,)}, (), Tone.LATER, None),
    ],
)
def test_yes_or_no_and_the_rule_that_explains_it(body, terms, requests, tone, rule):
    found = answer(
        TOWN._replace(**body), TERMS._replace(**terms), NOW, requests=requests
    )

    assert found.tone is tone
    assert found.can is (tone is Tone.YES)
    if rule:
        assert found.first_no.rule is rule


def test_each_rule_that_there_is_is_answered_once_and_no_other():
    plain = answer(TOWN, TERMS, NOW)
    strict = answer(TOWN, TERMS._replace(most=1, limit=1, instrument="protocol"), NOW)

    assert [reason.rule for reason in plain.reasons] == [Rule.KIND, Rule.WINDOW]
    assert [reason.rule for reason in strict.reasons] == list(Rule)


@pytest.mark.parametrize(
    ("windows", "counts"),
    [
        ((PAST, OPEN, COMING), OPEN),
        ((PAST, COMING), COMING),
        ((PAST, Window(2024, NOW - 99 * DAY, NOW - 90 * DAY)), PAST),
        ((COMING, Window(2028, NOW + 2 * DAY)), COMING),
        # Of two that are open, the one that stays open longest.
        (
            (OPEN, Window(2027, NOW - DAY, NOW + 2 * DAY)),
            Window(2027, NOW - DAY, NOW + 2 * DAY),
        ),
        ((OPEN, Window(2027, NOW - DAY)), Window(2027, NOW - DAY)),
        ((), None),
    ],
)
def test_which_edition_counts_today(windows, counts):
    assert window_at(windows, NOW) == counts
