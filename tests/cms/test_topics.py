"""The topics (*temes*): one page for all that is said and written on each."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cms.models import ArticlePage, Material, TopicPage, TopicsPage
from events.models import Session
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import (
    a_home,
    a_series_page,
    a_session_page,
    a_topic,
    a_topic_page,
    a_topics_page,
    an_agenda,
    an_article,
    an_articles_page,
    make_private,
    translated,
)

BUDGET = 12

pytestmark = pytest.mark.django_db


class Wall:
    """A site with a topic that has a page, and another that has none."""

    def __init__(self) -> None:
        self.home = a_home()
        self.shelf = an_articles_page(self.home)
        self.topics = a_topics_page(self.home)
        self.topic = a_topic("Dades obertes")
        self.other = a_topic("Bon govern")
        self.page = a_topic_page(self.topics, self.topic)
        self.series = a_series()

    def held(self, title: str, *, recorded: bool = True, **values) -> Session:
        """A session of a month ago on the topic."""
        starts = timezone.now() - timedelta(days=30)
        values = {"topic": self.topic, "series": self.series, **values}
        session = a_session(title=title, starts=starts, **values)
        kind = Material.Kind.RECORDING if recorded else Material.Kind.MATERIAL
        Material.objects.create(
            session=session, kind=kind, title="Vídeo", url="https://a.example/"
        )
        return session


@pytest.fixture
def wall() -> Wall:
    caches["pages"].clear()
    return Wall()


def test_a_topic_shows_what_comes_what_can_be_watched_and_what_was_written(
    wall, client: Client
):
    a_session(title="Vindrà", topic=wall.topic, series=wall.series)
    wall.held("Es pot mirar")
    an_article(wall.shelf, wall.topic, title="Es pot llegir")

    html = client.get(wall.page.url).text

    assert "Vindrà" in html
    assert "Es pot mirar" in html
    assert "Es pot llegir" in html


def test_a_topic_shows_nothing_of_others_nor_what_is_not_public(wall, client: Client):
    state = Session.State.DRAFT
    a_session(title="Z-altre", topic=wall.other, series=wall.series)
    a_session(title="Z-esborrany", topic=wall.topic, series=wall.series, state=state)
    a_session(title="Z-amagada", topic=wall.topic, series=wall.series, listed=False)
    wall.held("Z-sense-vídeo", recorded=False)
    an_article(wall.shelf, wall.topic, title="Z-no-publicat", live=False)
    an_article(wall.shelf, wall.other, title="Z-altre-apunt")
    make_private(an_article(wall.shelf, wall.topic, title="Z-privat"))

    assert "Z-" not in client.get(wall.page.url).text


def test_a_session_with_two_recordings_is_there_once(wall, client: Client):
    session = wall.held("Dos vídeos")
    Material.objects.create(
        session=session, kind="recording", title="Segona part", url="https://b.example/"
    )

    assert client.get(wall.page.url).text.count(">Dos vídeos</a>") == 1


def test_an_empty_topic_says_so_and_leads_on(wall, client: Client):
    html = client.get(wall.page.url).text

    assert "No hi ha cap sessió anunciada sobre aquest tema" in html
    assert "Encara no se n’ha escrit res" in html


def test_a_topic_has_one_page_in_each_language(wall):
    translated(wall.home, "es")
    translated(wall.topics, "es")
    spanish = translated(wall.page, "es")
    assert spanish.topic == wall.topic
    spanish.full_clean()

    again = TopicPage(title="Un altre", slug="un-altre", topic=wall.topic)
    again.locale = wall.home.locale

    with pytest.raises(ValidationError) as refused:
        again.clean()
    assert "topic" in refused.value.message_dict


def test_every_published_topic_is_on_the_wall_as_editors_order_them(
    wall, client: Client
):
    second = a_topic_page(wall.topics, wall.other)
    hidden = a_topic_page(wall.topics, a_topic("Amagat"), live=False)
    second.move(wall.page, pos="left")

    html = client.get(wall.topics.url).text

    assert html.index(second.title) < html.index(wall.page.title)
    assert hidden.title not in html


def test_wherever_a_topic_is_named_it_leads_to_its_page(wall, client: Client):
    series_page = a_series_page(wall.home, wall.series)
    session = a_session(topic=wall.topic, series=wall.series)
    alone = a_session(topic=wall.other, series=wall.series)
    page = a_session_page(series_page, session)
    article = an_article(wall.shelf, wall.topic, wall.other)
    agenda = an_agenda(wall.home)
    way = f'href="{wall.page.url}"'

    for address in (page.url, series_page.url, agenda.url, article.url, wall.home.url):
        assert way in client.get(address).text, address
    # One without a page is only named.
    html = client.get(f"/s/{alone.code}/").text
    assert "Bon govern" in html
    assert way not in html


def test_only_topics_lie_on_the_wall_of_topics():
    assert TopicsPage.allowed_subpage_models() == [TopicPage]


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize("which", ["topics", "page"])
def test_topics_ask_the_database_no_more_with_more_rows(
    wall, client: Client, settings, which, rows, django_assert_max_num_queries
):
    settings.REMEMBERED_SECONDS = 60
    for number in range(rows):
        a_topic_page(wall.topics, a_topic(f"Tema {number}"))
        an_article(wall.shelf, wall.topic, wall.other)
        a_session(30, topic=wall.topic, series=wall.series)
        wall.held("Feta")
    address = getattr(wall, which).url
    # Somebody whom we know: the page is rendered anew, what stands around it is not.
    client.force_login(a_user())
    client.get(address)

    with django_assert_max_num_queries(BUDGET):
        response = client.get(address)

    assert response.status_code == 200
    assert len(response.content) < 150_000


def test_a_topic_with_many_articles_leads_to_all_of_them(wall, client: Client):
    for _ in range(7):
        an_article(wall.shelf, wall.topic)

    html = client.get(wall.page.url).text

    way = f"{wall.shelf.url}?topic={wall.topic.code}"
    assert way in html
    assert len(ArticlePage.objects.all()) == 7
    assert client.get(way).text.count('class="card ') == 7
