"""What other programs read: feeds, the map of the site, what social networks show."""

import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from cms.models import ArticleSignature, SiteSettings
from events.models import Session
from tests.factories import a_series, a_session
from tests.factories.pages import (
    a_home,
    a_section,
    a_series_page,
    a_session_page,
    a_topic,
    a_topic_page,
    a_topics_page,
    an_article,
    an_articles_page,
    an_author,
    an_image,
    make_private,
    translated,
)

pytestmark = pytest.mark.django_db

MAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


class Site:
    def __init__(self) -> None:
        self.home = a_home()
        self.shelf = an_articles_page(self.home)
        self.topic = a_topic("Dades obertes")
        topics = a_topics_page(self.home)
        self.topic_page = a_topic_page(topics, self.topic)


@pytest.fixture
def site() -> Site:
    return Site()


def tree(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314 - our own


def items(xml: bytes) -> list[str]:
    return [item.findtext("title") for item in tree(xml).iter("item")]


# Feeds -------------------------------------------------------------------------------


def test_the_feed_has_the_latest_articles_with_whole_addresses(site, client: Client):
    author = an_author()
    old = an_article(site.shelf, site.topic, title="Vell", published=date(2020, 1, 1))
    new = an_article(
        site.shelf, site.topic, title="Nou <& més>", published=date(2026, 7, 1)
    )
    ArticleSignature.objects.create(page=new, author=author)

    response = client.get(f"{site.shelf.url}feed.xml")
    feed = tree(response.content)
    first = next(feed.iter("item"))

    assert response["Content-Type"].startswith("application/rss+xml")
    assert items(response.content) == [new.title, old.title]
    assert first.findtext("link") == f"http://testserver{new.url}"
    # Midnight in Barcelona, in summer.
    assert first.findtext("pubDate") == "Wed, 01 Jul 2026 00:00:00 +0200"
    assert first.findtext("category") == "Dades obertes"
    assert author.name in response.text


def test_a_topic_has_a_feed_of_its_own(site, client: Client):
    an_article(site.shelf, site.topic, title="D’aquí")
    an_article(site.shelf, a_topic("Altres"), title="D’un altre")

    assert items(client.get(f"{site.topic_page.url}feed.xml").content) == ["D’aquí"]


def test_a_feed_that_has_not_changed_is_not_sent_again(site, client: Client):
    an_article(site.shelf, site.topic)
    address = f"{site.shelf.url}feed.xml"
    known = {"HTTP_IF_NONE_MATCH": client.get(address)["ETag"]}

    assert client.get(address, **known).status_code == 304

    an_article(site.shelf, site.topic)
    assert client.get(address, **known).status_code == 200


def test_what_lists_no_articles_or_is_private_has_no_feed(site, client: Client):
    section = a_section(site.home)

    assert client.get(f"{section.url}feed.xml").status_code == 404
    assert client.get("/ca/no-hi-es/feed.xml").status_code == 404

    make_private(site.shelf)
    assert client.get(f"{site.shelf.url}feed.xml").status_code == 404


# The map of the site -----------------------------------------------------------------


def places(client: Client) -> dict[str, set[str]]:
    """The addresses of the map, each with its languages."""
    found = tree(client.get("/sitemap.xml").content)
    return {
        url.findtext("s:loc", namespaces=MAP): {
            link.get("hreflang") for link in url.findall("x:link", MAP)
        }
        for url in found.findall("s:url", MAP)
    }


def test_the_map_has_every_public_page_with_its_languages(site, client: Client):
    spanish = translated(site.home, "es")
    article = an_article(site.shelf, site.topic)

    found = places(client)

    assert found[f"http://testserver{site.home.url}"] == {"ca", "es"}
    assert found[f"http://testserver{spanish.url}"] == {"ca", "es"}
    assert found[f"http://testserver{article.url}"] == set()


def test_the_map_leaves_out_what_nobody_should_find(site, client: Client):
    series = a_series()
    series_page = a_series_page(site.home, series)
    seen = a_session_page(series_page, a_session(series=series))
    hidden = [
        a_session_page(series_page, a_session(series=series, **values))
        for values in ({"listed": False}, {"state": Session.State.DRAFT})
    ]
    draft = a_section(site.home, "Esborrany", live=False)
    private = a_section(site.home, "Intern")
    below = a_section(private, "A sota")
    make_private(private)

    found = " ".join(places(client))

    assert seen.url in found
    for page in (*hidden, draft, private, below):
        assert page.url not in found


def test_robots_are_told_where_the_map_is(site, client: Client):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


def test_the_map_asks_the_database_no_more_with_more_pages(
    site, client: Client, django_assert_max_num_queries
):
    for number in range(60):
        a_section(site.home, f"Pàgina {number}")
    with django_assert_max_num_queries(12):
        client.get("/sitemap.xml")


# Social networks and search engines --------------------------------------------------


def said(html: str) -> dict[str, str]:
    """What the head says by property or name."""
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', html)
    return dict(found)


def test_a_page_says_how_other_sites_show_it(site, client: Client):
    page = a_section(site.home, "Fem-ho fàcil", lead="Us hi acompanyem.")
    translated(site.home, "es")
    spanish = translated(page, "es", slug="lo-hacemos-facil")

    html = client.get(page.url, {"utm_source": "x"}).text

    head = said(html)
    assert head["og:title"] == "Fem-ho fàcil"
    assert head["og:description"] == "Us hi acompanyem."
    assert head["og:url"] == f"http://testserver{page.url}"
    assert head["og:locale"] == "ca_ES"
    assert head["og:locale:alternate"] == "es_ES"
    assert head["og:image"] == "http://testserver/static/img/social.png"
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in html
    for code, address in (("ca", page.url), ("es", spanish.url)):
        link = f'rel="alternate" hreflang="{code}" href="http://testserver{address}"'
        assert link in html


def test_the_picture_of_the_article_comes_before_that_of_the_site(site, client: Client):
    SiteSettings.objects.create(card=an_image("Del web", 1300))
    plain = an_article(site.shelf, site.topic)
    pictured = an_article(site.shelf, site.topic, picture=an_image("Seva", 1300))

    of_site = said(client.get(plain.url).text)["og:image"]
    own = said(client.get(pictured.url).text)["og:image"]

    assert of_site != own
    for address in (of_site, own):
        assert address.startswith("http://testserver/media/images/")


def test_an_article_is_told_in_the_words_of_schema_org(site, client: Client):
    page = an_article(
        site.shelf,
        site.topic,
        title="Què vol dir </script><b>obert</b>",
        published=date(2026, 5, 1),
    )
    ArticleSignature.objects.create(page=page, author=an_author())

    html = client.get(page.url).text
    data = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    article = json.loads(data)

    assert article["headline"] == page.title
    assert article["datePublished"] == "2026-05-01"
    assert article["author"] == [{"@type": "Person", "name": "Laia Ferrer Camps"}]


def test_forms_and_personal_pages_are_nobody_elses_business(site, client: Client):
    session = a_session(30)

    html = client.get(f"/ca/s/{session.code}/register/").text

    assert "og:title" not in html
    assert 'rel="canonical"' not in html


def test_a_session_without_a_page_has_its_one_address(site, client: Client):
    session = a_session(30, starts=timezone.now() + timedelta(days=3))
    address = f"http://testserver/s/{session.code}/"

    for path in (f"/s/{session.code}/", f"/es/s/{session.code}/"):
        html = client.get(path).text
        assert f'rel="canonical" href="{address}"' in html
        assert said(html)["og:url"] == address
