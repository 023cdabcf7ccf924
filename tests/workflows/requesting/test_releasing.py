"""Prepared decisions released together: what is shown first, and that each leaves once
whatever happens to the worker."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.acting import memberships
from community.models import Message, User
from tests.factories.acting import representing
from tests.factories.cases import a_unit, a_worker, do, mails_of, open_task
from tests.factories.catalogue import a_resource
from tests.factories.requests import a_request
from workflows.engine import desk
from workflows.engine.models import Case
from workflows.requesting import releasing
from workflows.requesting.models import CatalogueRequest, Release

pytestmark = pytest.mark.django_db

DECISIONS = "decisions:index"


@pytest.fixture
def house() -> SimpleNamespace:
    unit = a_unit("Govern obert")
    return SimpleNamespace(
        unit=unit,
        resource=a_resource(unit=unit),
        worker=a_worker(unit),
        coordinator=a_worker(role="Coordinators"),
    )


def prepared(house: SimpleNamespace, decision: str = "grant") -> Case:
    case = a_request(house.resource)
    do(case, house.worker, decision="admit")
    do(case, house.worker, decision=decision, grounds=f"Perquè {decision}.")
    return case


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def chosen(*cases: Case) -> dict[str, list[int]]:
    return {"request": [case.request.pk for case in cases]}


def released(house: SimpleNamespace, *cases: Case):
    client = browser(house.coordinator)
    seen = client.post(reverse(DECISIONS), chosen(*cases)).context["seen"]
    sent = {**chosen(*cases), "seen": seen, "confirm": "1"}
    return client.post(reverse(DECISIONS), sent, follow=True)


def as_it_is(case: Case) -> Case:
    return Case.objects.select_related("request").get(pk=case.pk)


def test_the_chosen_ones_leave_once_every_mail_was_shown(house):
    granted, denied, left = prepared(house), prepared(house, "deny"), prepared(house)
    listed = browser(house.coordinator).get(reverse(DECISIONS)).text
    assert all(case.number in listed for case in (granted, denied, left))

    shown = browser(house.coordinator).post(reverse(DECISIONS), chosen(granted, denied))

    assert "2 decisions are released:" in shown.text
    assert "1 granted, 1 denied." in shown.text
    assert "2 mails leave: 2 in catalan" in shown.text
    assert [len(mails) for _one, mails in shown.context["shown"]] == [1, 1]
    assert not Release.objects.exists()
    assert mails_of(granted) == ["request_received"]

    answer = released(house, granted, denied)

    assert "2 decisions are being released just now." in answer.text
    assert releasing.run_due(10) == 2
    assert mails_of(granted)[1:] == ["request_granted"]
    assert mails_of(denied)[1:] == ["request_denied"]
    assert mails_of(left) == ["request_received"]
    assert as_it_is(denied).outcome == "denied"
    assert open_task(granted).flow_task.name == "execution"


def test_the_first_screen_counts_what_is_prepared_for_who_may_release_it(house):
    prepared(house)
    under_way = prepared(house, "deny")
    released(house, under_way)
    line = f'<a href="{reverse(DECISIONS)}">Decisions to release: <strong>1</strong>'

    assert line in browser(house.coordinator).get("/admin/").text
    assert "Decisions to release" not in browser(house.worker).get("/admin/").text


def test_what_changed_since_it_was_seen_is_shown_again(house):
    case = prepared(house)
    client = browser(house.coordinator)
    seen = client.post(reverse(DECISIONS), chosen(case)).context["seen"]
    CatalogueRequest.objects.update(grounds="Una altra cosa")

    sent = {**chosen(case), "seen": seen, "confirm": "1"}
    answer = client.post(reverse(DECISIONS), sent)

    assert answer.status_code == 409
    assert "Una altra cosa" in answer.context["shown"][0][1][0].html
    assert not Release.objects.exists()


def test_what_is_decided_otherwise_before_the_worker_comes_does_not_leave(house):
    case = prepared(house)
    released(house, case)
    CatalogueRequest.objects.update(decision="deny", grounds="No")

    releasing.run_due(10)

    assert Release.objects.get().state == Release.State.FAILED
    assert mails_of(case) == ["request_received"]
    listed = browser(house.coordinator).get(reverse(DECISIONS)).text
    assert "not released" in listed
    released(house, case)
    releasing.run_due(10)
    assert mails_of(case)[1:] == ["request_denied"]


def test_who_may_not_release_any_more_when_the_worker_comes_releases_nothing(house):
    case = prepared(house)
    released(house, case)
    house.coordinator.groups.clear()

    releasing.run_due(10)

    assert Release.objects.get().state == Release.State.FAILED
    assert as_it_is(case).request.released is None


def test_a_worker_that_dies_tells_nobody_twice(house, monkeypatch):
    """Before it begins, and after it has done it: before it could say so."""
    first, second = prepared(house), prepared(house)
    released(house, first, second)

    class Dead(BaseException):
        pass

    def die(*_row: object) -> None:
        raise Dead

    complete = desk.complete
    for moment in (die, lambda *row: (complete(*row), die())):
        monkeypatch.setattr(desk, "complete", moment)
        with pytest.raises(Dead):
            releasing.run_due(1)
    monkeypatch.setattr(desk, "complete", complete)
    Release.objects.update(lease_until=timezone.now())

    releasing.run_due(10)

    assert set(Release.objects.values_list("state", flat=True)) == {"done"}
    for case in (first, second):
        assert mails_of(case)[1:] == ["request_granted"]


def test_one_that_cannot_leave_does_not_keep_the_others(house):
    broken, whole = prepared(house), prepared(house)
    released(house, broken, whole)
    desk.claim(open_task(broken), house.worker)

    releasing.run_due(10)

    assert as_it_is(broken).request.released is None
    assert as_it_is(whole).request.released is not None


def test_only_a_coordinator_sees_them_and_wishes_it(house):
    case = prepared(house)

    answer = browser(house.worker).get(reverse(DECISIONS))

    assert case.number not in answer.text
    with pytest.raises(PermissionDenied):
        releasing.wish([case.request], by=house.worker)


def test_whom_nobody_can_tell_is_said_before(house):
    case = prepared(house)
    mayor = case.request.submissions.get().by.memberships.get()
    memberships.end(mayor, by=mayor.user)

    shown = browser(house.coordinator).post(reverse(DECISIONS), chosen(case))

    assert "nobody represents it" in shown.text
    other = representing(case.body)
    shown = browser(house.coordinator).post(reverse(DECISIONS), chosen(case))
    assert [m.mail.to for m in shown.context["shown"][0][1]] == [[other.user.email]]
    assert not Message.objects.filter(kind="request_granted").exists()
