"""What a body has requested already, where the catalogue says what it can request."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.acting import memberships
from tests.factories.acting import a_town, acting, representing
from tests.factories.catalogue import a_catalogue, a_resource, a_resource_page
from tests.factories.pages import a_home
from tests.factories.requests import a_draft, a_request
from tests.workflows.requesting.test_life import signed_in
from workflows.requesting import counting, requests

pytestmark = pytest.mark.django_db

REACHED = "S’ha arribat al límit d’aquest any"


@pytest.fixture(autouse=True)
def remembered(settings) -> None:
    # Whatever is kept for all readers is kept for good.
    settings.REMEMBERED_SECONDS = 3600
    caches["pages"].clear()


@pytest.fixture
def mine():
    return representing(a_town())


@pytest.fixture
def resource():
    return a_resource(limit=1)


@pytest.fixture
def pages(resource) -> list[str]:
    """The list and the sheet."""
    catalogue = a_catalogue(a_home())
    return [catalogue.url, a_resource_page(catalogue, resource).url]


def read(client: Client, address: str, code: str) -> str:
    return client.get(address, {"body": code}).content.decode()


def test_numbers_are_told_to_the_people_of_the_body_and_to_nobody_else(
    pages, resource, mine
):
    number = a_request(resource, by=mine).number
    code = mine.body.code
    colleague, stranger = acting(mine.body), representing(a_town())
    gone = acting(mine.body)
    memberships.end(gone, by=mine.user)

    for address in pages:
        for member in (mine, colleague):
            browser = signed_in(member.user)
            words = read(browser, address, code)
            assert f"Demanat aquest any: {number}" in words
            answer = browser.get(address, {"body": code})
            assert answer["Cache-Control"].startswith("private")
        for browser in (Client(), signed_in(stranger.user), signed_in(gone.user)):
            words = read(browser, address, code)
            assert number not in words
            assert REACHED in words
        assert number not in read(signed_in(mine.user), address, stranger.body.code)


def test_the_sheet_leads_the_people_of_the_body_to_their_request(pages, resource, mine):
    case = a_request(resource, by=mine)

    words = read(signed_in(mine.user), pages[1], mine.body.code)

    assert f'href="/ca/b/{mine.body.code}/cases/{case.number}/"' in words
    assert "/request/" not in words


def test_a_draft_and_what_was_withdrawn_do_not_count(pages, resource, mine):
    a_draft(mine, resource)
    withdrawn = a_request(resource, by=mine)
    requests.give_up(withdrawn, "", mine.user)

    assert counting.made([mine.body.code]) == {}
    assert REACHED not in read(Client(), pages[1], mine.body.code)


def test_those_of_another_resource_and_of_another_body_do_not_count(pages, mine):
    a_request(by=mine)
    a_request(body=a_town())

    words = read(signed_in(mine.user), pages[1], mine.body.code)

    assert "Cap sol·licitud aquest any" in words


def test_many_bodies_cost_one_query(mine, resource):
    codes = [mine.body.code]
    for _number in range(3):
        codes.append(a_request(resource).body.code)

    with CaptureQueriesContext(connection) as asked:
        found = counting.made(codes)

    assert len(asked) == 1
    assert set(found) == set(codes[1:])
