"""On which day a term ends: Law 39/2015, art. 30, as a table and as properties."""

from datetime import date, timedelta

import pytest
from dateutil.easter import easter as another_easter
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.feasts import easter, usual_holidays
from workflows.engine.terms import Calendar, Gap, Measure, Span, Term, reckon

pytestmark = pytest.mark.any_database

WORKING, NATURAL, MONTHS = Measure
HOLIDAYS = {
    holiday.date: (str(holiday.name),)
    for year in (2026, 2027)
    for holiday in usual_holidays(year)
}
SPAIN = Calendar(HOLIDAYS)
ONE_DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def ends(measure: str, amount: int, start: str, **more) -> date | None:
    return reckon(Term(measure, amount, day(start), **more), SPAIN).due


# Counting ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "amount", "start", "due"),
    [
        # From the next day, without Saturdays and Sundays (30.2, 30.3).
        (WORKING, 1, "2026-03-03", "2026-03-04"),
        (WORKING, 1, "2026-03-06", "2026-03-09"),
        (WORKING, 1, "2026-03-07", "2026-03-09"),
        (WORKING, 10, "2026-03-03", "2026-03-17"),
        # Easter: neither Good Friday nor the Monday.
        (WORKING, 5, "2026-03-27", "2026-04-07"),
        (WORKING, 5, "2027-03-19", "2027-03-30"),
        # From one year into the next.
        (WORKING, 10, "2026-12-18", "2027-01-05"),
        # The days on which the clocks change are days like others.
        (WORKING, 2, "2026-03-27", "2026-03-31"),
        (WORKING, 2, "2026-10-23", "2026-10-27"),
        (NATURAL, 7, "2026-03-26", "2026-04-02"),
        (NATURAL, 7, "2026-10-20", "2026-10-27"),
        # Natural days count all; the last one is a working day after all (30.5).
        (NATURAL, 7, "2026-03-03", "2026-03-10"),
        (NATURAL, 4, "2026-03-03", "2026-03-09"),
        (NATURAL, 10, "2026-03-24", "2026-04-07"),
        # From date to date (30.4).
        (MONTHS, 1, "2026-01-12", "2026-02-12"),
        (MONTHS, 3, "2026-10-13", "2027-01-13"),
        (MONTHS, 12, "2026-02-10", "2027-02-10"),
        # A month without that day ends on its last one …
        (MONTHS, 1, "2026-03-31", "2026-04-30"),
        (MONTHS, 1, "2026-08-31", "2026-09-30"),
        (MONTHS, 1, "2028-01-31", "2028-02-29"),
        (MONTHS, 12, "2028-02-29", "2029-02-28"),
        # … or on the next working day.
        (MONTHS, 1, "2026-01-31", "2026-03-02"),
        (MONTHS, 3, "2026-11-30", "2027-03-01"),
        (MONTHS, 3, "2026-01-03", "2026-04-07"),
        (MONTHS, 1, "2026-12-06", "2027-01-07"),
        # The holidays of the year, one by one: Sant Joan, the Diada, Tots Sants on a
        # Sunday, the Puríssima, Christmas with Sant Esteve.
        (WORKING, 1, "2026-06-23", "2026-06-25"),
        (WORKING, 1, "2026-09-10", "2026-09-14"),
        (WORKING, 1, "2026-10-30", "2026-11-02"),
        (NATURAL, 1, "2026-12-07", "2026-12-09"),
        (MONTHS, 1, "2026-11-08", "2026-12-09"),
        (WORKING, 2, "2026-12-23", "2026-12-28"),
        (WORKING, 1, "2027-12-23", "2027-12-24"),
        (NATURAL, 2, "2027-12-22", "2027-12-24"),
        (NATURAL, 3, "2027-12-22", "2027-12-27"),
        # August is a month like others (only for the courts it is not).
        (WORKING, 10, "2026-08-05", "2026-08-19"),
        (MONTHS, 1, "2026-07-15", "2026-08-17"),
        # The ten working days to mend a request (art. 68.1), the month to answer who
        # wants to know (Law 19/2014, art. 33), three months where no law says (21.3).
        (WORKING, 10, "2026-05-20", "2026-06-03"),
        (MONTHS, 1, "2026-02-27", "2026-03-27"),
        (MONTHS, 3, "2026-05-29", "2026-08-31"),
        # 29 February, from it and to it.
        (WORKING, 1, "2028-02-28", "2028-02-29"),
        (NATURAL, 1, "2028-02-28", "2028-02-29"),
        (MONTHS, 1, "2028-02-29", "2028-03-29"),
        (MONTHS, 1, "2027-01-31", "2027-03-01"),
    ],
)
def test_a_term_ends_on_the_day_that_the_law_says(measure, amount, start, due):
    assert ends(measure, amount, start) == day(due)


def test_a_local_holiday_moves_the_end_where_it_is_one_and_nowhere_else():
    there = Calendar({**HOLIDAYS, day("2026-09-24"): ("La Mercè",)})
    for term in (
        Term(MONTHS, 1, day("2026-08-24")),
        Term(WORKING, 1, day("2026-09-23")),
        Term(NATURAL, 1, day("2026-09-23")),
    ):
        assert reckon(term, SPAIN).due == day("2026-09-24")
        assert reckon(term, there).due == day("2026-09-25")


def test_the_arithmetic_names_each_holiday_that_did_not_count():
    found = reckon(Term(WORKING, 5, day("2026-03-27")), SPAIN)

    holidays = {off.day: off.names for off in found.skipped if off.names}
    assert holidays == {
        day("2026-04-03"): ("Divendres Sant",),
        day("2026-04-06"): ("Dilluns de Pasqua",),
    }
    weekends = [off.day for off in found.skipped if not off.names]
    assert weekends == [*map(day, ("2026-03-28", "2026-03-29"))] + [
        *map(day, ("2026-04-04", "2026-04-05"))
    ]


def test_the_arithmetic_says_on_which_day_it_would_have_ended():
    found = reckon(Term(NATURAL, 10, day("2026-03-24")), SPAIN)

    assert found.falls == day("2026-04-03")
    assert [off.day.day for off in found.moved] == [3, 4, 5, 6]


# Standing still, and longer -----------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "amount", "start", "spans", "due"),
    [
        # The day it stops counts no more, the one on which it runs again does.
        (WORKING, 10, "2026-03-03", [("03-09", "03-16")], "2026-03-24"),
        (WORKING, 10, "2026-03-03", [("03-09", "03-14")], "2026-03-24"),
        (NATURAL, 10, "2026-03-03", [("03-09", "03-16")], "2026-03-20"),
        (MONTHS, 1, "2026-01-12", [("02-02", "02-12")], "2026-02-23"),
        # Twice.
        (
            WORKING,
            10,
            "2026-03-03",
            [("03-09", "03-10"), ("03-12", "03-16")],
            "2026-03-20",
        ),
        # Holidays in it are lost with it.
        (WORKING, 5, "2026-03-27", [("03-31", "04-07")], "2026-04-10"),
        # Stopped on its last day, it has that one left.
        (WORKING, 1, "2026-03-06", [("03-09", "03-16")], "2026-03-16"),
        (NATURAL, 6, "2026-03-03", [("03-09", "03-16")], "2026-03-16"),
        (MONTHS, 1, "2026-01-12", [("02-12", "02-16")], "2026-02-16"),
        # … also if that is only the working day to which it had moved.
        (MONTHS, 1, "2026-02-01", [("03-02", "03-05")], "2026-03-05"),
        (NATURAL, 4, "2026-03-03", [("03-09", "03-12")], "2026-03-12"),
        # Stopped on the day from which it is counted.
        (WORKING, 2, "2026-03-03", [("03-03", "03-10")], "2026-03-11"),
        (NATURAL, 2, "2026-03-03", [("03-03", "03-10")], "2026-03-11"),
        # For no time at all, and after its end.
        (WORKING, 10, "2026-03-03", [("03-09", "03-09")], "2026-03-17"),
        (MONTHS, 1, "2026-01-12", [("02-13", "03-13")], "2026-02-12"),
        (WORKING, 1, "2026-03-03", [("03-05", None)], "2026-03-04"),
        # It still stands still.
        (WORKING, 10, "2026-03-03", [("03-09", None)], None),
        (NATURAL, 10, "2026-03-03", [("03-09", None)], None),
        (MONTHS, 1, "2026-02-01", [("03-02", None)], None),
    ],
)
def test_a_term_does_not_run_while_it_is_suspended(measure, amount, start, spans, due):
    def in_2026(text: str | None) -> date | None:
        return day(f"2026-{text}") if text else None

    suspensions = tuple(Span(in_2026(a), in_2026(b), "waiting") for a, b in spans)

    found = ends(measure, amount, start, suspensions=suspensions)

    assert found == (day(due) if due else None)


@pytest.mark.parametrize(
    ("measure", "amount", "start", "days", "due"),
    [
        (WORKING, 10, "2026-03-03", 5, "2026-03-24"),
        (NATURAL, 10, "2026-03-03", 5, "2026-03-18"),
        # From where it would have ended, not from the working day to which it moved.
        (MONTHS, 1, "2026-02-01", 2, "2026-03-03"),
        (MONTHS, 1, "2026-01-12", 14, "2026-02-26"),
    ],
)
def test_a_term_that_is_made_longer_ends_so_many_days_later(
    measure, amount, start, days, due
):
    assert ends(measure, amount, start, extension=days) == day(due)


@pytest.mark.parametrize(
    ("measure", "amount", "start", "longest"),
    [
        (WORKING, 10, "2026-03-03", 5),
        (WORKING, 15, "2026-03-03", 7),
        (NATURAL, 1, "2026-03-03", 0),
        (MONTHS, 1, "2026-01-31", 14),
        (MONTHS, 1, "2026-03-12", 15),
        (MONTHS, 3, "2026-03-12", 46),
    ],
)
def test_it_is_made_longer_by_half_of_it_at_most(measure, amount, start, longest):
    assert Term(measure, amount, day(start)).longest_extension == longest


# What is not known --------------------------------------------------------------------


def test_a_year_without_holidays_makes_the_end_provisional():
    calendar = Calendar(HOLIDAYS, {"": {2026, 2027}, "Vic": {2026}})

    in_time = reckon(Term(WORKING, 10, day("2026-03-03")), calendar)
    later = reckon(Term(WORKING, 10, day("2026-12-28")), calendar)
    beyond = reckon(Term(WORKING, 10, day("2027-12-28")), calendar)

    assert (in_time.gaps, in_time.is_provisional) == ((), False)
    assert (later.gaps, later.is_provisional) == ((Gap(2027, "Vic"),), False)
    assert beyond.is_provisional
    assert Gap(2028) in beyond.gaps


# Whatever the term --------------------------------------------------------------------

DAYS = st.dates(day("2026-01-01"), day("2028-12-31"))


@st.composite
def terms(draw, suspended: bool = True) -> Term:
    start = draw(DAYS)
    since, spans = start, []
    for _one in range(draw(st.integers(0, 3)) if suspended else 0):
        since += draw(st.integers(0, 20)) * ONE_DAY
        until = since + draw(st.integers(0, 30)) * ONE_DAY
        spans.append(Span(since, until))
        since = until
    return Term(
        draw(st.sampled_from(Measure.values)),
        draw(st.integers(1, 24)),
        start,
        extension=draw(st.integers(0, 10)),
        suspensions=tuple(spans),
    )


def is_open(term: Term, one: date) -> bool:
    return not (SPAIN.off(one) or term.stands_still(one))


@given(terms())
def test_no_term_ends_on_a_day_off_or_while_it_stands_still(term):
    due = reckon(term, SPAIN).due

    assert due > term.start
    assert is_open(term, due)


@given(terms())
def test_a_term_in_working_days_has_that_many_of_them(term):
    found = reckon(term, SPAIN).due
    days = ((found - term.start).days if term.measure == WORKING else 0) * [ONE_DAY]
    counted = [term.start + n * one for n, one in enumerate(days, 1)]

    if term.measure == WORKING:
        assert sum(is_open(term, one) for one in counted) == (
            term.amount + term.extension
        )


@given(terms(suspended=False), st.integers(0, 5), st.integers(0, 40))
def test_a_longer_or_later_term_never_ends_earlier(term, more, later):
    due = reckon(term, SPAIN).due
    for other in (
        Term(term.measure, term.amount + more, term.start, term.extension),
        Term(term.measure, term.amount, term.start, term.extension + more),
        Term(term.measure, term.amount, term.start + later * ONE_DAY, term.extension),
    ):
        assert reckon(other, SPAIN).due >= due


@given(terms(), st.sets(DAYS, max_size=30))
def test_more_holidays_never_make_a_term_end_earlier(term, days):
    more = Calendar({**HOLIDAYS, **dict.fromkeys(days, ("Local",))})

    assert reckon(term, more).due >= reckon(term, SPAIN).due


@given(terms(suspended=False), st.integers(0, 60), st.integers(0, 60))
def test_what_stood_still_never_ends_before_it_runs_again(term, after, lasting):
    due = reckon(term, SPAIN).due
    since = term.start + after * ONE_DAY
    until = since + lasting * ONE_DAY
    stopped = Term(
        term.measure, term.amount, term.start, term.extension, (Span(since, until),)
    )

    found = reckon(stopped, SPAIN).due

    assert found >= due
    assert found == due if since > due else found >= until


@pytest.mark.parametrize("year", range(1900, 2200, 7))
def test_easter_is_when_others_say_it_is(year):
    assert easter(year) == another_easter(year)
