"""What a visitor meets: no dead end, and the state of a session said in words."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from events.models import Series, Session
from events.standing import Kind, Standing
from tests.factories import a_registration, a_series, a_session
from tests.factories.pages import (
    a_home,
    a_section,
    a_series_page,
    a_session_page,
    a_topic,
    an_article,
    an_articles_page,
)

SAID = {
    Kind.DRAFT: "Aquesta sessió encara no s’ha anunciat.",
    Kind.NOT_OPEN: "S’obre el 7 de gener",
    Kind.OPEN: "Inscripció oberta",
    Kind.FEW_LEFT: "Queden 3 places",
    Kind.FULL: "Hi ha 6 persones esperant.",
    Kind.SHUT: "Es va tancar el dimecres 25 de novembre de 2026, a les 14 h.",
    Kind.HELD: "Es va fer el dijous 26 de novembre de 2026.",
    Kind.POSTPONED: "Encara no té data nova.",
    Kind.CANCELLED: "La ponent està indisposada.",
}


def box(kind: Kind) -> str:
    standing = Standing(
        kind=kind,
        capacity=100,
        taken=97,
        waiting=6,
        opens=datetime(2027, 1, 7, 8, tzinfo=UTC),
        closes=datetime(2026, 11, 25, 13, tzinfo=UTC),
    )
    session = SimpleNamespace(
        code="dades",
        starts=datetime(2026, 11, 26, 9, tzinfo=UTC),
        state_reason="La ponent està indisposada." if kind == Kind.CANCELLED else "",
    )
    context = {"session": session, "standing": standing, "series_url": "/ca/dijous/"}
    with translation.override("ca"):
        html = render_to_string("components/session_box.html", context)
    return html.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", Kind)
def test_the_box_of_a_session_says_how_it_stands(kind):
    assert SAID[kind] in box(kind)


@pytest.mark.parametrize("kind", Kind)
def test_the_box_has_a_way_to_register_only_when_one_can(kind):
    can = kind in (Kind.OPEN, Kind.FEW_LEFT, Kind.FULL)

    assert ("/s/dades/register/" in box(kind)) == can


def test_a_full_session_offers_the_waiting_list_by_its_name():
    assert "Apunta’m a la llista" in box(Kind.FULL)


def test_the_page_of_a_fault_needs_neither_request_nor_database():
    with translation.override("ca"):
        html = render_to_string("500.html")

    assert "Se’ns ha espatllat alguna cosa" in html


@pytest.fixture
def site(db) -> Session:
    """A home page, a series and its next session, which has a page; another one
    that has none, and one that was held. Returns the next session."""
    home = a_home(lead="Una comunitat.")
    series = a_series(title="Dijous GOmunicipal")
    series_page = a_series_page(home, series)
    session = a_session(places=30, series=series)
    a_session_page(series_page, session)
    a_session(places=1, series=series)
    a_session(series=series, starts=datetime(2024, 4, 25, 8, tzinfo=UTC))
    return session


def visited(client: Client, start: str) -> dict[str, tuple[int, str]]:
    """Status and HTML of each page that links lead to from `start`."""
    found: dict[str, tuple[int, str]] = {}
    ahead = [start]
    while ahead:
        url = ahead.pop()
        response = client.get(url, follow=True)
        is_page = response["Content-Type"].startswith("text/html")
        html = response.content.decode() if is_page else ""
        found[url] = (response.status_code, html)
        links = re.findall(r'<a [^>]*href="(/[^"#]*)', html)
        ahead += [link for link in set(links) if link not in (*found, *ahead)]
    return found


def test_no_link_of_the_site_is_dead(client, site):
    pages = visited(client, "/ca/")

    assert {url: status for url, (status, _) in pages.items() if status != 200} == {}
    assert f"/ca/s/{site.code}/register/" in pages
    assert f"/cal/ca/s/{site.code}.ics" in pages


def test_every_part_that_a_page_points_to_is_on_it(client, site):
    for url, (_, html) in visited(client, "/ca/").items():
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        pointed = re.findall(r'href="#([^"]+)"|popovertarget="([^"]+)"', html)
        named = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html)
        wanted = {a or b for a, b in pointed} | {i for n in named for i in n.split()}
        assert wanted <= ids, url


def test_the_scheme_chosen_is_worn_by_the_next_page(client, site):
    client.post("/scheme/", {"scheme": "dark", "next": "/ca/"})

    assert 'data-theme="dark"' in client.get("/ca/").content.decode()

    client.post("/scheme/", {"scheme": "", "next": "/ca/"})

    assert "data-theme" not in client.get("/ca/").content.decode()


def test_the_menu_says_where_one_is(client, site):
    html = client.get(f"/s/{site.code}/", follow=True).content.decode()

    series = Series.objects.get()
    assert f'<a href="/ca/{series.code}/" aria-current="true">' in html


def test_a_page_is_offered_in_the_languages_it_has(client, site):
    form = client.get(f"/ca/s/{site.code}/register/").content.decode()
    home = client.get("/ca/").content.decode()

    assert f'href="/es/s/{site.code}/register/"' in form
    assert "Castellano" not in home


def test_a_persons_own_page_speaks_the_language_of_the_registration(client, site):
    token = a_registration(site, language="es").token

    html = client.get(f"/r/{token}/").content.decode()

    assert '<html lang="es"' in html
    assert "Ya tiene plaza" in html
    assert 'hreflang="ca"' not in html


@pytest.mark.django_db
def test_a_related_article_wears_its_tiles_and_another_page_only_its_words():
    home = a_home()
    article = an_article(an_articles_page(home), a_topic())
    section = a_section(home, "Privadesa")

    with translation.override("ca"):
        value = {"title": "Llegiu també", "pages": [article, section]}
        html = render_to_string("blocks/related.html", {"value": value})

    first, second = html.split("<li")[1:]
    assert "card__picture" in first
    assert article.title in first
    assert "card__picture" not in second
    assert section.title in second
