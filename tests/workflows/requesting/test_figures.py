"""Figures of requests: how many, how long, in time or not, since when nothing happened,
and who sees which."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from viewflow.workflow.models import Task

from community.models import LocalBody, User
from tests.browser.faults import faults
from tests.browser.signing_in import sign_in
from tests.factories.acting import a_town, representing
from tests.factories.cases import a_unit, a_worker, copies, do, open_task
from tests.factories.catalogue import a_resource
from tests.factories.requests import a_request
from workflows.engine import cases, desk
from workflows.engine.models import Case, Deadline
from workflows.engine.tables import spread
from workflows.requesting import requests, silence
from workflows.requesting.models import CatalogueRequest

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def house() -> SimpleNamespace:
    unit = a_unit("Govern obert")
    return SimpleNamespace(
        unit=unit,
        resource=a_resource(unit=unit, code="GO-1", name="Portal"),
        worker=a_worker(unit),
        coordinator=a_worker(role="Coordinators"),
        town=a_town("Rubí"),
    )


def asked(house: SimpleNamespace, **values: Any) -> Case:
    return a_request(house.resource, **values)


def prepared(house: SimpleNamespace, decision: str = "grant", **values: Any) -> Case:
    case = asked(house, **values)
    do(case, house.worker, decision="admit")
    do(case, house.worker, decision=decision, grounds="Perquè sí.")
    return case


def released(house: SimpleNamespace, decision: str = "grant", **values: Any) -> Case:
    case = prepared(house, decision, **values)
    do(case, house.coordinator)
    return case


def see(user: User, language: str = "en", **asked: str) -> Any:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client.get(reverse("figures:index"), asked)


def table(answer: Any, name: str) -> dict[str, list]:
    """The rows of a table of the page, by their first cell."""
    [found] = [one for one in answer.context["figures"].all if one.name == name]
    return {str(row[0]): row[1:] for row in found.rows}


def ago(days: float) -> Any:
    """At this hour of that day, whether or not summer time ended since."""
    return timezone.localtime() - timedelta(days=days)


def took(case: Case, step: str, *days: float) -> None:
    """Each time that `case` was in that step it took so long."""
    node = getattr(case.process.flow_class, step)
    tasks = case.process.task_set.filter(flow_task=node, finished__isnull=False)
    for task, length in zip(tasks.order_by("pk"), days, strict=True):
        begun = task.finished - timedelta(days=length)
        Task.objects.filter(pk=task.pk).update(created=begun)


# How many -----------------------------------------------------------------------------


def test_each_request_stands_in_one_place_and_what_is_only_prepared_is_no_decision(
    house,
):
    asked(house), prepared(house), released(house)
    do(asked(house), house.worker, decision="amend", parts=["subject"], text="Quin?")
    done = released(house)
    do(done, house.worker, outcome=requests.FINISHED, text="Fet.")
    released(house, "deny")
    cases.cancel(asked(house), reason="Dues vegades")

    answer = see(house.worker)

    standing = {label: row[0] for label, row in table(answer, "standing").items()}
    assert standing == {
        "with the office, to be decided": 2,
        "with the body, to be amended": 1,
        "granted, being carried out": 1,
        "carried out": 1,
        "denied": 1,
        "closed by the office": 1,
    }
    short = {label: (n, of) for label, n, of in answer.context["figures"].in_short}
    assert short["Requests"] == ("7", "")
    assert short["Granted"] == ("67\N{NO-BREAK SPACE}%", "of 3 decisions")
    [of_resource] = table(answer, "resource").values()
    assert of_resource[:5] == [7, 3, 2, 1, 1]


def test_a_draft_is_no_request(house):
    case = asked(house)
    CatalogueRequest.objects.update(case=None)
    Case.objects.filter(pk=case.pk).delete()

    answer = see(house.worker)

    assert "No request has come in yet" in answer.text


# How long -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], (None, None)),
        ([3], (3, 3)),
        ([1, 9], (1, 9)),
        ([9, 1, 5], (5, 9)),
        (range(1, 11), (5, 9)),
        (range(1, 12), (6, 10)),
        (range(1, 101), (50, 90)),
        ([0.26], (0.3, 0.3)),
        ([10.4], (10, 10)),
    ],
)
def test_half_took_the_median_at_most_and_nine_in_ten_the_90_percent(days, expected):
    assert spread(timedelta(days=n) for n in days) == expected


def test_a_step_takes_what_all_its_times_took_and_not_while_it_goes_on(house):
    once, twice, again, idle = (asked(house) for _each in range(4))
    do(once, house.worker, decision="admit")
    took(once, "check", 2)
    elsewhere = a_unit("Dades")
    for case in (twice, again):
        do(case, house.worker, decision="pass", unit=elsewhere.pk)
    do(twice, house.coordinator, decision="admit")
    took(twice, "check", 3, 4)
    took(again, "check", 50)
    assert open_task(idle).flow_task.name == "check"

    steps = table(see(house.coordinator), "lengths")

    assert steps["See whether it can be admitted"] == [2, 2, 7, 2]
    assert steps["Prepare the decision"] == [0, None, None, 2]


def test_what_was_taken_back_counts_with_what_it_took(house):
    case = asked(house)
    task = open_task(case)
    do(case, house.worker, decision="admit")
    took(case, "check", 6)
    desk.undo(Task.objects.get(pk=task.pk), house.worker)
    do(case, house.worker, decision="admit")
    last = case.process.task_set.filter(flow_task=task.flow_task).latest("pk")
    Task.objects.filter(pk=last.pk).update(created=last.finished - DAY)

    steps = table(see(house.worker), "lengths")

    assert steps["See whether it can be admitted"] == [1, 7, 7, 0]


def test_a_decision_took_less_without_the_days_in_which_its_term_stood_still(house):
    case = released(house)
    Case.objects.filter(pk=case.pk).update(created=ago(40))
    CatalogueRequest.objects.update(released=ago(10))
    term = case.deadlines.get(whose=Deadline.Whose.OURS)
    first, last = (timezone.localdate(ago(days)) for days in (35, 23))
    term.suspensions.create(since=first, until=last, reason="Esmena")

    steps = table(see(house.worker), "lengths")

    assert steps["Until it is decided"] == [1, 30, 30, 0]
    without = steps["… without the days in which the term stood still"]
    assert without == [1, 18, 18, 0]
    assert steps["Until it is carried out"] == [0, None, None, 1]


# In time or not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "closed", "is_decided", "expected"),
    [
        (0, 0, True, "decided in time"),
        (-1, 0, True, "decided late"),
        (-1, None, False, "past, and not decided"),
        (0, None, False, "running"),
        (None, None, False, "standing still"),
        (-1, 0, False, None),  # withdrawn
    ],
)
def test_a_term_is_met_on_its_last_day_and_needed_by_a_decision_alone(
    house, due, closed, is_decided, expected
):
    asked(house)
    at = timezone.localdate()
    CatalogueRequest.objects.update(
        released=timezone.now() if is_decided else None, decision="grant"
    )
    Deadline.objects.update(
        due=due if due is None else at + DAY * due,
        closed=closed if closed is None else at + DAY * closed,
    )

    answer = see(house.worker)

    found = {label for label, row in table(answer, "terms").items() if row[0]}
    assert found == ({expected} if expected else set())
    shares = {"decided in time": 100, "decided late": 0, "past, and not decided": 0}
    [of_resource] = table(answer, "resource").values()
    assert of_resource[-1] == shares.get(expected)


def test_days_since_the_last_action_are_of_what_is_under_way(house):
    for days in (0, 7, 8, 15, 16, 30, 31):
        case = asked(house)
        Case.objects.filter(pk=case.pk).update(last_action=ago(days))
    over = asked(house)
    cases.cancel(over)
    Case.objects.filter(pk=over.pk).update(last_action=ago(90))

    answer = see(house.worker)

    still = {label: row[0] for label, row in table(answer, "still").items()}
    assert still == {"0–7": 2, "8–15": 2, "16–30": 2, "more than 30": 1}
    assert answer.context["figures"].longest_still[0][0].number == case.number
    assert over.number not in answer.text


def test_what_lapsed_counts_as_not_decided(house):
    case = asked(house)
    do(case, house.worker, decision="amend", parts=["subject"], text="Quin?")
    Case.objects.update(answer_by=timezone.localdate() - DAY)
    silence.end_due(10)

    answer = see(house.worker)

    assert table(answer, "standing") == {"not amended in time": [1, 100]}
    assert sum(row[0] for row in table(answer, "terms").values()) == 0


# By what, and of whom -----------------------------------------------------------------


@pytest.fixture
def two(house: SimpleNamespace) -> SimpleNamespace:
    """A request of each of two units, resources, counties and years."""
    LocalBody.objects.update(comarca="Vallès Occidental")
    house.first = asked(house, body=house.town)
    house.elsewhere = a_unit("Dades")
    other = a_resource(
        unit=house.elsewhere, code="DA-1", name="=Dades", edition={"year": 2025}
    )
    town = a_town("Gavà")
    LocalBody.objects.filter(pk=town.pk).update(comarca="Baix Llobregat")
    house.second = a_request(other, town)
    return house


def test_the_staff_of_a_unit_see_their_own_and_who_sees_all_units_all(two):
    stranger, reader = a_worker(two.elsewhere), a_worker(two.unit, role="Readers")
    administrator = a_worker(role="Administrators")

    def numbers(user: User) -> set[str]:
        return {row.number for row in see(user).context["figures"].rows}

    assert numbers(two.worker) == numbers(reader) == {two.first.number}
    assert numbers(stranger) == {two.second.number}
    both = {two.first.number, two.second.number}
    assert numbers(two.coordinator) == numbers(administrator) == both
    # Who sees no case is led to none.
    assert two.first.number not in see(administrator).text
    assert two.first.number in see(two.coordinator).text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("resource", "DA-1"),
        ("unit", None),
        ("comarca", "Baix Llobregat"),
        ("year", "2025"),
    ],
)
def test_what_is_chosen_stands_in_the_address(two, name, value):
    chosen = value or two.elsewhere.code

    answer = see(two.coordinator, **{name: chosen, "by": name})

    assert [row.number for row in answer.context["figures"].rows] == [two.second.number]
    assert len(table(answer, name)) == 1
    assert len(table(see(two.coordinator, by=name), name)) == 2
    assert f"{name}={chosen.replace(' ', '+')}" in answer.text.replace("%20", "+")


@pytest.mark.parametrize(
    "wrong", [{"resource": "DA-1"}, {"unit": "no"}, {"year": "x"}, {"comarca": "0"}]
)
def test_what_is_not_of_ones_own_gives_no_figures_and_no_file(two, wrong):
    for more in ({}, {"export": "csv"}):
        answer = see(two.worker, **wrong, **more)

        assert "tables" not in answer.context
        assert "not one of the available choices" in answer.text


def test_what_nobody_knows_of_is_told_by_resource(two):
    assert len(table(see(two.coordinator, by="nothing"), "resource")) == 2


def test_nothing_found_says_how_to_go_on(two):
    answer = see(two.coordinator, resource="DA-1", unit=two.unit.code)

    assert "No request is like that." in answer.text
    assert f'href="{reverse("figures:index")}"' in answer.text


# As a file ----------------------------------------------------------------------------


def test_the_file_has_a_sheet_for_each_table_with_figures_as_figures(two):
    for language in ("ca", "es", "en"):
        with override(language):
            User.objects.update(language=language)
            answer = see(two.coordinator, language, unit=two.unit.code, export="xlsx")
        book = load_workbook(io.BytesIO(answer.content))

        of, standing, *_others, by = book.worksheets
        assert len(book.worksheets) == 6
        assert [cell.value for cell in of[2]][1] == "Govern obert"
        assert [cell.value for cell in standing[2]][1:] == [1, 100]
        assert [cell.value for cell in by[2]][:2] == ["Portal", 1]


def test_a_name_in_a_file_is_no_formula(two):
    answer = see(two.coordinator, export="csv", table="resource")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Resource,Requests,")
    assert "'=Dades,1,1,0,0,0,,," in lines


def test_who_only_reads_takes_nothing_out(two):
    reader = a_worker(two.unit, role="Readers")

    assert see(reader, export="xlsx").status_code == 302
    assert "export=" not in see(reader).text
    assert "export=xlsx" in see(two.worker).text


# Speed and sight ----------------------------------------------------------------------


@pytest.mark.slow
def test_two_thousand_cost_as_many_queries_as_twenty(house):
    def queries() -> int:
        see(house.worker)
        with CaptureQueriesContext(connection) as found:
            assert see(house.worker).status_code == 200
        return len(found)

    case = released(house)
    more_of(case, 19)
    few = queries()
    more_of(case, 1980)

    assert queries() == few
    assert table(see(house.worker), "standing") == {
        "granted, being carried out": [2000, 100]
    }
    assert table(see(house.worker), "lengths")["Until it is decided"][0] == 2000


def more_of(case: Case, number: int) -> None:
    request = CatalogueRequest.objects.get(case=case)
    CatalogueRequest.objects.bulk_create(
        CatalogueRequest(
            case=each,
            body=request.body,
            resource=request.resource,
            edition=request.edition,
            decision=request.decision,
            released=request.released,
        )
        for each in copies(case, number)
    )


@pytest.mark.browser
@pytest.mark.slow
def test_everybody_can_read_them(transactional_db, live_server, page, two):
    done = released(two, by=representing(two.town))
    do(done, two.worker, outcome=requests.FINISHED, text="Fet.")
    sign_in(page.context, two.coordinator, live_server.url)

    for address in ("?by=comarca", "?year=x", f"?resource=DA-1&unit={two.unit.code}"):
        page.goto(reverse("figures:index") + address)
        assert faults(page) == []
