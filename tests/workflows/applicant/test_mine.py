"""What somebody has asked, on the page of all that is theirs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Message
from community.privacy import links
from tests.factories.cases import a_unit, a_worker, do, sorted_to
from tests.factories.pages import a_home
from workflows.applicant.listing import LINK_KEPT, asked_by
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


@pytest.fixture
def mine() -> Client:
    """The browser of Ada, who has opened the link of our mail."""
    row = Message(kind="my_registrations", recipient=ADA, language="ca")
    row.save()
    client = Client()
    client.post(links.link_in(row).removeprefix("http://testserver"))
    return client


def test_what_waits_for_her_comes_first_and_what_is_nobodys_to_see_is_not_there(mine):
    unit = a_unit()
    worker = a_worker(unit)
    titles = ("Oblidada", "Contestada", "Us toca", "En curs")
    old, answered, asked_back, _going_on = (
        sorted_to(unit, email=ADA.title(), title=title) for title in titles
    )
    sorted_to(unit, email="pol@council.example", title="D’un altre")
    for case in (old, answered):
        do(case, worker, decision="answer", text="Sí")
    do(asked_back, worker, decision="ask", text="De quin any?")
    Case.objects.filter(pk=old.pk).update(
        finished=timezone.now() - LINK_KEPT - timedelta(days=1)
    )

    shown = [one.case.title for one in asked_by(ADA, timezone.now())]
    assert shown == ["Us toca", "En curs", "Contestada"]

    page = mine.get(reverse("my_registrations")).content.decode()
    for case in (answered, asked_back):
        assert reverse("my_case", args=[case.token]) in page
    assert "Us toca a vós" in page
    for hidden in ("D’un altre", "Oblidada"):
        assert hidden not in page


def test_nobody_has_asked_with_no_address():
    assert asked_by("", timezone.now()) == []


def test_however_much_was_asked_the_page_costs_the_same(mine):
    unit = a_unit()
    mine.get(reverse("my_registrations"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = mine.get(reverse("my_registrations")).content.decode()
        assert page.count("/c/") == Case.objects.count(), "all of them are shown"
        return len(asked)

    sorted_to(unit, email=ADA)
    few = cost()
    for _case in range(4):
        sorted_to(unit, email=ADA)

    assert cost() == few <= 20
