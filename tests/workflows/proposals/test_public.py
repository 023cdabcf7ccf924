"""Proposing from the public page, what everybody reads of it, and the button that
supports it."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cms.models import HomePage
from community.models import Message
from tests.factories import a_body, a_series, a_session
from tests.factories.cases import a_worker, open_task
from tests.factories.pages import a_home, a_series_page
from tests.factories.proposals import a_member, a_proposal, an_open_one, decided
from workflows.engine import answers
from workflows.proposals import supporting
from workflows.proposals.models import Proposal, Support

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"
AGAIN = 422


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def said(**values: Any) -> dict[str, Any]:
    return {
        "title": "Publicar els contractes menors",
        "wanted": "Cada quan s’han de publicar?",
        "why": "",
        "urgency": "soon",
        "name": "Ada Puig",
        "email": ADA,
        "language": "ca",
        "form_key": str(uuid4()),
        **values,
    }


def send(series, client: Client | None = None, **values: Any) -> HttpResponse:
    address = reverse("propose", args=[series.code])
    return (client or Client()).post(address, said(**values))


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page_of(proposal: Proposal) -> str:
    return reverse("proposal", args=[proposal.case.number])


def support_of(proposal: Proposal) -> str:
    return reverse("support_proposal", args=[proposal.case.number])


def test_what_is_sent_becomes_a_case_of_the_series_and_says_what_comes_next():
    client, series, body = Client(), a_series(), a_body("Vila-real")

    answer = send(series, client, body="vila real", shares="on")

    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.series, proposal.shares) == (series, True)
    assert (proposal.case.body, proposal.case.email) == (body, ADA)
    receipt = words(client.get(answer.url))
    assert proposal.case.number in receipt
    assert ADA in receipt
    assert proposal.case.token not in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"wanted": " "},
        {"wanted": "x" * 10_001},
        {"why": "x" * 10_001},
        {"topic": "999"},
        {"urgency": "never"},
        {"name": ""},
        {"email": "ada"},
        {"body": "No existeix"},
        {"language": "xx"},
        {"form_key": "res"},
        {"website": "http://spam.example"},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_kept(values):
    answer = send(a_series(), **values)

    assert answer.status_code == AGAIN
    assert not Proposal.objects.exists()
    assert not Message.objects.exists()


def test_a_form_without_our_token_is_given_back_with_what_was_typed():
    answer = send(a_series(), Client(enforce_csrf_checks=True))

    assert answer.status_code == AGAIN
    assert "contractes menors" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_one_address_is_not_written_to_without_end():
    series = a_series()
    answers = [send(series, title=f"Tema {n}", seen="1") for n in range(12)]

    assert [each.status_code for each in answers[:10]] == [302] * 10
    assert answers[-1].status_code == AGAIN
    assert Proposal.objects.count() == 10


def test_what_is_like_it_is_shown_before_anything_is_sent(work):
    series = a_series()
    past = a_session(series=series, title="Contractes menors pas a pas")
    open_one = an_open_one(series=series, title="Contractes menors i cada quan")
    a_proposal(series=series, title="Contractes menors, que ningú no ha mirat")
    before = Proposal.objects.count(), Message.objects.count()
    work()

    answer = send(series)

    assert answer.status_code == 200
    shown = words(answer)
    assert str(past.title) in shown
    assert open_one.title in shown
    assert "que ningú no ha mirat" not in shown
    assert before == (Proposal.objects.count(), Message.objects.count())
    assert send(series, seen="1").status_code == 302


def test_the_page_names_nobody_and_says_what_came_of_it(client):
    proposal = an_open_one(body=a_body("Vila-real"), name="Ada Puig", email=ADA)
    decided(proposal, "answer", text="Cada trimestre.", link="https://a.example/x")

    shown = client.get(page_of(proposal)).content.decode()

    assert "Cada trimestre." in shown
    assert "https://a.example/x" in shown
    for private in ("Ada Puig", ADA, "Vila-real", proposal.case.token):
        assert private not in shown


@pytest.mark.parametrize("decision", ["", "decline"])
def test_what_is_not_published_is_not_found(client, decision):
    proposal = a_proposal()
    if decision:
        decided(proposal, decision, text="No")

    assert client.get(page_of(proposal)).status_code == 404
    assert client.post(support_of(proposal)).status_code == 404
    assert proposal.title not in words(client.get(reverse("proposals")))
    found = client.get(reverse("search"), {"q": "contractes"})
    assert proposal.title not in words(found)


@pytest.mark.parametrize(("end", "status"), [("decline", 409), ("withdraw", 410)])
def test_what_is_offered_too_late_is_given_back_and_why(end, status):
    proposal, pau = an_open_one(), a_member()
    client = Client()
    client.force_login(pau)
    client.post(support_of(proposal))
    if end == "decline":
        decided(proposal, "decline", text="No")
    else:
        answers.withdraw(proposal.case)

    offer = {"offer": "1", "experience": "Ho vam fer per trimestres."}
    answer = client.post(support_of(proposal), offer)

    assert answer.status_code == status
    assert "Ho vam fer per trimestres." in words(answer)
    assert client.post(support_of(proposal)).status_code == status
    assert not Support.objects.filter(shares=True).exists()


def test_a_session_that_is_not_announced_yet_is_told_to_nobody(client):
    proposal = an_open_one()
    decided(proposal, "shortlist")
    draft = a_session(series=proposal.series, state="draft", title="Secreta")
    decided(proposal, "plan", session=draft.pk)

    assert "Secreta" not in client.get(page_of(proposal)).content.decode()
    type(draft).objects.update(state="announced")
    assert "Secreta" in client.get(page_of(proposal)).content.decode()


def test_who_has_not_signed_in_is_led_there_and_back_and_supports_nothing(client):
    proposal = an_open_one()

    answer = client.post(support_of(proposal))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert proposal.case.number in answer.url
    assert not Support.objects.exists()


def test_a_member_presses_as_often_as_she_likes_and_counts_once(client):
    proposal, pau = an_open_one(), a_member()
    client.force_login(pau)

    for _click in range(3):
        assert client.post(support_of(proposal), {"shares": "1"}).status_code == 302
    assert Support.objects.get().shares
    assert 'name="leave"' in client.get(page_of(proposal)).content.decode()
    assert client.get(support_of(proposal)).status_code == 405

    client.post(support_of(proposal), {"leave": "1"})
    assert not Support.objects.exists()


def test_who_presses_too_late_reads_that_it_is_closed(client):
    proposal = an_open_one()
    decided(proposal, "decline", text="No")
    client.force_login(a_member())

    answer = client.post(support_of(proposal))

    assert answer.status_code == 409
    assert not Support.objects.exists()


def test_the_list_is_chosen_by_words_state_series_and_order(client):
    one = an_open_one(title="Dades obertes del padró")
    other = an_open_one(title="Bústia ètica")
    supporting.support(one, a_member())
    decided(other, "shortlist")

    def listed(**asked: str) -> list[str]:
        answer = client.get(reverse("proposals"), asked)
        assert answer.status_code == 200
        return [row.title for row in answer.context["shelf"].rows]

    assert listed() == [one.title, other.title]
    assert listed(sort="new") == [other.title, one.title]
    assert listed(words="bustia") == [other.title]
    assert listed(state="shortlisted") == [other.title]
    assert listed(series=one.series.code) == [one.title]
    assert listed(state="nothing", series="x", page="99") == listed()


def test_the_office_sees_who_could_tell_and_what_is_like_it(client, work):
    proposal = an_open_one(title="Contractes menors")
    twin = an_open_one(title="Contractes menors també", series=proposal.series)
    supporting.support(proposal, a_member(name="Pau Roca"), shares=True)
    work()
    client.force_login(a_worker(proposal.series.unit))
    task = open_task(proposal.case)

    page = client.get(reverse("cases:step", args=[proposal.case.number, task.pk]))

    shown = page.content.decode()
    assert "Pau Roca" in shown
    assert twin.case.number in shown


def test_before_it_is_decided_the_office_sees_every_mail(client):
    proposal = an_open_one()
    supporting.support(proposal, a_member(language="es"))
    client.force_login(a_worker(proposal.series.unit))
    task = open_task(proposal.case)
    count = Message.objects.count()

    address = reverse("cases:step", args=[proposal.case.number, task.pk])
    page = client.post(address, {"decision": "shortlist"})

    assert len(page.context["mails"]) == 2
    assert {each.language for each in page.context["mails"]} == {"ca", "es"}
    assert Message.objects.count() == count


def test_the_page_of_a_series_leads_to_the_form(client):
    page = a_series_page(HomePage.objects.get(), a_series())

    assert (
        reverse("propose", args=[page.series.code])
        in client.get(page.url).content.decode()
    )
