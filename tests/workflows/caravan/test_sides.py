"""The page of a stop for its two sides, and what each answers there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from community.acting import memberships
from community.models import Role
from tests.factories import in_two_weeks
from tests.factories.acting import a_town, acting
from tests.factories.caravan import (
    TOLD,
    WAY,
    a_house,
    a_sent_stop,
    as_typed,
    at,
    case_of,
    dated,
    marked,
)
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import Sides, moment_rows, of, url
from tests.workflows.requesting.pages import browser, words
from workflows.caravan import stops
from workflows.caravan.models import Pairing, Side
from workflows.caravan.sides import chronicle

pytestmark = pytest.mark.django_db

PAGES = ("caravan_stop", "caravan_answer", "caravan_dates", "caravan_validate")
MORE = ("caravan_leave", "caravan_withdraw", "caravan_chronicle", "caravan_photographs")


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def primary(page: Any) -> list[str]:
    """Where the primary buttons of a page lead."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'class="btn btn--primary" href="([^"]+)"', main)


# Who sees it --------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES + MORE)
def test_to_anybody_else_there_is_no_such_stop(name):
    way = Sides("chronicle")
    stranger = browser(acting(a_town()))

    assert stranger.get(way.of(name)).status_code == 404
    answer = stranger.post(way.of(name), {"reason": "No"})
    assert answer.status_code == (405 if name == "caravan_stop" else 404)


@pytest.mark.parametrize("name", ["caravan_leave", "caravan_chronicle"])
def test_what_is_the_rapporteurs_is_not_the_hosts(name):
    way = Sides("chronicle")

    assert way.as_host().get(way.of(name)).status_code == 404
    assert way.as_host().post(way.of(name), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["caravan_withdraw", "caravan_validate"])
def test_what_is_the_hosts_is_not_the_rapporteurs(name):
    way = Sides("validate")

    assert way.as_teller().get(way.of(name)).status_code == 404
    answer = {"reason": "x", "answer": "yes"}
    assert way.as_teller().post(way.of(name), answer).status_code == 404
    assert case_of(way.stop).is_active


def test_who_is_not_signed_in_is_led_to_it_and_loses_nothing():
    way = Sides("asked")

    assert "login" in Client().get(way.of()).url
    late = Client().post(
        way.of("caravan_answer"), {"answer": "no", "reason": "Sóc fora"}
    )

    assert late.status_code == 401
    assert "Sóc fora" in late.content.decode()


def test_who_does_not_act_for_her_body_any_more_sees_nothing():
    way = Sides("dates")
    host, teller = way.as_host(), way.as_teller()
    for mine in (way.host, way.teller):
        memberships.end(mine, mine.user)

    assert host.get(way.of()).status_code == 404
    assert teller.get(way.of()).status_code in (404, 410)
    assert "Casa de la vila" not in words(teller.get(way.of()))


def test_a_reader_of_the_host_reads_and_answers_nothing():
    way = Sides("validate")
    client = browser(acting(way.house.host, Role.READER))

    assert client.get(way.of()).status_code == 200
    assert not primary(client.get(way.of()))
    assert TOLD["problem"] in words(client.get(way.of("caravan_validate")))
    for name in ("caravan_validate", "caravan_withdraw"):
        sent = {"answer": "yes", "reason": "x"}
        assert client.post(way.of(name), sent).status_code == 403
    assert way.again().decision != "valid"


# How it stands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "host", "teller"),
    [
        ("review", "", None),
        ("match", "", None),
        ("asked", "", "caravan_answer"),
        ("dates", "caravan_dates", "caravan_dates"),
        ("visit", "", ""),
        ("chronicle", "", "caravan_chronicle"),
        ("validate", "caravan_validate", ""),
        ("publish", "", ""),
    ],
)
def test_each_side_reads_at_every_step_what_is_hers_to_do(step, host, teller):
    way = Sides(step)

    page = way.as_host().get(way.of())
    assert primary(page) == ([way.of(host)] if host else [])
    current = re.findall(r'aria-current="step"', page.content.decode())
    assert len(current) == 1
    assert ("It is your turn" in words(page)) == bool(host)

    if teller is None:
        assert way.as_teller().get(way.of()).status_code == 404
    else:
        page = way.as_teller().get(way.of())
        assert primary(page) == ([way.of(teller)] if teller else [])


def test_neither_learns_how_to_reach_the_other_before_both_have_said_yes():
    way = Sides("asked")

    assert way.teller.user.email not in words(way.as_host().get(way.of()))
    assert way.stop.contact_email not in words(way.as_teller().get(way.of()))
    stops.answer_pairing(way.stop, True, "", way.teller.user)

    assert way.teller.user.email in words(way.as_host().get(way.of()))
    assert way.stop.contact_email in words(way.as_teller().get(way.of()))


def test_what_host_and_team_write_to_each_other_is_not_the_rapporteurs():
    way = Sides("amend")
    sent = {**way.stop.written, "version": way.stop.version, "send": "1"}
    draft = url("caravan_draft", way.stop.body.code, way.stop.key)
    way.as_host().post(draft, sent)
    way.again()
    way.office(decision="accept")
    way.office(offer=way.house.offer.pk)

    assert "Falta dir-ho." in words(way.as_host().get(way.of()))
    assert "Falta dir-ho." not in words(way.as_teller().get(way.of()))


def test_the_visit_is_there_with_its_day_its_place_and_for_the_calendar():
    way = Sides("visit")

    for client in (way.as_host(), way.as_teller()):
        page = client.get(way.of())
        assert "Casa de la vila" in words(page)
        calendar = client.get(way.of("caravan_stop_calendar"))
        assert calendar["Content-Type"].startswith("text/calendar")
        assert b"BEGIN:VEVENT" in calendar.content


def test_the_list_of_a_body_says_of_each_stop_how_it_stands():
    way = Sides("dates")

    host = words(way.as_host().get(url("caravan_body", way.house.host.code)))
    teller = words(way.as_teller().get(url("caravan_body", way.teller.body.code)))

    for page in (host, teller):
        assert way.stop.title in page
        assert "The date is being found" in page
    overview = way.as_host().get(url("my_body", way.house.host.code))
    assert way.stop.title in words(overview)


def test_the_list_asks_no_more_of_the_database_for_many_stops(
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    mine = acting(a_town())
    client, page = browser(mine), url("caravan_body", mine.body.code)
    a_sent_stop(mine)
    with django_assert_max_num_queries(100) as one:
        client.get(page)
    for _each in range(8):
        a_sent_stop(mine)

    with django_assert_max_num_queries(len(one)):
        client.get(page)


# Whether she comes --------------------------------------------------------------------


def test_who_was_asked_reads_what_it_is_about_and_comes():
    way = Sides("asked")
    client = way.as_teller()

    assert way.stop.summary in words(client.get(way.of("caravan_answer")))
    done = client.post(way.of("caravan_answer"), {"answer": "yes"})

    assert done.url == f"{way.of()}?answered=1"
    assert way.again().rapporteur == way.house.offer
    late = client.post(way.of("caravan_answer"), {"answer": "no", "reason": "Tard"})
    assert late.status_code == 410
    assert "Tard" in words(late)
    assert way.again().rapporteur == way.house.offer


def test_who_cannot_come_says_why_and_has_no_such_stop_any_more():
    way = Sides("asked")
    client = way.as_teller()

    lacks = client.post(way.of("caravan_answer"), {"answer": "no"})
    assert lacks.status_code == 422
    assert "Write why you cannot." in words(lacks)
    done = client.post(way.of("caravan_answer"), {"answer": "no", "reason": "Sóc fora"})

    assert "declined" in done.url
    assert client.get(done.url).status_code == 200
    assert Pairing.objects.get().reason == "Sóc fora"
    assert client.get(way.of()).status_code == 410
    assert "Sóc fora" not in words(way.as_host().get(way.of()))


# Days ---------------------------------------------------------------------------------


def test_each_side_marks_its_moments_and_sees_the_others():
    way = Sides("dates")
    mine, theirs = in_two_weeks(), in_two_weeks() + timedelta(days=1)

    way.as_host().post(way.of("caravan_dates"), moment_rows(mine))
    done = way.as_teller().post(way.of("caravan_dates"), moment_rows(theirs, mine))
    page = way.as_teller().get(done.url)

    marked_by = way.stop.possible_dates.filter(side=Side.RAPPORTEUR)
    assert [one.starts for one in marked_by] == [mine, theirs]
    assert "The host has marked" in words(page)
    fewer = moment_rows(theirs)
    way.as_teller().post(way.of("caravan_dates"), fewer)
    assert [one.starts for one in marked_by.all()] == [theirs]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["30/02/2030"], "Write the day as"),
        (["2020-01-01"], "It has passed already."),
        (["2099-01-01", "2099-01-01"], "is there twice"),
        ([""], "Write the day too."),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_it_and_the_others_stay(rows, said):
    way = Sides("dates")

    page = way.as_host().post(way.of("caravan_dates"), moment_rows(*rows, "2098-05-06"))

    assert page.status_code == 422
    assert said in words(page)
    assert 'value="2098-05-06"' in page.content.decode()
    assert not way.stop.possible_dates.exists()


@pytest.mark.parametrize("rows", [{}, {"form-TOTAL_FORMS": "x"}])
def test_a_form_of_days_that_was_tampered_with_breaks_nothing(rows):
    way = Sides("dates")

    page = way.as_host().post(way.of("caravan_dates"), rows)

    assert page.status_code == 422
    assert not way.stop.possible_dates.exists()


def test_what_takes_place_on_a_day_already_is_told_beside_it():
    day = in_two_weeks()
    other = a_house()
    dated(marked(at("dates", other), other), other, day)
    way = Sides("dates")

    way.as_host().post(way.of("caravan_dates"), moment_rows(day))
    page = way.as_host().get(way.of("caravan_dates"))

    assert "On that day there is" in words(page)
    assert "On that day there is" not in words(way.as_teller().get(way.of()))


def test_days_are_not_marked_once_the_visit_was_held():
    way = Sides("chronicle")

    late = way.as_host().post(way.of("caravan_dates"), moment_rows(in_two_weeks()))

    assert late.status_code == 410
    assert not way.stop.possible_dates.exists()


# Reading it ---------------------------------------------------------------------------


def test_the_host_reads_the_chronicle_and_says_that_it_is_right():
    way = Sides("validate")

    page = way.as_host().get(way.of("caravan_validate"))
    for text in TOLD.values():
        assert text in words(page)
    done = way.as_host().post(way.of("caravan_validate"), {"answer": "yes"})

    assert done.url == f"{way.of()}?validated=1"
    assert way.again().decision == "valid"
    late = way.as_host().post(
        way.of("caravan_validate"), {"answer": "no", "text": "Massa tard"}
    )
    assert late.status_code == 410
    assert "Massa tard" in words(late)


def test_what_has_to_change_is_read_by_the_rapporteur_and_the_changes_by_the_host():
    way = Sides("validate")
    address = way.of("caravan_validate")

    lacks = way.as_host().post(address, {"answer": "no"})
    assert lacks.status_code == 422
    assert "Write what has to change." in words(lacks)
    way.as_host().post(address, {"answer": "no", "text": "No eren dues hores."})
    form = way.as_teller().get(way.of("caravan_chronicle"))
    assert "No eren dues hores." in words(form)

    row = chronicle.of(way.stop)
    changed = {**row.written, "problem": "Es feia cua.", "advice": TOLD["advice"]}
    sent = {**changed, "version": row.version, "send": "1"}
    way.as_teller().post(way.of("caravan_chronicle"), sent)
    page = way.as_host().get(address).content.decode()

    assert "<ins>Es feia cua.</ins>" in page
    assert f"<del>{TOLD['problem']}</del>" in page
    assert page.count("<ins>") == 1


# Giving it up -------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["dates", "visit", "chronicle"])
def test_the_rapporteur_leaves_by_a_button_with_a_reason(step):
    way = Sides(step)
    client, address = way.as_teller(), way.of("caravan_leave")

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": " "}).status_code == 422
    assert way.again().rapporteur
    done = client.post(address, {"reason": "Canvio de feina"})

    assert "left" in done.url
    assert way.again().rapporteur is None
    assert case_of(way.stop).is_active
    assert client.post(address, {"reason": "Una altra"}).status_code == 410


@pytest.mark.parametrize("step", ["review", "asked", "visit", "validate"])
def test_the_host_withdraws_by_a_button_with_a_reason(step):
    way = Sides(step)
    client, address = way.as_host(), way.of("caravan_withdraw")

    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 422
    assert case_of(way.stop).is_active
    done = client.post(address, {"reason": "No podem"})

    assert done.status_code == 302
    assert not case_of(way.stop).is_active
    page = client.get(way.of())
    assert "The host has withdrawn it" in words(page)
    assert not primary(page)
    again = client.post(address, {"reason": "Un altre cop"})
    assert again.status_code == 410
    assert "Un altre cop" in words(again)


@pytest.mark.parametrize(
    ("step", "name", "sent", "side"),
    [
        ("asked", "caravan_answer", {"answer": "no", "reason": "El perdo?"}, "teller"),
        ("validate", "caravan_validate", {"answer": "no", "text": "El perdo?"}, "host"),
        ("visit", "caravan_leave", {"reason": "El perdo?"}, "teller"),
        ("visit", "caravan_withdraw", {"reason": "El perdo?"}, "host"),
    ],
)
def test_a_token_of_before_does_nothing_and_loses_nothing(step, name, sent, side):
    way = Sides(step)
    client = getattr(way, f"as_{side}")(enforce_csrf_checks=True)

    page = client.post(way.of(name), sent)

    assert page.status_code == 422
    assert "El perdo?" in page.content.decode()
    assert case_of(way.stop).is_active
    assert Pairing.objects.get().state in ("asked", "accepted")


@pytest.mark.parametrize("step", WAY)
def test_no_step_makes_a_page_fail(step):
    way = Sides(step)

    for name in PAGES + MORE:
        for client in (way.as_host(), way.as_teller()):
            assert client.get(way.of(name)).status_code in (200, 403, 404, 410)


def test_a_draft_has_no_page_of_a_stop():
    way = Sides("review")
    way.stop.case.delete()

    assert way.as_host().get(of(way.stop)).status_code == 404


def test_the_form_of_the_office_takes_what_was_marked():
    way = Sides("dates")
    day = in_two_weeks()
    way.as_host().post(way.of("caravan_dates"), moment_rows(day))

    way.office(**as_typed(day))

    assert way.again().appointment.starts == day
    assert timezone.localtime(day).strftime("%Y") in words(way.as_host().get(way.of()))
