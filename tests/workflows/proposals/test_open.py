"""What everybody sees of proposals together: the list, its feed, what came of them, the
data; and that what has changed is seen."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from cms.models import HomePage
from community.models import User
from events.models import Session
from tests.factories import a_body, a_series, a_session
from tests.factories.cases import a_unit, a_worker
from tests.factories.pages import a_home, a_topic
from tests.factories.proposals import (
    a_member,
    a_proposal,
    an_open_one,
    decided,
    many_like,
)
from workflows.engine import answers
from workflows.engine.models import Case
from workflows.proposals import holding, supporting
from workflows.proposals.figures import Figures
from workflows.proposals.models import Proposal, ProposalsPage

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"
FEW, MANY = 20, 2_000


@pytest.fixture(autouse=True)
def site() -> Iterator[None]:
    caches["pages"].clear()
    a_home()
    yield
    caches["pages"].clear()


def a_list_page(**values) -> ProposalsPage:
    home = HomePage.objects.get()
    page = ProposalsPage(title="Propostes", slug="propostes", locale=home.locale)
    return home.add_child(instance=page)


def whole(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return b"".join(answer).decode()


def held(proposal: Proposal) -> None:
    """A session treats it, and is over."""
    session = a_session(series=proposal.series)
    decided(proposal, "shortlist")
    decided(proposal, "plan", session=session.pk)
    ends = timezone.now() - timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(
        starts=ends - timedelta(hours=1), ends=ends
    )
    assert holding.hold_due(10) == 1
    proposal.refresh_from_db()
    proposal.case.refresh_from_db()


def treated(proposal: Proposal) -> None:
    held(proposal)
    decided(proposal, "answer", text="Cada trimestre.")


def planned(proposal: Proposal) -> None:
    decided(proposal, "shortlist")
    decided(proposal, "plan", session=a_session(series=proposal.series).pk)


def merged(proposal: Proposal) -> None:
    other = an_open_one(series=proposal.series)
    decided(proposal, "merge", into=other.case.number)


def withdrawn(proposal: Proposal) -> None:
    answers.withdraw(proposal.case)


def said(decision: str, **how: str) -> Callable[[Proposal], None]:
    return lambda proposal: decided(proposal, decision, text="Sí.", **how)


# What came of them --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "fate", "way"),
    [
        (lambda proposal: None, "open for support", None),
        (said("shortlist"), "shortlisted for a session", None),
        (planned, "a session will treat it", None),
        (held, "treated in a session", "in a session"),
        (treated, "treated in a session", "in a session"),
        (said("answer"), "answered without a session", "in writing"),
        (
            said("answer", link="https://a.example/x"),
            "answered without a session",
            "in writing, with where to read more",
        ),
        (
            merged,
            "merged into another",
            "with the proposal that says the same",
        ),
        (said("decline"), "declined, with a reason", "with the reason why not"),
        (withdrawn, "withdrawn, or not amended in time", None),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_each_end_is_counted_as_what_it_is(act, fate, way):
    proposal = an_open_one()
    act(proposal)

    mine = Proposal.objects.filter(pk=proposal.pk)
    with override("en"):
        by_name = {table.name: table for table in Figures(mine).all}
    assert [row[:2] for row in by_name["fates"].rows] == [[fate, 1]]
    assert [row[0] for row in by_name["ways"].rows] == ([way] if way else [])
    (year,) = by_name["years"].rows
    head = by_name["years"].head
    assert sum(n for n in year[3:9]) == 1, dict(zip(head, year, strict=True))


def test_what_was_never_published_is_counted_and_not_told(client):
    a_proposal(title="Secreta")
    refused = a_proposal(title="Refusada")
    decided(refused, "decline", text="No")

    shown = whole(client.get(reverse("proposals_figures")))

    assert Counter(row.fate for row in Figures(Proposal.objects.all()).rows) == {
        "received": 1,
        "declined": 1,
    }
    assert "Secreta" not in shown
    assert "Refusada" not in shown
    data = whole(client.get(reverse("proposals_csv")))
    assert "Secreta" not in data
    assert "Refusada" not in data


def test_years_and_medians_are_those_of_the_days():
    for days, year in ((2, 2025), (10, 2025), (4, 2024)):
        proposal = an_open_one()
        decided(proposal, "answer", text="Sí.")
        came = datetime(year, 5, 1, 12, tzinfo=UTC)
        Case.objects.filter(pk=proposal.case_id).update(
            created=came, finished=came + timedelta(days=days)
        )
        Proposal.objects.filter(pk=proposal.pk).update(
            published=came + timedelta(days=1)
        )

    figures = Figures(Proposal.objects.all())
    tables = {table.name: table for table in figures.all}
    assert [(row[0], row[1], row[-1]) for row in tables["years"].rows] == [
        ("2025", 2, 2.0),
        ("2024", 1, 4.0),
    ]
    assert [(bar.label, bar.width, bar.thick) for bar in tables["years"].bars] == [
        ("2025", 100, 100),
        ("2024", 50, 50),
    ]
    lengths = [row[1:] for row in tables["lengths"].rows]
    assert lengths == [[3, 1.0, 1.0], [0, None, None], [3, 4.0, 10]]


def test_the_page_names_what_was_settled_last_and_nobody(client):
    proposal = an_open_one(title="Bústia ètica", name="Ada Puig", email=ADA)
    decided(proposal, "decline", text="Ja en tenim una.")

    shown = whole(client.get(reverse("proposals_figures")))

    assert "Bústia ètica" in shown
    assert "Ja en tenim una." in shown
    for private in ("Ada Puig", ADA, proposal.case.token):
        assert private not in shown


def test_before_anything_is_proposed_the_page_says_so(client):
    assert "<table" not in whole(client.get(reverse("proposals_figures")))


def test_the_staff_sees_the_figures_of_its_units_alone(client):
    mine = an_open_one()
    an_open_one(series=a_series(unit=a_unit()))
    client.force_login(a_worker(mine.series.unit))

    answer = client.get(reverse("proposal_figures:index"))

    assert len(answer.context["figures"].rows) == 1
    assert "?export=xlsx" in answer.text


def test_who_may_take_out_cases_takes_the_figures_as_a_spreadsheet(client):
    mine = an_open_one()
    here = reverse("proposal_figures:index")
    client.force_login(a_worker(mine.series.unit))
    for language in ("ca", "es", "en"):
        User.objects.update(language=language)
        read_in = {"accept-language": language}
        answer = client.get(here, {"export": "xlsx"}, headers=read_in)
        book = load_workbook(io.BytesIO(answer.content))

        _of, by_year, came, *_others = book.worksheets
        assert len(book.worksheets) == 5
        assert [cell.value for cell in by_year[2]][1:3] == [1, 1]
        assert [cell.value for cell in came[2]][1:] == [1, 100]

    asked = {"export": "csv", "table": "fates"}
    lines = client.get(here, asked, headers=read_in).content.decode()
    assert "open for support,1,100" in lines

    client.force_login(a_worker(mine.series.unit, role="Readers"))
    assert client.get(here, {"export": "xlsx"}).status_code == 302


# As data ------------------------------------------------------------------------------


def rows_of(client: Client, how: str) -> list[dict]:
    text = whole(client.get(reverse(f"proposals_{how}")))
    if how == "json":
        return json.loads(text)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_both_files_say_the_same_of_each_and_name_nobody(client):
    topic = a_topic("Dades obertes")
    series = a_series(title="Dijous")
    one = an_open_one(
        title="Padró", series=series, topic=topic, body=a_body("Vic"), name="Ada Puig"
    )
    supporting.support(one, a_member(name="Pau Roca"))
    treated(one)

    data, table = rows_of(client, "json"), rows_of(client, "csv")

    assert [{k: str(v) for k, v in row.items()} for row in data] == table
    (row,) = data
    assert row["address"].endswith(reverse("proposal", args=[one.case.number]))
    assert (row["series"], row["topic"], row["state"]) == (
        "Dijous",
        "Dades obertes",
        "answered",
    )
    assert (row["people"], row["bodies"], row["answer"]) == (1, 0, "Cada trimestre.")
    assert row["session"] == one.session.code
    assert row["settled"] == timezone.localdate().isoformat()
    for private in ("Ada Puig", "Vic", one.case.email, one.case.token, "Pau Roca"):
        assert private not in str(table)


def test_a_session_that_is_not_announced_is_not_in_the_data(client):
    proposal = an_open_one()
    decided(proposal, "shortlist")
    draft = a_session(series=proposal.series, state="draft")
    decided(proposal, "plan", session=draft.pk)

    assert draft.code not in str(rows_of(client, "json"))
    assert draft.code not in str(rows_of(client, "csv"))


@pytest.mark.parametrize("title", ["=1+1", "+34", "-x", "@SUM(A1)"])
def test_no_spreadsheet_reckons_what_somebody_wrote(client, title):
    an_open_one(title=title, wanted='Una "cosa",\n=2+2')

    (row,) = rows_of(client, "csv")
    assert row["title"] == f"'{title}"
    assert row["wanted"] == 'Una "cosa",\n=2+2'
    assert rows_of(client, "json")[0]["title"] == title


def test_an_empty_file_is_a_sound_file(client):
    assert rows_of(client, "json") == []
    assert rows_of(client, "csv") == []


def test_a_file_is_in_the_language_of_its_address_and_kept_a_minute(client):
    an_open_one()
    answer = client.get("/en/proposals/data.json")

    assert answer.streaming
    assert answer["Cache-Control"] == "public, max-age=60"
    (row,) = json.loads(whole(answer))
    assert "/en/proposals/" in row["address"]


# However many -------------------------------------------------------------------------


def test_many_cost_as_many_queries_as_few(client):
    most = {"proposals": 12, "proposals_figures": 12, "proposals_csv": 3}
    first = an_open_one(topic=a_topic())
    many_like(first, FEW)

    def costs() -> dict[str, int]:
        found = {}
        for name in most:
            with CaptureQueriesContext(connection) as asked:
                whole(client.get(reverse(name)))
            found[name] = len(asked)
        return found

    costs()
    few = costs()
    many_like(first, MANY)
    assert costs() == few
    assert all(few[name] <= number for name, number in most.items()), few


# What programs read -------------------------------------------------------------------


def test_the_feed_has_the_latest_first_and_nothing_hidden(client):
    old = an_open_one(title="Contractes < menors")
    new = an_open_one(title="Bústia ètica")
    a_proposal(title="Secreta")

    text = whole(client.get(reverse("proposals_feed")))

    assert text.index(new.title) < text.index("Contractes &lt; menors")
    assert f"{reverse('proposal', args=[old.case.number])}</link>" in text
    assert "Secreta" not in text


def test_search_engines_are_told_of_what_is_public_in_its_own_language(client):
    shown = an_open_one(language="es")
    hidden = a_proposal()

    text = whole(client.get(reverse("sitemap")))

    assert f"/es/proposals/{shown.case.number}/" in text
    assert hidden.case.number not in text


# Its page -----------------------------------------------------------------------------


def test_the_list_is_a_page_of_the_menu_and_its_old_address_leads_there(client):
    page = a_list_page()
    proposal = an_open_one()

    led = client.get(reverse("proposals"), {"state": "open"})

    assert (led.status_code, led.url) == (302, f"{page.url}?state=open")
    assert proposal.title in whole(client.get(led.url))
    # A language that has no such page shows the list itself.
    assert proposal.title in whole(client.get("/es/proposals/"))


# What has changed is seen -------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["page", "proposals", "proposals_figures"])
def test_what_is_kept_for_everybody_follows_what_is_decided(settings, where):
    settings.REMEMBERED_SECONDS = 60
    proposal = a_proposal(title="Bústia ètica")
    address = a_list_page().url if where == "page" else reverse(where)

    def shown() -> str:
        return whole(Client().get(address))

    before = shown()
    with CaptureQueriesContext(connection) as asked:
        assert shown() == before
    assert not asked
    decided(proposal, "publish")
    assert shown() != before
    open_now = shown()
    answers.withdraw(proposal.case)
    assert shown() != open_now
    assert "Bústia ètica" not in shown()


@pytest.mark.django_db(transaction=True)
def test_who_supports_something_is_counted_in_what_is_kept(settings):
    settings.REMEMBERED_SECONDS = 60
    proposal, address = an_open_one(), a_list_page().url
    caches["pages"].clear()
    before = whole(Client().get(address))

    supporting.support(proposal, a_member())

    assert whole(Client().get(address)) != before


@pytest.mark.django_db(transaction=True)
def test_who_proposes_something_makes_no_page_be_rendered_anew(settings):
    settings.REMEMBERED_SECONDS = 60
    series, address = a_series(), a_list_page().url
    whole(Client().get(address))

    a_proposal(series=series)

    with CaptureQueriesContext(connection) as asked:
        whole(Client().get(address))
    assert not asked


def test_what_people_look_for_is_kept_for_nobody(settings):
    settings.REMEMBERED_SECONDS = 60
    page = a_list_page()
    address = f"{page.url}?words=padro"
    Client().get(address)

    with CaptureQueriesContext(connection) as asked:
        Client().get(address)
    assert asked
