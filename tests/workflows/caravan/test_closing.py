"""What comes after the good practice is published: both sides say how it went, and then
the stop is closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.acting import memberships
from community.cover import today
from community.models import Message, Role
from tests.factories import caravan as make
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import mails_of
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import of
from tests.workflows.requesting.pages import browser
from workflows.caravan import holding, reminding, stops
from workflows.caravan.models import Stop
from workflows.caravan.sides import evaluating
from workflows.engine import cases
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

OPEN, CLOSED = (Case.State.WAITING, ""), (Case.State.FINISHED, "published")


@pytest.fixture
def house() -> make.House:
    a_home()
    return make.a_house()


@pytest.fixture
def stop(house: make.House) -> Stop:
    """One whose good practice has just been published."""
    return make.at(make.EVALUATE, house)


def state(stop: Stop) -> tuple[str, str]:
    case = make.case_of(stop)
    return case.state, case.outcome


def case_page(stop: Stop, house: make.House) -> str:
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(house.coordinator)
    return staff.get(reverse("cases:case", args=[stop.case.number])).text


def test_once_both_sides_have_said_how_it_went_the_stop_is_closed(stop, house):
    host, teller = browser(house.technician), browser(house.teller)
    assert state(stop) == OPEN
    assert stop.case.answer_by >= today() + timedelta(days=30)
    assert "It waits for host and rapporteur, until" in case_page(stop, house)
    before = mails_of(stop.case)

    answer = host.post(of(stop, "caravan_evaluate"), {"score": "9"}, follow=True)
    assert (answer.status_code, state(stop)) == (200, OPEN)
    assert "We wait for the other side" in host.get(of(stop)).text
    assert "Say how it went by" in teller.get(of(stop)).text
    teller.post(of(stop, "caravan_evaluate"), {"score": "8"})

    assert state(stop) == CLOSED
    assert mails_of(stop.case) == before
    page = case_page(stop, house)
    assert page.count("A side has said how it went") == 2
    assert "Stop closed" in page
    # What was said can still be said otherwise.
    make.evaluated(make.now(stop), house.teller, score=10)
    assert state(stop) == CLOSED


def test_after_thirty_days_it_is_closed_once_whoever_has_said_nothing(stop, house):
    row = Case.objects.filter(pk=stop.case_id)
    row.update(answer_by=today())
    assert holding.close_due(10) == 0, "the last day is theirs"
    row.update(answer_by=today() - timedelta(days=1))

    assert (holding.close_due(10), holding.close_due(10)) == (1, 0)

    assert state(stop) == CLOSED
    make.evaluated(make.now(stop), house.mayor)
    assert (state(stop), stop.evaluations.count()) == (CLOSED, 1)


def test_the_side_that_has_not_said_it_hears_of_it_once_after_a_week(stop, house):
    make.evaluated(stop, house.mayor)
    tasks = stop.case.process.task_set.filter(status__in=stops.OPEN)
    assert reminding.nudge_due(10) == 0
    tasks.update(created=timezone.now() - timedelta(days=8))

    assert (reminding.nudge_due(10), reminding.nudge_due(10)) == (1, 0)

    sent = Message.objects.get(kind="stop_to_evaluate")
    assert sent.recipient == house.teller.user.email
    assert "stop_waits" not in mails_of(stop.case)


def test_what_is_published_is_neither_given_up_nor_left_nor_given_to_another(
    stop, house
):
    host, teller = browser(house.technician), browser(house.teller)
    for verb, by in (
        (stops.withdraw, house.mayor.user),
        (stops.drop_out, house.teller.user),
        (stops.replace_rapporteur, house.coordinator),
    ):
        with pytest.raises(ValidationError, match=str(stops.IS_PUBLISHED)):
            verb(make.now(stop), "No puc.", by)
    for person, name in ((host, "caravan_withdraw"), (teller, "caravan_leave")):
        answer = person.post(of(stop, name), {"reason": "No puc."})
        assert answer.status_code == 410
        assert "It is published: the stop can no longer be" in answer.text
        assert "No puc." in answer.text
        assert of(stop, name) not in person.get(of(stop)).text
    assert reverse("stops:replace", args=[stop.case.number]) not in case_page(
        stop, house
    )

    assert (state(stop), stop.pairings.get().state) == (OPEN, "accepted")


def test_the_office_closes_it_at_once_and_nobody_is_told(stop, house):
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(house.coordinator)
    address = reverse("cases:close", args=[stop.case.number])
    assert "nobody gets a mail" in staff.get(address).text
    before = mails_of(stop.case)

    page = staff.post(address, {"reason": ""}, follow=True).text

    assert (state(stop), mails_of(stop.case)) == (CLOSED, before)
    assert "Closed by the staff" in page
    stop.practice.page.refresh_from_db()
    assert stop.practice.page.live
    assert list(Stop.objects.public()) == [stop]


def test_one_that_was_settled_when_it_was_published_is_evaluated_all_the_same(
    stop, house
):
    stop.case.process.task_set.filter(status="NEW").delete()
    cases.finish(stop.case, "published")

    assert "Say how it went" in browser(house.technician).get(of(stop)).text
    make.evaluated(make.now(stop), house.mayor)
    make.evaluated(make.now(stop), house.teller)

    assert (state(stop), stop.evaluations.count()) == (CLOSED, 2)


def test_colleagues_say_it_for_a_rapporteur_who_acts_for_her_body_no_more(stop, house):
    body = house.offer.body
    boss, reader = representing(body), acting(body, Role.READER)
    with pytest.raises(PermissionDenied):
        evaluating.evaluate(stop, by=boss.user, score=9, text="")
    memberships.end(house.teller, by=boss.user)
    assert holding.release_due(10) == 0
    tasks = stop.case.process.task_set.filter(status__in=stops.OPEN)
    tasks.update(created=timezone.now() - timedelta(days=8))
    reminding.nudge_due(10)
    sent = Message.objects.filter(kind="stop_to_evaluate")
    assert boss.user.email in sent.values_list("recipient", flat=True)
    for stranger in (house.teller, reader, acting(a_town())):
        with pytest.raises(PermissionDenied):
            evaluating.evaluate(stop, by=stranger.user, score=1, text="")

    page = of(stop, "caravan_evaluate")
    assert browser(boss).get(page).status_code == 200
    browser(boss).post(page, {"score": "9"})
    make.evaluated(make.now(stop), house.mayor)

    assert state(stop) == CLOSED
