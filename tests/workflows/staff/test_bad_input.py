"""What nobody should send to the screens of cases, sent: nothing is done by it, and
nothing breaks."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Message, User
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from workflows.engine import desk
from workflows.engine.models import Case, Entry
from workflows.staff.viewsets import CasesViewSet

LONG, NUL, HUGE = "x" * 20_001, "a\x00b", str(10**30)
ODD = (
    "",
    "0",
    "-1",
    "abc",
    "1.5",
    "٣",
    "²",
    HUGE,
    NUL,
    "' OR 1=1 --",
    "<b>",
    "🦄" * 40,
)


def addresses() -> dict[str, URLPattern]:
    """Every address of a case, by name."""
    found = {one.name: one for one in CasesViewSet().get_urlpatterns()}
    return {name: one for name, one in found.items() if "number" in str(one.pattern)}


def url(name: str, number: str, pk: int) -> str:
    try:
        return reverse(f"cases:{name}", args=[number, pk])
    except NoReverseMatch:
        return reverse(f"cases:{name}", args=[number])


@pytest.fixture
def me(unit) -> User:
    return a_worker(unit)


@pytest.fixture
def client(me, browser_of) -> Client:
    return browser_of(me)


@pytest.fixture
def case(unit) -> Case:
    return sorted_to(unit)


def as_it_is() -> tuple:
    tables = (Case, Entry, Message)
    return tuple(list(model.objects.order_by("pk").values_list()) for model in tables)


def fine(answer: HttpResponse) -> bool:
    return answer.status_code < 500


# Whose cases --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("name", addresses())
def test_of_a_case_of_others_no_address_says_or_does_anything(client, name, method):
    theirs = sorted_to(a_unit("Arxiu"))
    before = as_it_is()
    for number in (theirs.number, "CON-2026-9999", "rm", "-", "0" * 300):
        address = url(name, number, open_task(theirs).pk)
        answer = getattr(client, method)(address, {"confirm": "1", "reason": "x"})
        assert answer.status_code == 404, address
    assert as_it_is() == before


@pytest.mark.parametrize(
    "name", [n for n, p in addresses().items() if "pk" in str(p.pattern)]
)
def test_nothing_of_another_case_is_reached_under_ones_own(client, unit, case, name):
    other = sorted_to(unit)
    before = as_it_is()

    for pk in (open_task(other).pk, 999_999, 10**30):
        for method in (client.get, client.post):
            answer = method(url(name, case.number, pk), {"confirm": "1"})
            assert answer.status_code in (404, 405)
    assert as_it_is() == before


@pytest.mark.parametrize("name", addresses())
def test_after_signing_out_no_address_does_anything(case, name):
    before = as_it_is()

    answer = Client().post(
        url(name, case.number, open_task(case).pk), {"confirm": "1", "reason": "x"}
    )

    assert answer.status_code == 302
    assert "/login" in answer.url
    assert as_it_is() == before


@pytest.mark.parametrize("name", addresses())
def test_a_way_of_asking_that_there_is_not_is_refused(client, case, name):
    address = url(name, case.number, open_task(case).pk)

    for method in (client.put, client.patch, client.delete):
        assert method(address).status_code in (404, 405)


# What is written ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("step", {"decision": "answer", "text": LONG}),
        ("step", {"decision": "answer", "text": NUL}),
        ("step", {"decision": "answer", "text": " \u200b\t" * 3 + "\x00"}),
        ("step", {"decision": ["answer", "rm"], "text": "x"}),
        ("step", {"decision": "reply", "text": "x"}),
        *(("step", {"decision": odd, "text": "x"}) for odd in ODD),
        *(("step", {"decision": "pass", "unit": odd}) for odd in ODD),
        *(("hand_over", {"to": odd}) for odd in ODD),
        *(("extend", {"days": odd, "reason": "x"}) for odd in ODD if odd != "٣"),
        ("extend", {"days": "1", "reason": NUL}),
        ("extend", {"days": "1", "reason": LONG}),
        ("extend", {"days": "1", "reason": "   "}),
        ("close", {"reason": NUL}),
        ("close", {"reason": LONG}),
        ("close", {"reason": "  "}),
        ("note", {"text": LONG}),
        ("note", {"text": NUL}),
        ("note", {}),
        ("correct", {"title": LONG, "body": ""}),
        ("correct", {"title": NUL, "body": ""}),
        *(("correct", {"title": "x", "body": odd}) for odd in ODD if odd),
        ("send", {"text": LONG}),
        ("send", {"text": NUL}),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_done(client, case, name, sent):
    before = as_it_is()

    answer = client.post(
        url(name, case.number, open_task(case).pk), {**sent, "confirm": "1"}
    )

    assert answer.status_code in (200, 422)
    assert as_it_is() == before


def test_a_flood_is_refused(client, case):
    before = as_it_is()
    address = url("step", case.number, open_task(case).pk)

    assert client.post(address, {"text": "x" * 3_000_000}).status_code == 400
    many = {f"field{number}": "x" for number in range(10_001)}
    assert client.post(address, many).status_code == 400
    for odd in ("multipart/form-data; boundary=", "application/json", "text/plain"):
        assert fine(client.post(address, data=b"\xff\x00{", content_type=odd))
    assert as_it_is() == before


def test_a_file_where_none_is_asked_changes_nothing(client, case):
    before = as_it_is()
    address = url("close", case.number, open_task(case).pk)
    file = SimpleUploadedFile("reason", b"x")

    assert fine(client.post(address, {"reason": file, "confirm": "1"}))
    assert as_it_is() == before


def test_each_step_is_done_once_whatever_its_address_is_asked_again(client, me, case):
    """Sent twice in the same second, and again when the case has moved on."""
    task = open_task(case)
    asked = {"decision": "ask", "text": "Quines?", "confirm": "1"}
    statuses = [
        client.post(url("step", case.number, task.pk), asked).status_code
        for _twice in range(2)
    ]
    assert statuses == [302, 409]
    after = as_it_is()

    for name in ("step", "claim", "return", "take_over", "hand_over"):
        address = url(name, case.number, task.pk)
        assert fine(client.post(address, {**asked, "to": me.pk}))
    assert as_it_is() == after


# What is looked for -------------------------------------------------------------------

LISTS = ("index", "queue", "all", "archive", "problems")
KEYS = ("p", "q", "ordering", "kind", "state", "unit", "body", "holder", "due", "still")


@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_the_address_of_a_list_breaks_nothing(client, case, name):
    address = reverse(f"cases:{name}")
    for odd in ODD:
        every = dict.fromkeys((*KEYS, "export", "_w_filter_fragment"), odd)
        # What one key refuses, another might have let through.
        alone = [{key: odd} for key in KEYS] if (name, odd) == ("all", HUGE) else []
        for asked in (every, *alone):
            answer = client.get(address, asked)
            wanted = (400,) if NUL in asked.values() else (200, 404)
            assert answer.status_code in wanted, asked


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=60), st.text(max_size=20), st.integers())
def test_whatever_is_looked_for_the_list_answers(client, case, words, odd, number):
    asked = {"q": words, "unit": odd, "due": odd, "p": number, "state": [odd, "open"]}

    answer = client.get(f"{reverse('cases:all')}?{urlencode(asked, doseq=True)}")

    # Nobody types a NUL: it is refused before anything reads it.
    assert answer.status_code == (400 if "\0" in words + odd else 200)


@pytest.mark.parametrize("action", ["claim", "assign", "rm"])
def test_with_nonsense_chosen_no_case_is_touched(client, me, case, action):
    theirs = sorted_to(a_unit("Arxiu"))
    before = as_it_is()
    for chosen in (*ODD, str(theirs.pk), "999999", "all-of-them"):
        address = f"/admin/bulk/engine/case/{action}/?{urlencode({'id': chosen})}"
        for answer in (client.get(address), client.post(address, {"to": me.pk})):
            assert fine(answer), chosen
    assert fine(client.get(f"/admin/bulk/engine/case/{action}/"))
    assert as_it_is() == before


# The applicant's page -----------------------------------------------------------------


def own_pages() -> list[str]:
    """The addresses of whoever has the link of a case."""
    found = get_resolver("workflows.applicant.urls").url_patterns
    return [str(one.pattern) for one in found]


@pytest.mark.parametrize("pattern", own_pages())
def test_a_link_that_is_nobodys_leads_nowhere(pattern):
    case = a_consultation()
    before = as_it_is()
    other = case.token[:-1] + ("a" if case.token[-1] != "a" else "b")
    for token in (other, case.token[:-1], case.token.swapcase(), "x", "0" * 2_000):
        address = "/" + pattern.replace("<slug:token>", token).replace("<int:pk>", "1")
        for method in ("get", "post", "put"):
            sent = {"text": "x", "step": "1", "confirm": "1"}
            answer = getattr(Client(), method)(address, sent)
            assert answer.status_code in (404, 405), address
    assert as_it_is() == before


@pytest.mark.parametrize(
    "sent",
    [
        *({"step": odd, "text": "x"} for odd in ODD),
        {"text": "x"},
        {"step": "own", "text": NUL},
        {"step": "own", "text": LONG},
        {"step": "own", "text": " \t"},
        {"step": "foreign", "text": "x"},
    ],
)
def test_what_the_applicant_cannot_mean_changes_nothing(unit, me, sent):
    case, other = (waiting_for_reply(unit, me) for _each in range(2))
    keys = {
        "own": case.process.task_set.latest("pk").pk,
        "foreign": other.process.task_set.latest("pk").pk,
    }
    before = as_it_is()
    sent = {
        **sent,
        **({"step": keys[sent["step"]]} if sent.get("step") in keys else {}),
    }

    answer = Client().post(reverse("my_case", args=[case.token]), sent)

    assert answer.status_code in (400, 409, 422)
    assert as_it_is() == before


def test_the_key_of_a_step_of_the_office_is_no_key_for_the_applicant(case):
    task = open_task(case)

    answer = Client().post(
        reverse("my_case", args=[case.token]),
        {"step": task.pk, "decision": "answer", "text": "M’ho responc jo"},
    )

    assert answer.status_code == 409
    assert open_task(case) == task


def test_who_lost_the_right_meanwhile_does_nothing_any_more(client, me, case):
    task = open_task(case)
    desk.claim(task, me)
    me.groups.clear()
    before = as_it_is()

    answer = client.post(
        url("step", case.number, task.pk),
        {"decision": "answer", "text": "x", "confirm": "1"},
    )

    assert answer.status_code in (302, 403, 404)
    assert as_it_is() == before
