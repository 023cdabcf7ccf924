"""The lists of cases: whose they are, what is found in them, and what they cost."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community import cover
from community.cover import today
from community.models import Message, User
from tests.factories import a_body
from tests.factories.cases import (
    a_unit,
    a_worker,
    do,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from workflows.engine import desk, disclosure
from workflows.engine.models import Case
from workflows.engine.retention import show


def numbers(answer: HttpResponse) -> list[str]:
    assert answer.status_code == 200
    return [case.number for case in answer.context["object_list"]]


def seen(client: Client, name: str = "all", **asked: str) -> list[str]:
    return numbers(client.get(reverse(f"cases:{name}"), asked))


def test_the_inbox_has_mine_and_the_queue_what_nobody_has(unit, browser_of):
    me, berta = a_worker(unit), a_worker(unit)
    mine, hers, nobodys = (sorted_to(unit) for _each in range(3))
    desk.claim(open_task(mine), me)
    desk.claim(open_task(hers), berta)
    client = browser_of(me)

    assert seen(client, "index") == [mine.number]
    assert seen(client, "queue") == [nobodys.number]
    assert set(seen(client)) == {mine.number, hers.number, nobodys.number}
    assert seen(client, "archive") == []


def test_what_is_settled_is_in_the_archive_and_in_nobodys_inbox(unit, browser_of):
    me = a_worker(unit)
    case = sorted_to(unit)
    do(case, me, decision="answer", text="Sí")
    client = browser_of(me)

    assert seen(client, "archive") == [case.number]
    assert seen(client, "index") == seen(client, "queue") == []


def test_cases_of_another_unit_are_in_no_list_and_not_found(unit, browser_of):
    theirs = sorted_to(a_unit("Arxiu"))
    client = browser_of(a_worker(unit))

    assert all(
        seen(client, name) == []
        for name in ("index", "queue", "all", "archive", "problems")
    )
    address = reverse("cases:case", args=[theirs.number])
    assert client.get(address).status_code == 404


def test_who_covers_for_a_unit_has_its_cases_for_those_days(unit, browser_of):
    case = sorted_to(unit)
    guest = a_worker(a_unit("Arxiu"))
    client = browser_of(guest)
    assert seen(client, "queue") == []

    lent = cover.lend(
        unit, guest, starts=today(), until=today() + timedelta(days=3), by=guest
    )

    assert seen(client, "queue") == [case.number]
    client.post(reverse("cases:claim", args=[case.number, open_task(case).pk]))
    assert seen(client, "index") == [case.number]
    cover.end(lent, by=guest)
    assert seen(client, "index") == []
    coordinator = browser_of(a_worker(role="Coordinators"))
    assert seen(coordinator, "problems") == [case.number], "and somebody is told"


def test_filters_and_words_find_and_their_addresses_can_be_shared(unit, browser_of):
    me = a_worker(unit)
    body = a_body("Vila-real")
    late, waiting, other = (
        sorted_to(unit, title="Actes"),
        waiting_for_reply(unit, me, title="Dades"),
        sorted_to(unit, title="Càrrecs electes", body=body),
    )
    desk.claim(open_task(other), me)
    Case.objects.filter(pk=late.pk).update(
        due=today() - timedelta(days=1),
        last_action=timezone.now() - timedelta(days=20),
    )
    Case.objects.filter(pk=waiting.pk).update(due=today() - timedelta(days=9))
    client = browser_of(me)

    for asked, found in (
        ({"due": "overdue"}, late),
        ({"due": "none"}, None),
        ({"still": "15"}, late),
        ({"state": "waiting"}, waiting),
        ({"body": str(body.pk)}, other),
        ({"holder": str(me.pk)}, other),
        ({"q": "carrecs vila"}, other),
        ({"q": late.number.lower()}, late),
        ({"q": "dades", "state": "waiting"}, waiting),
        ({"q": "res de res"}, None),
    ):
        assert seen(client, **asked) == ([found.number] if found else []), asked
    assert len(seen(client, kind="consultation", unit=str(unit.pk))) == 3


def test_nonsense_in_an_address_breaks_nothing(unit, browser_of):
    client = browser_of(a_worker(unit))

    for asked in ("p=999&ordering=rm", "due=1&unit=x&body=-1&holder=0", "q=%2C%27"):
        assert client.get(f"{reverse('cases:all')}?{asked}").status_code == 200


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        ("leave", "cannot do it any more"),
        ("role", "cannot do it any more"),
        ("unsent", "could not be sent"),
        ("adrift", "no step to go on with"),
    ],
)
def test_what_stands_still_is_said_with_why(unit, browser_of, break_it, said):
    case, gone = sorted_to(unit), a_worker(unit)
    client = browser_of(a_worker(unit))
    desk.claim(open_task(case), gone)
    assert seen(client, "problems") == []

    if break_it == "leave":
        gone.unit_memberships.all().delete()
    elif break_it == "role":
        gone.groups.clear()
    elif break_it == "unsent":
        mails = Message.objects.filter(order_key=case.thread)
        mails.update(state=Message.State.FAILED)
    else:
        case.process.task_set.filter(finished=None).update(status="CANCELED")

    answer = client.get(reverse("cases:problems"))
    assert numbers(answer) == [case.number]
    assert said in answer.content.decode()


def test_several_are_claimed_or_assigned_at_once_and_no_more_than_ones_own(
    unit, browser_of
):
    me, berta = a_worker(unit), a_worker(unit)
    free, taken = sorted_to(unit), sorted_to(unit)
    desk.claim(open_task(taken), berta)
    theirs = sorted_to(a_unit("Arxiu"))
    chosen = "&".join(f"id={case.pk}" for case in (free, taken, theirs))
    client = browser_of(me)

    client.post(f"/admin/bulk/engine/case/claim/?{chosen}")

    assert open_task(free).owner == me
    assert open_task(taken).owner == berta
    assert open_task(theirs).owner is None

    client.post(f"/admin/bulk/engine/case/assign/?{chosen}", {"to": me.pk})

    assert open_task(taken).owner == me
    assert open_task(theirs).owner is None


def test_the_file_says_who_nobody_is_and_reckons_nothing(unit, browser_of):
    sorted_to(unit, title="=SUM(A1:A9)")
    client = browser_of(a_worker(unit))

    answer = client.get(reverse("cases:all"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()

    assert "'=SUM(A1:A9)" in text
    assert "Ada" not in text
    assert "@council.example" not in text


def test_the_menu_and_the_first_screen_say_how_many_wait(unit, browser_of):
    me = a_worker(unit)
    desk.claim(open_task(sorted_to(unit)), me)
    sorted_to(unit)

    page = browser_of(me).get("/admin/").content.decode()

    assert '"data-cases": "1"' in page
    assert "In your inbox: <strong>1</strong>" in page
    assert "Nobody has them yet: <strong>1</strong>" in page


def test_the_page_of_a_case_costs_the_same_however_much_happened(unit, browser_of):
    me = a_worker(unit)
    case = sorted_to(unit, body=a_body("Vila-real"))
    client = browser_of(me)
    address = reverse("cases:case", args=[case.number])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _time in range(9):
        client.post(reverse("cases:note", args=[case.number]), {"text": "Nota"})
        for act in (desk.claim, desk.give_back):
            act(open_task(case), me)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)
    assert len(many) <= 20


def test_all_of_the_list_is_what_the_list_shows_and_no_more(unit, browser_of):
    me = a_worker(unit)
    mine, other = sorted_to(unit, title="Actes"), sorted_to(unit, title="Dades")
    client = browser_of(me)

    asked = {"id": "all", "q": "actes", "next": f"{reverse('cases:queue')}?q=actes"}
    client.post(f"/admin/bulk/engine/case/claim/?{urlencode(asked)}")

    assert open_task(mine).owner == me
    assert open_task(other).owner is None
    for elsewhere in ("/admin/", "", "/nowhere/", reverse("cases:archive")):
        asked = {"id": "all", "next": elsewhere}
        client.post(f"/admin/bulk/engine/case/claim/?{urlencode(asked)}")
        assert open_task(other).owner is None, elsewhere


def test_the_file_is_in_words_and_says_who_has_each(unit, browser_of):
    me = a_worker(unit, name="Núria")
    desk.claim(open_task(sorted_to(unit)), me)

    answer = browser_of(me).get(reverse("cases:all"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))

    assert (row["Kind"], row["State"]) == ("Consultation", "in progress")
    assert (row["Unit"], row["Who has it"]) == ("Govern obert", "Núria")


def test_on_a_phone_a_row_has_no_words_beside_nothing(unit, browser_of):
    me = a_worker(unit)
    case, client = sorted_to(unit), browser_of(me)

    def labels() -> list[str]:
        page = client.get(reverse("cases:all")).content.decode()
        return re.findall(r'<td[^>]* data-label="([^"]*)"', page)

    assert {"What comes next", "Deadline"} < set(labels())
    desk.cancel(case, "No és nostre", me)
    assert labels() == ["State", "Unit", "Last action"]


def test_those_without_a_deadline_come_last_whichever_the_database(unit, browser_of):
    me = a_worker(unit)
    waiting, late = waiting_for_reply(unit, me), sorted_to(unit)
    client = browser_of(me)

    assert seen(client, ordering="due") == [late.number, waiting.number]


# Who has seen it ---------------------------------------------------------------------


def seen_by(user: User) -> list[str]:
    actions = disclosure.ACTIONS
    found = ModelLogEntry.objects.filter(action__in=actions, user=user)
    return sorted(found.values_list("action", flat=True))


def test_reading_what_is_not_ones_own_is_written_down_once_an_hour(unit, browser_of):
    me = a_worker(unit)
    mine, other = sorted_to(unit), sorted_to(unit)
    desk.claim(open_task(mine), me)
    client = browser_of(me)

    for _twice in range(2):
        for case in (mine, other):
            client.get(reverse("cases:case", args=[case.number]))
        for name in ("index", "queue", "all", "archive"):
            client.get(reverse(f"cases:{name}"))

    assert seen_by(me) == [disclosure.LISTED, disclosure.OPENED]
    [entry] = disclosure.of_cases([mine.pk, other.pk])
    assert entry.data == {"case": other.number}
    coordinator = browser_of(a_worker(role="Coordinators"))
    report = coordinator.get(reverse("disclosures:index")).content.decode()
    assert other.number in report
    assert mine.number not in report
    part = next(one for one in show(other.email) if one.name == "case_disclosures")
    assert len(part.records) == 1


def test_taking_cases_out_is_written_down_with_how_many(unit, browser_of):
    me = a_worker(unit)
    sorted_to(unit)
    browser_of(me).get(reverse("cases:all"), {"export": "xlsx"})

    assert disclosure.TAKEN_OUT in seen_by(me)
    coordinator = browser_of(a_worker(role="Coordinators"))
    report = coordinator.get(reverse("disclosures:index")).content.decode()
    assert "Cases taken out (XLSX file, 1 case)" in report
