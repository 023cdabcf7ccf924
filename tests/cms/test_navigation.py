"""What stands around the pages: menu, foot, alerts, ways up, ways on, languages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.models import Alert, Author, FooterLink, SiteSettings
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import (
    a_home,
    a_section,
    a_series_page,
    a_session_page,
    a_topic,
    a_topics_page,
    an_articles_page,
    translated,
)

# A transaction that commits, as a site's do: that is when pages are forgotten.
pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def remembered(settings) -> Iterator[None]:
    settings.REMEMBERED_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def part(html: str, start: str, end: str) -> str:
    return html.split(start)[1].split(end)[0]


def menu(html: str) -> str:
    return part(html, '<ul class="menu"', "</nav>")


def foot(html: str) -> str:
    return part(html, "<footer", "</footer>")


def an_alert(text: str = "Avui no hi ha servei", **values) -> Alert:
    return Alert.objects.create(text=text, **{"starts": timezone.now(), **values})


# The menu ----------------------------------------------------------------------------


def test_the_menu_has_two_levels_of_what_editors_marked(client: Client):
    home = a_home()
    top = a_section(home, "Municipi360", show_in_menus=True)
    below = a_section(top, "Serveis digitals", show_in_menus=True)
    a_section(below, "Massa avall", show_in_menus=True)
    a_section(top, "No marcada")
    unmarked = a_section(home, "Tampoc")
    a_section(unmarked, "Sota una que no hi és", show_in_menus=True)
    a_section(top, "Esborrany", show_in_menus=True, live=False)

    shown = menu(client.get(home.url).text)

    assert shown.index(top.url) < shown.index(below.url)
    for word in ("Massa avall", "No marcada", "Tampoc", "Sota una", "Esborrany"):
        assert word not in shown


def test_the_menu_says_where_one_is_on_both_levels(client: Client):
    home = a_home()
    top = a_section(home, "Municipi360", show_in_menus=True)
    below = a_section(top, "Serveis digitals", show_in_menus=True)

    shown = menu(client.get(below.url).text)

    assert "submenu--here" in shown
    assert f'href="{below.url}" aria-current="page"' in shown


# The foot ----------------------------------------------------------------------------


def test_the_foot_says_what_editors_wrote_in_the_readers_language(client: Client):
    home = a_home()
    legal = a_section(home, "Privadesa")
    translated(home, "es")
    privacy = translated(legal, "es", title="Privacidad", slug="privacidad")
    said = SiteSettings.objects.create(
        about={"ca": "La comunitat dels ens locals", "es": "La comunidad de los entes"},
        email="hola@placa.example",
    )
    FooterLink.objects.create(settings=said, place="legal", page=legal)
    FooterLink.objects.create(
        settings=said, place="social", url="https://a.example/", title={"ca": "Xarxa"}
    )

    catalan = foot(client.get(home.url).text)
    spanish = foot(client.get("/es/").text)

    assert "La comunitat dels ens locals" in catalan
    assert f'href="{legal.url}">Privadesa</a>' in catalan
    assert "La comunidad de los entes" in spanish
    assert f'href="{privacy.url}">Privacidad</a>' in spanish
    assert 'href="https://a.example/"' in spanish
    assert "mailto:hola@placa.example" in spanish


def test_a_page_that_has_no_translation_is_linked_in_the_language_of_the_house(
    client: Client,
):
    home = a_home()
    legal = a_section(home, "Privadesa")
    translated(home, "es")
    said = SiteSettings.objects.create()
    FooterLink.objects.create(settings=said, place="legal", page=legal)

    assert f'href="{legal.url}"' in foot(client.get("/es/").text)

    legal.unpublish()
    assert "Privadesa" not in foot(client.get("/es/").text)
    legal.delete()
    assert client.get("/es/").status_code == 200


def test_a_site_that_says_nothing_of_itself_writes_nothing_at_a_visit(client: Client):
    home = a_home()

    assert client.get(home.url).status_code == 200
    assert not SiteSettings.objects.exists()


def test_a_link_of_the_foot_leads_one_way_and_an_address_has_words():
    home = a_home()
    said = SiteSettings.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        FooterLink.objects.create(settings=said, page=home, url="https://a.example/")
    with pytest.raises(IntegrityError), transaction.atomic():
        FooterLink.objects.create(settings=said)
    with pytest.raises(ValidationError, match="paraules"):
        FooterLink(settings=said, url="https://a.example/").full_clean()


# Alerts ------------------------------------------------------------------------------


def test_an_alert_comes_and_goes_by_itself_also_on_pages_that_are_kept():
    home = a_home()

    def shows() -> bool:
        return "Avui no hi ha servei" in Client().get(home.url).text

    with time_machine.travel(NOON, tick=False) as clock:
        an_alert(
            starts=NOON + timedelta(seconds=20), until=NOON + timedelta(seconds=40)
        )
        assert not shows()
        clock.shift(19)
        assert not shows()
        clock.shift(1)
        assert shows()
        clock.shift(19)
        assert shows()
        clock.shift(1)
        assert not shows()


def test_an_alert_that_is_turned_off_is_gone_at_once():
    home = a_home()
    alert = an_alert()
    assert "Avui no hi ha servei" in Client().get(home.url).text

    alert.live = False
    alert.save()

    assert "Avui no hi ha servei" not in Client().get(home.url).text


def test_an_alert_stands_on_every_kind_of_page_urgent_ones_first(client: Client):
    home = a_home()
    session = a_session(30)
    page = a_section(home)
    an_alert("Per saber")
    an_alert("Per córrer", tone="urgent", page=page, link_text={"ca": "Què passa"})

    for address in (
        home.url,
        f"/s/{session.code}/",
        f"/ca/s/{session.code}/register/",
        "/ca/account/login/",
        "/ca/no-hi-es/",
    ):
        html = client.get(address).text
        assert html.index("Per córrer") < html.index("Per saber"), address
        assert f'href="{page.url}">Què passa</a>' in html


def test_an_alert_speaks_the_readers_language_or_that_of_the_house(client: Client):
    home = a_home()
    translated(home, "es")
    an_alert({"ca": "Tancat", "es": "Cerrado"})
    an_alert({"ca": "Només en català"})

    html = client.get("/es/").text

    assert "Cerrado" in html
    assert "Només en català" in html


def test_an_alert_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        an_alert(until=timezone.now() - timedelta(minutes=1))


# What it costs -----------------------------------------------------------------------


def test_what_stands_around_a_page_costs_no_query_once_it_is_known():
    home = a_home()
    page = a_section(home, "Una", show_in_menus=True)
    said = SiteSettings.objects.create(about="Nosaltres")
    FooterLink.objects.create(settings=said, page=page)
    an_alert(page=page)
    client = Client()
    client.force_login(a_user())
    client.get(page.url)

    with CaptureQueriesContext(connection) as asked:
        client.get(page.url)

    said_of = (
        "alert",
        "sitesettings",
        "footerlink",
        "show_in_menus",
        "translation_key",
    )
    for query in asked.captured_queries:
        from_where = query["sql"].partition(" FROM ")[2]
        assert not any(word in from_where for word in said_of), query["sql"]


# Languages ---------------------------------------------------------------------------


def test_a_session_without_a_page_is_shown_in_each_language(client: Client):
    a_home()
    session = a_session(30, title={"ca": "Dades", "es": "Datos", "en": "Data"})

    html = client.get(f"/s/{session.code}/", headers={"accept-language": "ca"}).text

    assert f'href="/es/s/{session.code}/" lang="es"' in html
    spanish = client.get(f"/es/s/{session.code}/")
    assert "Datos" in spanish.text
    assert f'href="/en/s/{session.code}/" lang="en"' in spanish.text


def test_a_session_in_a_language_leads_to_its_page_there_if_it_has_one(client: Client):
    home, series = a_home(), a_series()
    session = a_session(30, series=series)
    page = a_session_page(a_series_page(home, series), session)

    assert client.get(f"/ca/s/{session.code}/").url == page.url
    assert client.get(f"/en/s/{session.code}/").status_code == 200


# Ways on -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ca", "es"])
def test_a_page_that_moved_or_was_renamed_is_found_at_its_old_address(
    client: Client, language
):
    home = a_home()
    old, new = a_section(home, "Abans"), a_section(home, "Ara")
    page = a_section(old, "Pàgina")
    for each in (home, old, new, page):
        translated(each, "es")
    page = page.get_translation_or_none(_locale(language)) or page
    new = new.get_translation_or_none(_locale(language)) or new
    was = page.url

    page.slug = "un-altre-nom"
    page.save_revision().publish()
    assert client.get(was).url == Page.objects.get(pk=page.pk).url

    renamed = Page.objects.get(pk=page.pk).url
    page.refresh_from_db()
    page.move(new, pos="last-child")
    now = Page.objects.get(pk=page.pk).url
    for address in (was, renamed):
        assert client.get(address, follow=True).redirect_chain[-1][0] == now


def _locale(language: str):
    return Page.objects.filter(locale__language_code=language).first().locale


def test_a_page_that_was_taken_away_is_gone_and_a_draft_was_never_there(client: Client):
    home = a_home()
    page = a_section(home, "Vella", show_in_menus=True)
    page.save_revision().publish()
    draft = a_section(home, "Esborrany", live=False)
    way = a_section(home, "Segueix viva", show_in_menus=True)
    page.refresh_from_db()
    page.unpublish()

    gone = client.get(page.url)

    assert gone.status_code == 410
    assert way.url in gone.text
    assert client.get(draft.url).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ca", "No trobem aquesta pàgina"),
        ("es", "No encontramos esta página"),
        ("en", "We cannot find this page"),
    ],
)
def test_a_wrong_address_is_answered_in_its_language_with_ways_on(
    client: Client, language, words
):
    home = a_home()
    page = a_section(home, "Una via", show_in_menus=True)
    if language != "ca":
        translated(home, language)
        page = translated(page, language)

    response = client.get(f"/{language}/no-hi-es/")

    assert response.status_code == 404
    assert words in response.text
    assert f'href="{page.url}"' in part(response.text, "<main", "</main>")


# Who writes it -----------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    user = a_user()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


def test_an_editor_writes_alerts_authors_and_the_foot(editor: Client):
    a_home()
    alert = {
        "text_0": "Tancat per obres",
        "text_1": "Cerrado por obras",
        "tone": "urgent",
        "starts": "2026-11-20 12:00",
        "live": "on",
    }
    author = {"name": "Pere Mas", "role_0": "Secretari"}
    foot_of_site = {
        "about_0": "Qui som",
        "email": "hola@placa.example",
        "links-TOTAL_FORMS": 0,
        "links-INITIAL_FORMS": 0,
        "links-MIN_NUM_FORMS": 0,
        "links-MAX_NUM_FORMS": 1000,
    }

    editor.post(reverse("wagtailsnippets_cms_alert:add"), alert)
    editor.post(reverse("wagtailsnippets_cms_author:add"), author)
    edit = reverse("wagtailsettings:edit", args=("cms", "sitesettings"))
    edit = editor.get(edit, follow=True).redirect_chain[-1][0]
    editor.post(edit, foot_of_site)

    assert Alert.objects.get().text.data == {
        "ca": "Tancat per obres",
        "es": "Cerrado por obras",
    }
    assert Author.objects.get().role.data == {"ca": "Secretari"}
    assert str(SiteSettings.objects.get().about) == "Qui som"


def test_an_editor_is_told_of_an_alert_that_ends_before_it_starts(editor: Client):
    a_home()
    data = {
        "text_0": "Tancat",
        "tone": "info",
        "starts": "2026-11-20 12:00",
        "until": "2026-11-19 12:00",
    }

    html = editor.post(reverse("wagtailsnippets_cms_alert:add"), data).text

    assert "S’acabaria abans de començar" in html
    assert not Alert.objects.exists()


@pytest.mark.parametrize("kind", ["articlepage", "topicpage", "sectionpage"])
def test_an_editor_finds_the_form_of_each_kind_of_page(editor: Client, kind):
    home = a_home()
    a_topic()
    parents = {
        "articlepage": an_articles_page(home),
        "topicpage": a_topics_page(home),
        "sectionpage": home,
    }
    address = reverse("wagtailadmin_pages:add", args=("cms", kind, parents[kind].pk))

    response = editor.get(address)

    assert response.status_code == 200
    assert "[{" not in part(response.text, "<h1", "</h1>")


def test_all_the_articles_are_in_one_list(editor: Client):
    shelf = an_articles_page(a_home())
    assert shelf

    assert editor.get(reverse("articles:index")).status_code == 200
