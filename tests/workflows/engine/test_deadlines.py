"""A deadline of a case: it runs, stands still, is made longer, and follows the
holidays until it is closed."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from wagtail.models import ModelLogEntry

from community.models import LocalBody, User
from tests.factories import a_body, a_user
from tests.factories.cases import a_consultation
from tests.together import together
from workflows.engine import deadlines
from workflows.engine.arithmetic import in_words
from workflows.engine.clock import calendar_of
from workflows.engine.deadlines import Whose
from workflows.engine.models import Case, Deadline, Holiday
from workflows.engine.retention import erase
from workflows.engine.seed import seed
from workflows.engine.terms import Measure

pytestmark = pytest.mark.django_db

WORKING, NATURAL, MONTHS = Measure
LOCAL = Holiday.Territory.LOCAL

# A Tuesday, and ten working days later.
START, END = date(2026, 3, 3), date(2026, 3, 17)


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


@pytest.fixture
def holidays() -> None:
    """Those of Spain, Catalonia and, since it is our seat, Barcelona."""
    a_body("Barcelona", code="08019")
    seed(lambda line: None)


@pytest.fixture
def case(holidays: None) -> Case:
    """A case in which nothing runs."""
    case = a_consultation()
    deadlines.close(case)
    return case


def local_holidays(body: LocalBody, *days: date) -> None:
    for day in days:
        Holiday.objects.create(date=day, territory=LOCAL, body=body)


def reckon_all() -> int:
    return deadlines.reckon_due(limit=100)


# Running ----------------------------------------------------------------------------


def test_its_last_day_is_in_the_case_and_only_then_is_it_overdue(case):
    deadline = deadlines.start(case, WORKING, 10, on=START)

    case.refresh_from_db()
    assert (deadline.due, case.due) == (END, END)
    assert not deadline.is_overdue(END)
    assert deadline.is_overdue(date(2026, 3, 18))
    assert list(Deadline.objects.overdue(END)) == []
    assert list(Deadline.objects.overdue(date(2026, 3, 18))) == [deadline]


def test_a_case_has_one_of_ours_and_one_of_the_applicants_at_a_time(case):
    ours = deadlines.start(case, WORKING, 10, on=START)

    assert deadlines.start(case, MONTHS, 1, on=END) == ours
    other = deadlines.start(case, NATURAL, 7, whose=Whose.APPLICANT, on=START)
    case.refresh_from_db()
    assert (case.due, case.answer_by) == (END, date(2026, 3, 10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(
            case=case, whose=other.whose, measure=MONTHS, amount=1, started=START
        )

    deadlines.close(case)
    case.refresh_from_db()
    assert (case.due, case.answer_by) == (None, date(2026, 3, 10))
    assert deadlines.start(case, MONTHS, 1, on=START) != ours


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # The last and the first minutes of a day here, on both changes of the clock.
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 1, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 1, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 1, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 1, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_it_is_counted_from_the_day_by_the_clock_of_the_house(case, moment, day):
    with time_machine.travel(moment, tick=False):
        assert deadlines.start(case, WORKING, 10).started == day


# Standing still -----------------------------------------------------------------------


def test_what_runs_again_before_it_stood_still_has_lost_no_day(case):
    deadlines.start(case, WORKING, 10, on=START)
    deadlines.suspend(case, "Esperem resposta", on=date(2026, 3, 9))

    assert deadlines.resume(case, on=date(2026, 3, 6))

    case.refresh_from_db()
    assert case.due == END


def test_while_it_is_suspended_it_has_no_last_day_and_is_never_overdue(case):
    deadlines.start(case, WORKING, 10, on=START)

    assert deadlines.suspend(case, "Esperem resposta", on=date(2026, 3, 9))
    case.refresh_from_db()
    assert case.due is None
    assert list(Deadline.objects.overdue(date(2030, 1, 1))) == []

    assert deadlines.resume(case, on=date(2026, 3, 16))
    case.refresh_from_db()
    assert case.due == date(2026, 3, 24)


def test_stopping_and_going_on_twice_changes_nothing(case):
    deadlines.start(case, WORKING, 10, on=START)

    assert deadlines.suspend(case, "Primer", on=date(2026, 3, 9))
    assert not deadlines.suspend(case, "Segon", on=date(2026, 3, 10))
    assert deadlines.resume(case, on=date(2026, 3, 16))
    assert not deadlines.resume(case, on=date(2026, 3, 20))
    assert deadlines.close(case, on=END)
    assert not deadlines.close(case)
    assert not deadlines.suspend(case, "Tancat")

    assert Deadline.objects.filter(started=START).get().closed == END


def test_what_is_over_cannot_be_stopped_and_stays_overdue(case):
    deadlines.start(case, WORKING, 10, on=START)
    late = date(2026, 3, 18)

    assert not deadlines.suspend(case, "Massa tard", on=late)

    assert Deadline.objects.overdue(late).exists()


def test_what_is_stopped_on_its_last_day_is_not_overdue_when_it_runs_again(case):
    deadlines.start(case, WORKING, 10, on=START)
    deadlines.suspend(case, "A l’últim moment", on=END)
    again = date(2026, 5, 4)

    deadlines.resume(case, on=again)

    assert Deadline.objects.filter(due=again).exists()
    assert not Deadline.objects.overdue(again).exists()


# Longer -------------------------------------------------------------------------------


def test_it_is_made_longer_once_with_a_reason_and_who_did_it_is_known(case):
    boss = a_user()
    deadlines.start(case, WORKING, 10, on=START)

    deadline = deadlines.extend(case, 5, reason=" Cal un informe ", by=boss, on=END)

    case.refresh_from_db()
    assert (deadline.due, case.due) == (date(2026, 3, 24), date(2026, 3, 24))
    assert (deadline.extension_reason, deadline.extended_by) == ("Cal un informe", boss)
    entry = ModelLogEntry.objects.get(action=deadlines.EXTENDED)
    assert entry.user == boss
    assert entry.data == {
        "whose": "ours",
        "before": "2026-03-17",
        "after": "2026-03-24",
        "reason": "Cal un informe",
    }
    with pytest.raises(ValidationError, match="once already"):
        deadlines.extend(case, 1, reason="Més", by=boss, on=END)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"days": 6}, "by 5 days at most"),
        ({"days": 0}, "by 5 days at most"),
        ({"days": 6, "at_most": 5}, "by 5 days at most"),
        ({"reason": " "}, "Write why"),
        ({"on": date(2026, 3, 18)}, "It is over"),
        ({"whose": Whose.APPLICANT}, "It is over"),
    ],
)
def test_it_is_not_made_longer_too_much_too_late_or_without_a_reason(
    case, values, words
):
    deadlines.start(case, WORKING, 10, on=START)
    asked = {"days": 5, "reason": "Cal un informe", "on": END, **values}

    with pytest.raises(ValidationError, match=words):
        deadlines.extend(case, asked.pop("days"), by=a_user(), **asked)

    assert Deadline.objects.filter(case=case, due=END, extension=0).exists()


def test_another_law_can_allow_more(case):
    deadlines.start(case, WORKING, 10, on=START)

    longer = deadlines.extend(
        case, 10, reason="Ho diu la llei", by=a_user(), at_most=10, on=END
    )

    assert longer.due == date(2026, 3, 31)


def test_of_a_case_that_is_made_anonymous_the_days_stay_and_not_the_reasons(case):
    deadlines.start(case, WORKING, 10, on=START)
    deadlines.extend(case, 5, reason="Ho demana l’Ada", by=a_user(), on=END)
    deadlines.suspend(case, "L’Ada és de viatge", on=END)
    deadlines.resume(case, on=END)

    erase([case])

    kept = Deadline.objects.get(started=START)
    words = [kept.extension_reason, *kept.suspensions.values_list("reason", flat=True)]
    assert "Ada" not in "".join(words)
    assert (kept.due, kept.extension, kept.extended_by) == (date(2026, 3, 24), 5, None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_it_longer_and_one_stops_it(case):
    deadlines.start(case, WORKING, 10, on=START)
    people = [a_user(), a_user()]

    def longer(by: User) -> bool:
        try:
            deadlines.extend(case, 2, reason="Un informe", by=by, on=END)
        except ValidationError:
            return False
        return True

    for _round in range(5):
        found = together(*(partial(longer, by) for by in people))
        assert sorted(found) == [False, True]
        Deadline.objects.update(extension=0)

    stop = partial(deadlines.suspend, case, "Esperem", on=END)
    for _round in range(5):
        assert sorted(together(stop, stop)) == [False, True]
        deadlines.resume(case, on=END)


# The holidays change ------------------------------------------------------------------


def test_a_holiday_that_is_added_moved_or_deleted_moves_what_is_open(case):
    deadlines.start(case, WORKING, 10, on=START)
    assert reckon_all() == 0

    holiday = Holiday.objects.create(date=date(2026, 3, 10), territory="catalonia")
    assert reckon_all() == 1
    case.refresh_from_db()
    assert case.due == date(2026, 3, 18)
    entry = ModelLogEntry.objects.get(action=deadlines.RECKONED_AGAIN)
    assert entry.data == {
        "whose": "ours",
        "before": "2026-03-17",
        "after": "2026-03-18",
    }

    holiday.date = date(2026, 3, 14)
    holiday.save()
    reckon_all()
    case.refresh_from_db()
    assert case.due == END

    holiday.delete()
    assert reckon_all() == 1
    assert reckon_all() == 0
    assert ModelLogEntry.objects.filter(action=deadlines.RECKONED_AGAIN).count() == 2


def test_what_is_closed_stays_and_what_is_suspended_moves_when_it_runs_again(case):
    deadlines.start(case, WORKING, 10, on=START)
    deadlines.close(case, on=END)
    deadlines.start(case, WORKING, 10, on=START)
    deadlines.suspend(case, "Esperem", on=date(2026, 3, 9))

    Holiday.objects.create(date=date(2026, 3, 17), territory="catalonia")
    reckon_all()

    closed, still = Deadline.objects.filter(started=START).order_by("pk")
    assert (closed.due, still.due) == (END, None)
    deadlines.resume(case, on=date(2026, 3, 16))
    still.refresh_from_db()
    assert still.due == date(2026, 3, 25)


# Where --------------------------------------------------------------------------------


def test_a_holiday_where_the_office_or_the_applicant_is_counts_for_both(case):
    vic = a_body("Vic")
    local_holidays(vic, date(2026, 3, 5))
    local_holidays(a_body("Manresa"), date(2026, 3, 6))
    local_holidays(LocalBody.objects.get(code="08019"), date(2026, 3, 9))

    here = calendar_of()
    there = calendar_of(vic)

    days = [date(2026, 3, day) for day in (5, 6, 9)]
    assert [bool(here.off(day)) for day in days] == [False, False, True]
    assert [bool(there.off(day)) for day in days] == [True, False, True]


def test_a_body_without_holidays_has_those_of_the_body_that_it_belongs_to(case):
    vic = a_body("Vic")
    agency = a_body("Institut de Vic", parent=vic, kind=LocalBody.Kind.AUTONOMOUS)
    local_holidays(vic, date(2026, 7, 6), date(2026, 9, 7), date(2027, 7, 5))
    local_holidays(agency, date(2027, 2, 1))

    calendar = calendar_of(agency)

    off = [
        day
        for day in (date(2026, 7, 6), date(2027, 7, 5), date(2027, 2, 1))
        if calendar.off(day)
    ]
    assert off == [date(2026, 7, 6), date(2027, 2, 1)]


def test_it_is_said_whose_holidays_are_missing_and_when_a_day_is_provisional(case):
    case.body = a_body("Vic")
    case.save()
    # One of two is not enough.
    local_holidays(case.body, date(2026, 7, 6), date(2026, 9, 7), date(2027, 7, 5))

    first = deadlines.start(case, WORKING, 3, on=date(2026, 12, 29))
    words = in_words(deadlines.explain(first))
    assert "The local holidays of Vic of 2027 are missing." in words
    assert not first.provisional
    deadlines.close(case)

    second = deadlines.start(case, MONTHS, 2, on=date(2027, 12, 1))
    words = in_words(deadlines.explain(second))
    assert "No holidays of 2028 are known yet: this day is provisional." in words
    assert second.provisional


def test_the_arithmetic_costs_the_same_wherever_one_is(
    case, django_assert_max_num_queries
):
    vic = a_body("Vic")
    local_holidays(vic, date(2026, 7, 6), date(2026, 9, 7))
    case.body = a_body("Institut de Vic", parent=vic)
    deadline = deadlines.start(case, WORKING, 10, on=START)

    # The seat, the holidays, and when it stood still.
    with django_assert_max_num_queries(3):
        deadlines.explain(deadline)


# In words ---------------------------------------------------------------------------


def test_the_arithmetic_is_said_in_catalan(case):
    deadlines.start(case, WORKING, 10, on=date(2026, 3, 24))
    deadlines.suspend(case, "Esperem un document.", on=date(2026, 3, 26))
    deadlines.resume(case, on=date(2026, 3, 30))
    deadline = deadlines.extend(
        case, 5, reason="Cal un informe", by=a_user(), on=date(2026, 3, 31)
    )

    with translation.override("ca"):
        words = in_words(deadlines.explain(deadline))

    assert words == [
        "10 dies hàbils, comptats des de l’endemà de dimarts 24 de març de 2026.",
        "No compten els dissabtes ni els diumenges, ni tampoc aquests festius: "
        "Divendres Sant (divendres 3 d’abril de 2026); "
        "Dilluns de Pasqua (dilluns 6 d’abril de 2026).",
        "Va estar aturat des de dijous 26 de març de 2026 fins que es va reprendre "
        "dilluns 30 de març de 2026: Esperem un document.",
        "Es va ampliar 5 dies hàbils: Cal un informe.",
        "El darrer dia és dilluns 20 d’abril de 2026.",
    ]


@pytest.mark.parametrize(
    ("measure", "amount", "start", "words"),
    [
        (
            NATURAL,
            10,
            "2026-03-24",
            "10 days, counted from the day after Tuesday, 24 March 2026; all days "
            "count. It would end on Friday, 3 April 2026, but it ends on the next "
            "working day. Holidays: Good Friday (Friday, 3 April 2026); Easter Monday "
            "(Monday, 6 April 2026). The last day is Tuesday, 7 April 2026.",
        ),
        (
            MONTHS,
            1,
            "2026-01-31",
            "1 month from Saturday, 31 January 2026: the month in which it ends has no "
            "such day, so it ends on its last one. It would end on Saturday, 28 "
            "February 2026, which is not a working day, so it ends on the next one "
            "that is. The last day is Monday, 2 March 2026.",
        ),
        (
            MONTHS,
            2,
            "2026-01-12",
            "2 months from Monday, 12 January 2026: it ends on the same day of the "
            "month. The last day is Thursday, 12 March 2026.",
        ),
        (
            WORKING,
            1,
            "2026-03-03",
            "1 working day, counted from the day after Tuesday, 3 March 2026. The last "
            "day is Wednesday, 4 March 2026.",
        ),
    ],
)
def test_each_way_of_counting_is_said(case, measure, amount, start, words):
    deadline = deadlines.start(case, measure, amount, on=date.fromisoformat(start))

    assert " ".join(in_words(deadlines.explain(deadline))) == words


def test_what_stands_still_says_since_when_and_why_and_no_last_day(case):
    deadline = deadlines.start(case, WORKING, 10, on=START)
    deadlines.suspend(case, "We wait for a document", on=date(2026, 3, 9))
    deadline.refresh_from_db()

    words = in_words(deadlines.explain(deadline))

    assert words[-1] == (
        "It has stood still since Monday, 9 March 2026: We wait for a document."
    )
