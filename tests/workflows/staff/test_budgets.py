"""What the staff's screens of cases cost: so many queries at most, and the same with
twenty cases as with two thousand."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.cover import today
from community.models import Message, Unit, User
from tests.factories import a_body
from tests.factories.cases import a_worker, copies, do, open_task, sorted_to
from workflows.engine import desk
from workflows.engine.models import Case

FEW, MANY = 20, 2000
INBOX, OTHERS, HOME = 15, 20, 40


@pytest.fixture
def me(unit) -> User:
    return a_worker(unit)


@pytest.fixture
def models(unit: Unit, me: User) -> list[Case]:
    """A case of each sort: mine, nobody's, late, waiting for the applicant, settled,
    with somebody who has left, and one whose mail did not leave."""
    body, leaver = a_body("Vila-real"), a_worker(unit)
    found = [sorted_to(unit, body=body, title="Actes del ple") for _sort in range(7)]
    mine, _nobodys, late, waiting, settled, stuck, unsent = found
    desk.claim(open_task(mine), me)
    desk.claim(open_task(late), me)
    do(waiting, me, decision="ask", text="Quines?")
    do(settled, me, decision="answer", text="Sí")
    desk.claim(open_task(stuck), leaver)
    leaver.unit_memberships.all().delete()
    Case.objects.filter(pk=late.pk).update(
        due=today() - timedelta(days=9),
        last_action=timezone.now() - timedelta(days=40),
    )
    mails = Message.objects.filter(order_key=unsent.thread)
    mails.update(state=Message.State.FAILED)
    return found


def fill(models: list[Case], number: int) -> None:
    """As many cases as that, of each sort alike."""
    missing = number - Case.objects.count()
    for case in models:
        copies(case, missing // len(models) + 1)
    with connection.cursor() as cursor:
        # What PostgreSQL does by itself, a minute after so many rows have come.
        cursor.execute("ANALYZE")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        if answer.streaming:
            list(answer.streaming_content)
    assert answer.status_code == 200, address
    return len(asked)


def lists(me: User, unit: Unit, body: int) -> dict[str, int]:
    """Every list, sought and filtered in each way, its file, and what each may cost."""
    asked = {
        "index": [
            {},
            {"q": "actes vila"},
            {"kind": "consultation"},
            {"unit": unit.pk},
            {"due": "overdue"},
            {"still": "30"},
            {"ordering": "-last_action"},
        ],
        "index_results": [{"due": "week"}],
        "queue": [{}, {"unit": unit.pk}, {"body": body}, {"due": "none"}],
        "queue_results": [{"q": "actes"}],
        "all": [
            {},
            {"q": "actes vila"},
            {"state": "waiting"},
            {"holder": me.pk},
            {"due": "overdue"},
            {"q": "actes", "unit": unit.pk, "state": "open", "holder": me.pk},
            {"export": "csv"},
            {"export": "xlsx"},
        ],
        "archive": [{}, {"state": "finished"}, {"body": body}],
        "problems": [{}, {"holder": me.pk}, {"q": "actes"}],
    }
    return {
        f"{reverse(f'cases:{name}')}?{urlencode(one)}": (
            INBOX if name.startswith("index") else OTHERS
        )
        for name, sought in asked.items()
        for one in sought
    }


def screens(models: list[Case]) -> dict[str, int]:
    """A case of each sort, what is done with one, and where the menu counts them."""
    mine = models[0]
    pages = [reverse("cases:case", args=[case.number]) for case in models]
    acts = [
        reverse("cases:step", args=[mine.number, open_task(mine).pk]),
        *(reverse(f"cases:{name}", args=[mine.number]) for name in ("close", "extend")),
        "/admin/account/",
    ]
    return {**dict.fromkeys([*pages, *acts], OTHERS), "/admin/": HOME}


@pytest.mark.slow
def test_every_screen_costs_the_same_with_few_cases_and_with_many(
    models, unit, me, browser_of
):
    client = browser_of(me)
    most = {**lists(me, unit, models[0].body_id), **screens(models)}
    costs = []
    for number in (FEW, MANY):
        fill(models, number)
        if not costs:
            # What is asked once in an hour, or in the life of a process.
            for address in most:
                client.get(address)
        costs.append({address: queries_of(client, address) for address in most})

    few, many = costs
    assert {a: (few[a], n) for a, n in many.items() if n != few[a]} == {}
    assert {a: n for a, n in many.items() if n > most[a]} == {}


def test_many_are_chosen_at_once_for_the_same(models, me, browser_of):
    client = browser_of(me)
    fill(models, 70)
    keys = list(Case.objects.active().values_list("pk", flat=True))
    address = "/admin/bulk/engine/case/claim/?"
    few, many = (
        queries_of(client, address + urlencode({"id": chosen}, doseq=True))
        for chosen in (keys[:5], keys[:50])
    )

    assert few == many <= OTHERS
