"""Sections: pages of text, alone or with others below them."""

import pytest
from django.core.cache import caches
from django.test import Client

from tests.factories import a_user
from tests.factories.pages import a_home, a_section, make_private

BUDGET = 12

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    caches["pages"].clear()


def headings(number: int) -> list[tuple[str, str]]:
    return [("heading", f"Part {each}") for each in range(number)]


def test_a_long_page_begins_with_a_list_of_its_parts(client: Client):
    home = a_home()
    long = a_section(home, "Llarga", body=headings(4))
    short = a_section(home, "Curta", body=headings(3))

    html = client.get(long.url).text

    for number in range(4):
        assert f'href="#part-{number}"' in html
        assert f'id="part-{number}"' in html
    assert 'href="#part-' not in client.get(short.url).text


def test_a_section_shows_the_pages_below_it_unless_told_not_to(client: Client):
    page = a_section(a_home(), "Municipi360")
    below = a_section(page, "Serveis digitals", lead="Què hi fem")
    a_section(page, "Esborrany", live=False)
    make_private(a_section(page, "Intern"))

    html = client.get(page.url).text
    assert below.url in html
    assert "Què hi fem" in html
    assert "Esborrany" not in html
    assert "Intern" not in html

    page.shows_pages = False
    page.save()
    assert below.url not in client.get(page.url).text


def test_a_section_says_whom_to_ask(client: Client):
    contact = '<p><a href="mailto:dpd@placa.example">Delegació</a></p>'
    page = a_section(a_home(), contact=contact)

    assert 'href="mailto:dpd@placa.example"' in client.get(page.url).text


def test_the_way_up_leads_through_every_section(client: Client):
    top = a_section(a_home(), "Municipi360")
    middle = a_section(top, "Transparència")
    page = a_section(middle, "Fem-ho fàcil")

    html = client.get(page.url).text
    crumbs = html.split('class="breadcrumb"')[1].split("</nav>")[0]

    assert crumbs.index(f'href="{top.url}"') < crumbs.index(f'href="{middle.url}"')
    assert 'aria-current="page">Fem-ho fàcil' in crumbs


@pytest.mark.parametrize("rows", [1, 100])
def test_a_section_asks_the_database_no_more_with_more_rows(
    client: Client, settings, rows, django_assert_max_num_queries
):
    settings.REMEMBERED_SECONDS = 60
    page = a_section(a_home(), "Municipi360", body=headings(5))
    for number in range(rows):
        a_section(page, f"Àrea {number}")
    # Somebody whom we know: the page is rendered anew, what stands around it is not.
    client.force_login(a_user())
    client.get(page.url)

    with django_assert_max_num_queries(BUDGET):
        assert client.get(page.url).status_code == 200
