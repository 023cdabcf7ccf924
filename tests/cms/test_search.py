"""The search of the whole site: what is found, in which order, and at what cost."""

import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from wagtail.contrib.search_promotions.models import (
    Query,
    QueryDailyHits,
    SearchPromotion,
)
from wagtail.models import Page

from cms.models import Material, Speaker
from cms.search import views
from cms.search.kinds import kinds
from cms.search.words import Words, plain
from community.privacy import register
from events import sessions
from events.models import Session
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import (
    a_home,
    a_section,
    a_series_page,
    a_session_page,
    a_topic,
    a_topic_page,
    a_topics_page,
    an_agenda,
    an_article,
    an_articles_page,
    an_author,
    make_private,
    translated,
)

BUDGET = 10

pytestmark = pytest.mark.django_db

on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no stems"
)


class Site:
    """A small site, and what a visitor finds on it."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.home = a_home()
        self.shelf = an_articles_page(self.home)
        self.topics = a_topics_page(self.home)
        self.topic = a_topic("Dades obertes")
        self.other = a_topic("Bon govern")
        self.series = a_series(title="Dijous GOmunicipal")
        self.client = Client()
        self._work = work

    def write(self, title: str, *, topic=None, **values):
        return an_article(self.shelf, topic or self.other, title=title, **values)

    def look(self, words: str, language: str = "ca", **query: str) -> str:
        self._work()
        address = f"/{language}/search/?{urlencode({'q': words, **query})}"
        response = self.client.get(address)
        assert response.status_code == 200
        return response.text

    def find(self, words: str, language: str = "ca", **query: str) -> list[str]:
        """The titles that are found, in order."""
        return titles(self.look(words, language, **query))

    def suggested(self, words: str, language: str = "ca") -> list[str]:
        self._work()
        address = f"/{language}/search/suggestions/?{urlencode({'q': words})}"
        answer = json.loads(self.client.get(address).content)
        return [each["title"] for each in answer["suggestions"]]


def titles(html: str) -> list[str]:
    here = html.partition('id="elsewhere"')[0]
    found = here.partition('class="rows results"')[2].partition("</ol>")[0]
    rows = found.split('class="row__title"')[1:]
    links = (row.partition("<a ")[2].partition(">")[2] for row in rows)
    marked = (link.partition("</a>")[0] for link in links)
    return [unescape(t.replace("<mark>", "").replace("</mark>", "")) for t in marked]


@pytest.fixture(autouse=True)
def nothing_remembered():
    caches["pages"].clear()
    cache.clear()


@pytest.fixture
def site(work) -> Site:
    return Site(work)


# Words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Publiquem informació", "informacio"),
        ("Publiquem informació", "INFORMACIÓ"),
        ("Sol·licituds", "sol·licituds"),
        ("Sol·licituds", "sollicituds"),
        ("Sol·licituds", "sol.licituds"),
        ("Sol•licituds", "sol·licituds"),
        ("Una coŀlecció", "col·leccio"),
        ("L’accés de tothom", "accés"),
        ("L'accés de tothom", "l’acces"),
        ("Dades obertes", "dades, obertes!"),
        ("Dades obertes", "obertes dades"),
        ("Pressupost 2026", "2026"),
        ("Què és un ajuntament", "que es un ajuntament"),
        ("Ajuntaments petits", "ajuntament"),
        ("Informacions noves", "informació"),
        ("Any de l’estado", "estado"),
    ],
)
def test_a_title_is_found_however_its_words_are_typed(site, written, typed):
    site.write(written)

    assert site.find(typed) == [written]


@on_postgres
@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("ca", "Una informació", "informacions"),
        ("ca", "Publiquem dades", "publicar"),
        ("ca", "Les reunions", "reunio"),
        ("es", "Los trámites", "trámite"),
        ("es", "Nuevas informaciones", "informacion"),
        ("en", "Publishing open data", "published"),
    ],
)
def test_words_are_found_by_their_stems_in_each_language(
    site, language, written, typed
):
    article = site.write("Un apunt")
    if language != "ca":
        for page in (site.home, site.shelf):
            translated(page, language)
        translated(article, language, title=written)
    else:
        site.write(written)

    assert site.find(typed, language) == [written]


@on_postgres
def test_words_that_postgresql_would_leave_out_are_found(site):
    site.write("Nada es otro estado")

    with override("es"):
        assert site.find("estado") == ["Nada es otro estado"]


HOSTILE = [
    '"',
    "'",
    '"dades',
    "dades\x00obertes",
    "d" * 10_000,
    "dades " * 2_000,
    "%",
    "_",
    "*",
    "dades*",
    "dades:*",
    ":",
    "( ",
    "((dades) OR (",
    "dades AND NOT obertes",
    "NEAR(dades obertes)",
    "& | ! <->",
    "title:dades",
    "-dades",
    "\\",
    "'; DROP TABLE wagtailsearch_indexentry; --",
    "😀",
    "😀 dades",
    "\u202edades\u202c",
    "שלום",
    "dades\u0301",
    "\ufff9dades\ufffb",
    "<script>alert(1)</script>",
    "{{ 1111*1111 }} {% url %}",
    " ",
    "a",
    "l",
    "·",
    "\ud7ff\ue000",
]


@pytest.mark.parametrize("path", ["search/", "search/suggestions/"])
def test_whatever_is_typed_gets_an_answer(site, client: Client, path):
    site.write("Dades obertes")
    a_session(title="Dades obertes", series=site.series)
    site._work()

    for typed in HOSTILE:
        response = client.get(f"/ca/{path}", {"q": typed})

        # A NUL is nobody's word.
        assert response.status_code == (400 if "\x00" in typed else 200), typed
        assert "<script>alert" not in response.text
        assert "1234321" not in response.text


def test_what_is_chosen_and_does_not_exist_is_left_out(site):
    site.write("Dades obertes")
    odd = ("", "x", "-1", "99999999999999", "'", "0", "²")

    for name in ("kind", "topic", "year", "sort", "page"):
        for value in odd:
            found = site.find("dades", **{name: value})
            assert found == ["Dades obertes"], (name, value)


def test_words_are_as_many_as_help():
    assert len(Words("paraula-" * 1000).typed) <= 200
    assert len(list(Words(" ".join(f"p{n}" for n in range(100))))) == 10
    assert list(Words("el dret d’accés a la informació")) == [
        "dret",
        "accés",
        "informació",
    ]
    assert list(Words("de la")) == ["de", "la"]


def test_a_plain_text_has_its_letters_in_their_places():
    text = "Àrea ŀl ç ß İ ﬁ e\u0301 — sol·licitud"

    assert len(plain(text)) == len(text)


# What is found ----------------------------------------------------------------------


def test_a_title_comes_before_a_lead_and_a_lead_before_a_text(site):
    body = json.dumps([{"type": "paragraph", "value": "<p>Parla de geranis.</p>"}])
    site.write("Només al text", body=body)
    site.write("A l’entrada", lead="Tot sobre geranis.")
    site.write("Geranis al balcó")

    found = site.find("geranis")

    assert found[0] == "Geranis al balcó"
    assert sorted(found[1:]) == ["A l’entrada", "Només al text"]
    if connection.vendor == "postgresql":
        assert found[1] == "A l’entrada"


def test_one_list_has_pages_and_sessions_and_says_how_many_of_each(site):
    site.write("Geranis al balcó")
    a_topic_page(site.topics, site.topic, title="Geranis")
    a_section(site.home, "Cura dels geranis")
    a_session(title="Una hora de geranis", series=site.series)

    html = site.look("geranis")

    assert len(titles(html)) == 4
    assert "4 resultats per a «geranis»" in html
    for kind, label in (("session", "Sessions"), ("article", "Apunts")):
        link = f'kind={kind}">{label} <span class="count">1</span>'
        assert link in html
    assert site.find("geranis", kind="session") == ["Una hora de geranis"]
    assert site.find("geranis", kind="topic") == ["Geranis"]


def test_all_the_words_must_be_there_and_if_nothing_has_them_that_is_said(site):
    site.write("Geranis i roses")
    site.write("Només geranis")

    assert site.find("geranis roses") == ["Geranis i roses"]

    html = site.look("geranis ortensies")
    assert "Res no té totes les paraules de «geranis ortensies»" in html
    assert sorted(titles(html)) == ["Geranis i roses", "Només geranis"]


def test_a_session_is_found_in_any_language_and_shown_in_the_readers(site):
    words = {"ca": "Geranis", "es": "Claveles", "en": "Daisies"}
    a_session(title=words, series=site.series)

    for typed in words.values():
        assert site.find(typed) == ["Geranis"]
        assert site.find(typed, "en") == ["Daisies"]


def test_a_session_is_found_by_what_stands_around_it(site):
    session = a_session(title="Dijous", series=site.series, topic=site.topic)
    series_page = a_series_page(site.home, site.series)
    body = json.dumps([{"type": "paragraph", "value": "<p>Amb magnòlies.</p>"}])
    a_session_page(series_page, session, body=body)
    Speaker.objects.create(session=session, name="Aurèlia Vidal", role="Botànica")
    Material.objects.create(
        session=session, kind="material", title="Herbari", url="https://a.example/"
    )

    for typed in ("gomunicipal", "dades obertes", "aurelia", "herbari", "magnolies"):
        assert site.find(typed, kind="session") == ["Dijous"], typed


def test_an_article_is_found_by_its_authors_topics_and_tags_and_no_excerpt_says_so(
    site,
):
    article = site.write("Un apunt", topic=site.topic, tags=("jardineria",))
    article.signatures.create(author=an_author("Aurèlia Vidal"))
    article.save()

    for typed in ("aurelia vidal", "dades obertes", "jardineria"):
        html = site.look(typed, kind="article")
        assert titles(html) == ["Un apunt"], typed
        assert "result__excerpt" not in html


def test_what_a_word_is_called_now_is_what_it_is_found_by(site):
    session = a_session(title="Vella", series=site.series, topic=site.topic)
    speaker = Speaker.objects.create(session=session, name="Aurèlia")
    article = site.write("Apunt", topic=site.topic)
    assert site.find("vella") == ["Vella"]

    session.title = "Nova"
    session.save(update_fields=["title"])
    assert site.find("nova") == ["Nova"]
    speaker.delete()
    site.topic.name = "Magnòlies"
    site.topic.save()
    article.title = "Un altre"
    article.save_revision().publish()

    assert site.find("vella") == []
    assert site.find("aurelia") == []
    assert sorted(site.find("magnolies")) == ["Nova", "Un altre"]


def test_what_nobody_may_read_is_never_found_nor_suggested_nor_counted(site):
    hidden = [
        site.write("Geranis no publicats", live=False),
        site.write("Geranis privats"),
        a_section(site.home, "Geranis de dins"),
    ]
    below = a_section(hidden[2], "Geranis de sota")
    for page in hidden[1:]:
        make_private(page)
    for values in ({"state": Session.State.DRAFT}, {"listed": False}):
        session = a_session(title="Geranis amagats", series=site.series, **values)
        assert session.pk
    assert below.live

    html = site.look("geranis")

    assert titles(html) == []
    assert "Geranis" not in html
    assert site.suggested("gera") == []
    assert not QueryDailyHits.objects.exists()


def test_what_is_taken_away_is_gone_at_once(site, client: Client):
    """Without waiting for the worker."""
    article = site.write("Geranis")
    shown = a_session(title="Geranis", series=site.series)
    unlisted = a_session(title="Geranis", series=site.series)
    assert len(site.find("geranis")) == 3

    article.unpublish()
    Session.objects.filter(pk=unlisted.pk).update(listed=False)
    sessions.cancel(shown)

    html = client.get("/ca/search/?q=geranis").text
    assert titles(html) == ["Geranis"]
    assert "Anul·lada" in html


def test_a_session_that_moves_is_found_with_its_new_date(site, client: Client):
    session = a_session(title="Geranis", series=site.series)
    site.look("geranis")
    starts = session.starts.replace(day=3) + timedelta(days=90)

    sessions.move(session, starts=starts, ends=starts + timedelta(hours=1))

    html = client.get("/ca/search/?q=geranis").text
    assert f'datetime="{timezone.localdate(starts)}"' in html


def test_pages_are_found_in_the_readers_language_and_others_are_offered(site):
    for page in (site.home, site.shelf):
        translated(page, "es")
    translated(site.write("Llibres"), "es", title="Libros")

    assert site.find("libros", "es") == ["Libros"]
    assert site.find("llibres", "en") == []

    html = site.look("libros")
    assert "No s’ha trobat res" in html or "Res no té" in html
    assert 'lang="es"' in html.partition("En altres llengües")[2]


# Choosing ---------------------------------------------------------------------------


def test_results_are_chosen_by_topic_and_year_and_put_in_order_of_date(site):
    old = timezone.localdate().replace(year=2021)
    site.write("Geranis vells, geranis, geranis", topic=site.topic, published=old)
    site.write("Uns geranis nous", topic=site.other)
    a_session(title="Geranis que venen", series=site.series, topic=site.topic)

    found = site.find("geranis", sort="date")
    assert found == [
        "Geranis que venen",
        "Uns geranis nous",
        "Geranis vells, geranis, geranis",
    ]
    assert site.find("geranis", year="2021") == ["Geranis vells, geranis, geranis"]
    chosen = site.find("geranis", topic=site.topic.code, sort="date")
    assert chosen == ["Geranis que venen", "Geranis vells, geranis, geranis"]


def test_what_was_chosen_stays_in_every_address(site):
    for number in range(30):
        site.write(f"Geranis {number}", topic=site.topic)

    html = site.look("geranis", kind="article", topic=site.topic.code, sort="date")
    second = unescape(html.partition('class="pagination"')[2]).partition("</nav>")[0]

    for part in ("q=geranis", "kind=article", f"topic={site.topic.code}", "page=2"):
        assert part in second
    assert 'name="kind" value="article"' in html
    pages = [
        title for n in "123" for title in site.find("geranis", kind="article", page=n)
    ]
    assert len(set(pages)) == 30


def test_an_excerpt_shows_the_words_marked_and_nothing_as_markup(site):
    text = (
        "<p>"
        + "Res de nou. " * 60
        + "Hi ha &lt;u&gt; <b>gerànis</b> &lt;i&gt; roses.</p>"
    )
    body = json.dumps([{"type": "paragraph", "value": text}])
    site.write("Un & altre <b>", lead="Una entrada.", body=body)

    html = site.look("geranis")

    assert "&lt;u&gt; <mark>gerànis</mark> &lt;i&gt; roses." in html
    assert "Un &amp; altre &lt;b&gt;" in html
    assert html.count("Res de nou.") < 20


# Help -------------------------------------------------------------------------------


def test_nothing_found_says_what_was_perhaps_meant_and_where_to_look(site):
    site.write("Transparència activa")
    agenda = an_agenda(site.home)
    agenda.show_in_menus = True
    agenda.save()
    a_topic_page(site.topics, site.topic)

    html = site.look("trasparencia")

    assert "No s’ha trobat res per a «trasparencia»" in html
    assert 'href="?q=transpar%C3%A8ncia"' in html
    assert agenda.url in html
    assert "Dades obertes" in html


def test_without_words_there_are_topics_and_what_is_new(site, client: Client):
    site.write("El darrer apunt")
    a_session(title="La que ve", series=site.series)

    first = client.get("/ca/search/").text

    for words in ("El darrer apunt", "La que ve", "Dades obertes"):
        assert words in first


def test_results_are_kept_for_nobody_and_by_no_search_engine(site, settings):
    settings.REMEMBERED_SECONDS = 60
    site.write("Geranis")
    site._work()
    # Nor is what is shown to who looks for nothing.
    site.client.get("/ca/search/")

    response = site.client.get("/ca/search/?q=geranis")

    assert titles(response.text) == ["Geranis"]

    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    # However many words there are, no page of each is remembered.
    before = len(caches["pages"]._cache)
    for number in range(20):
        site.client.get(f"/ca/search/?q=geranis+{number}")
    assert len(caches["pages"]._cache) <= before + 1


def test_a_page_that_is_not_found_can_be_searched_for(site, client: Client):
    response = client.get("/ca/no-hi-es/")

    assert response.status_code == 404
    assert 'id="missing"' in response.text


def test_a_session_without_page_and_a_page_lead_where_they_say(site):
    article = site.write("Geranis")
    session = a_session(title="Geranis", series=site.series)

    html = site.look("geranis")

    assert f'href="{article.url}"' in html
    assert f'href="/s/{session.code}/"' in html


# Suggestions ------------------------------------------------------------------------


def test_titles_are_suggested_by_the_beginnings_of_their_words(site):
    site.write("Informàtica per a ajuntaments")
    site.write("Una altra cosa", lead="Sobre informàtica.")
    a_session(title="Sol·licituds", series=site.series)

    assert site.suggested("infor aj") == ["Informàtica per a ajuntaments"]
    assert site.suggested("INFORMÀ") == ["Informàtica per a ajuntaments"]
    assert site.suggested("solli") == ["Sol·licituds"]
    assert site.suggested("i") == []


def test_a_suggestion_says_what_it_is_and_leads_to_it(site, client: Client):
    session = a_session(title="Geranis", series=site.series)
    site._work()

    [row] = client.get("/ca/search/suggestions/?q=ger").json()["suggestions"]

    assert row["url"] == f"/s/{session.code}/"
    assert row["kind"] == "Sessió"
    assert str(session.starts.year) in row["day"]


def test_whoever_asks_without_end_is_asked_to_wait(site, monkeypatch, client: Client):
    monkeypatch.setattr(views, "OFTEN", 3)
    for _ in range(3):
        assert client.get("/ca/search/suggestions/?q=da").status_code == 200

    assert client.get("/ca/search/suggestions/?q=da").status_code == 429
    assert client.get("/ca/search/?q=dades").status_code == 429
    other = client.get("/ca/search/?q=dades", REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


# Editors' picks, and what is counted ------------------------------------------------


def pick(words: str, **values) -> SearchPromotion:
    query = Query.get(words)
    return SearchPromotion.objects.create(query=query, **values)


def test_what_editors_recommend_comes_first_however_it_is_accented(site):
    page = a_section(site.home, "Portal")
    pick("Contractació pública", page=page, description="Tot el que cal.")
    pick(
        "contractació pública",
        external_link_url="https://a.example/",
        external_link_text="Una altra web",
    )

    html = site.look("publica contractacio")

    assert html.index("Us ho recomanem") < html.index("No s’ha trobat res")
    assert f'href="{page.url}"' in html
    assert "Tot el que cal." in html
    assert "Una altra web" in html
    assert "Us ho recomanem" not in site.look("contractació")


def test_a_recommended_page_that_nobody_may_read_is_not_shown(site):
    page = a_section(site.home, "Portal")
    pick("portal", page=page)
    make_private(page)

    assert "Us ho recomanem" not in site.look("portal")


def test_how_often_words_are_found_is_counted_and_nothing_else(site):
    site.write("Geranis")
    for typed in ("geranis", "Geranis!", "GERANIS"):
        site.look(typed)

    assert QueryDailyHits.objects.get().hits == 3
    assert QueryDailyHits.objects.get().date == timezone.localdate()
    assert str(Query.objects.get()) == "geranis"


def test_what_was_not_found_or_has_other_words_in_it_is_not_kept(site):
    site.write("Geranis")
    for typed in ("Maria Exemple Vidal", "geranis 600123123", "maria@a.example"):
        site.look(typed)

    assert not Query.objects.exists()


def test_neither_turning_pages_nor_the_staff_are_counted(site):
    site.write("Geranis")
    site.look("geranis", page="1")
    site.look("geranis", kind="article")
    site.client.force_login(a_user(is_staff=True))
    site.look("geranis")
    site.client.head("/ca/search/?q=geranis")

    assert not Query.objects.exists()


def test_counts_end_after_ninety_days_and_what_editors_answer_stays(site):
    now = timezone.now()
    [entry] = [e for e in register.entries() if e.name == "searches"]
    page = a_section(site.home, "Portal")
    for words, days in (("vell", 91), ("nou", 89), ("triat", 91)):
        query = Query.get(words)
        date = timezone.localdate(now - timedelta(days=days))
        QueryDailyHits.objects.create(query=query, date=date, hits=5)
    pick("triat", page=page)

    assert entry.due(now).count() == 2
    assert entry.end(now, 100) == 2

    assert sorted(map(str, Query.objects.all())) == ["nou", "triat"]
    assert entry.end(now, 100) == 0


def test_editors_choose_what_is_recommended_in_the_admin(site, client: Client):
    client.force_login(a_user(is_superuser=True))

    assert client.get("/admin/searchpicks/").status_code == 200
    assert client.get("/admin/searchpicks/add/").status_code == 200


# The staff's searches ---------------------------------------------------------------


def test_the_staff_find_pages_of_every_language(site, client: Client):
    for page in (site.home, site.shelf):
        translated(page, "es")
    article = site.write("Sol·licituds")
    translated(article, "es", title="Solicitudes")
    site._work()

    def found(words: str) -> set[str]:
        return {page.title for page in Page.objects.search(words)}

    assert found("solicitudes") == {"Solicitudes"}
    assert found("sollicituds") == {"Sol·licituds"}
    assert {p.title for p in Page.objects.autocomplete("sollic")} == {"Sol·licituds"}


# Cost -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 40])
@pytest.mark.parametrize(
    "address", ["?q=geranis", "?q=geranis&sort=date", "?q=ortiga", ""]
)
def test_a_search_asks_the_database_little_however_much_is_found(
    site, settings, client: Client, rows, address, django_assert_max_num_queries
):
    settings.REMEMBERED_SECONDS = 60
    caches["pages"].clear()
    for number in range(rows):
        topic = a_topic(f"Tema {number}")
        site.write(f"Geranis {number}", topic=topic)
        a_topic_page(site.topics, topic, title=f"Geranis tema {number}")
        a_section(site.home, f"Geranis secció {number}")
        a_session(30, title=f"Geranis {number}", topic=topic, series=site.series)
    site._work()
    # What stands around every page, and in the filters.
    client.get("/ca/search/?q=altra")

    with django_assert_max_num_queries(BUDGET):
        response = client.get(f"/ca/search/{address}")

    assert response.status_code == 200
    with django_assert_max_num_queries(6):
        client.get("/ca/search/suggestions/?q=ger")


def test_the_index_can_be_made_anew(site):
    site.write("Geranis")
    a_session(title="Geranis", series=site.series)

    call_command("update_index", verbosity=0)
    call_command("update_index", verbosity=0)

    html = site.client.get("/ca/search/?q=geranis").text
    assert len(titles(html)) == 2


def test_each_kind_has_a_name_of_its_own_and_words():
    names = [kind.name for kind in kinds()]

    assert len(set(names)) == len(names) >= 4
    assert all(str(kind.label) and str(kind.one) for kind in kinds())
