"""The demonstration: a site that looks lived in, in three languages, and that stays as
people leave it."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.serializers import serialize
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, Translation

from cms import demonstration
from cms.blocks import BodyBlock
from cms.demonstration import articles, legal
from cms.models import (
    Alert,
    ArticlePage,
    ArticlesPage,
    CustomImage,
    FooterLink,
    HomePage,
    SectionPage,
    SeriesPage,
    SessionPage,
    SiteSettings,
    TopicPage,
)
from community.models import LocalBody, Message, Topic, User
from community.privacy import accounts as old_accounts
from community.privacy import retention as kept
from events import retention as kept_of_events
from events.models import Session
from events.standing import Kind
from tests.factories.demonstration import plant, seed
from workflows.caravan import seed as seed_of_caravan
from workflows.caravan.pages import GoodPracticePage
from workflows.catalogue.models import ResourcePage

pytestmark = pytest.mark.django_db

PICTURES = Path(demonstration.__file__).parent / "pictures"
# Where it leads, without what is asked for there.
LINK = re.compile(r'href="(/[^"?#]*)')


@pytest.fixture(scope="module")
def planted_once(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(SITE_URL="http://127.0.0.1:8123"):
            plant()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(planted_once, db) -> None:
    """The demonstration, planted once for all; what a test does to it is undone."""


def everything() -> dict[str, str]:
    """Every row of the house and of Wagtail."""
    labels = ("community", "events", "cms", "wagtailcore", "auth", "registration")
    return {
        model._meta.label: serialize("json", model._base_manager.order_by("pk"))
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }


@pytest.fixture(scope="module")
def read(planted_once, django_db_blocker) -> dict[str, str]:
    """What each page says to who opens it, by its address."""
    with django_db_blocker.unblock():
        return {page.url: opened(page.url) for page in planted_pages()}


def opened(address: str) -> str:
    answer = Client().get(address, follow=True)
    assert answer.status_code == 200, address
    # To its end, or a file would stay open.
    return b"".join(answer).decode(errors="replace")


def planted_pages() -> list[Page]:
    return list(Page.objects.filter(depth__gt=1).specific())


def blocks_of(page: Page) -> list[str]:
    return [block.block_type for block in page.body]


# What comes ------------------------------------------------------------------------


def test_a_bare_database_becomes_a_site_whose_every_page_opens(site, read):
    pages = planted_pages()

    assert SeriesPage.objects.count() == 3 * 2
    assert Session.objects.count() == 11
    assert SessionPage.objects.count() == 3 * 11
    assert ArticlePage.objects.count() >= 3 * 14
    assert SectionPage.objects.count() >= 3 * 12
    assert {page.locale.language_code for page in pages} == {"ca", "es", "en"}
    assert all(page.live for page in pages)
    assert set(read) == {page.url for page in pages}
    assert LocalBody.objects.count() == 325


def test_no_link_of_the_site_leads_nowhere(site, read):
    words = "".join(read.values())
    ways = set(LINK.findall(words))

    assert "page:" not in re.findall(r'href="([^"]*)"', words)
    elsewhere = ("/static/", "/media/", "/admin/")
    unread = {way for way in ways - set(read) if not way.startswith(elsewhere)}
    assert len(unread) > 50
    for way in unread:
        opened(way)


def test_no_heading_is_left_out_between_one_and_the_next(site, read):
    for address, words in read.items():
        steps = [int(level) for level in re.findall(r"<h([1-6])", words)]
        assert steps.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(steps)), address


def test_the_site_is_the_home_page_in_catalan(site):
    root = Site.objects.get()

    assert (root.is_default_site, root.hostname, root.port) == (True, "127.0.0.1", 8123)
    assert isinstance(root.root_page.specific, HomePage)
    assert Locale.get_default().language_code == "ca"
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {"ca", "es", "en"}
    # Wagtail's own first page is gone.
    homes = Page.objects.filter(depth=2)
    assert {home.slug for home in homes} == {"inici", "inicio", "home"}


def test_the_past_sessions_are_those_of_the_series(site):
    past = Session.objects.filter(state=Session.State.CLOSED).order_by("starts")

    assert [timezone.localtime(s.starts).date() for s in past] == [
        date(2023, 9, 21),
        date(2023, 10, 26),
        date(2023, 11, 23),
        date(2024, 1, 25),
        date(2024, 2, 29),
        date(2024, 4, 25),
        date(2024, 10, 31),
    ]
    assert {f"{timezone.localtime(s.starts):%H:%M}" for s in past} == {"10:00"}
    assert {f"{timezone.localtime(s.ends):%H:%M}" for s in past} == {"11:00"}


def test_each_past_session_left_something_and_somebody_speaks_at_the_others(site):
    for session in Session.objects.all():
        if session.state == Session.State.CLOSED:
            kinds = {material.kind for material in session.materials.all()}
            assert kinds == {"recording", "material"}
            for material in session.materials.all():
                assert len(opened(material.link)) > 1000
        else:
            assert all(speaker.bio for speaker in session.speakers.all())
            assert session.speakers.exists()


def test_every_standing_that_people_meet_can_be_seen(site):
    coming = Session.objects.upcoming(timezone.now())

    assert [session.standing.kind for session in coming] == [
        Kind.OPEN,
        Kind.FULL,
        Kind.FEW_LEFT,
        Kind.NOT_OPEN,
    ]
    assert coming[1].standing.waiting > 0
    assert coming[0].capacity == 100
    assert coming[3].format == Session.Format.HYBRID
    assert Message.objects.filter(kind__startswith="registration").count() <= 10


def test_there_is_one_account_for_each_role_and_the_seed_says_which(site):
    told = seed()

    groups = ("Administrators", "Coordinators", "Case workers", "Editors", "Readers")
    for name in groups:
        member = Group.objects.get(name=name).user_set.get()
        assert member.email in told
        assert member.is_staff
        assert member.has_perm("wagtailadmin.access_admin")
    # Others support what is proposed, or have a part in a stop of the caravan: nobody
    # signs in as one of them.
    members = User.objects.filter(is_staff=False, is_active=True)
    municipal = members.exclude(email__startswith=seed_of_caravan.PEOPLE)
    assert len(municipal) == 2
    for one in municipal:
        assert one.email in told
        assert not one.groups.exists()
    for user in User.objects.all():
        assert user.email.endswith("@placa.example")
        assert not user.has_usable_password()
        # A superuser would show nothing of what a role may do.
        assert not user.is_superuser


# Content -----------------------------------------------------------------------------


def test_every_block_that_editors_have_is_on_some_page(site):
    used = {kind for page in planted_pages() for kind in blocks_of(page)}

    assert used == set(BodyBlock().child_blocks)


def test_articles_are_of_three_years_and_of_every_topic(site):
    found = ArticlePage.objects.filter(locale=Locale.get_default())

    assert {article.published.year for article in found} == {2024, 2025, 2026}
    for article in found:
        assert 1 <= article.topics.count() <= 3
        assert article.signatures.exists()
        assert article.tags.exists()
        words = re.sub(r"<[^>]*>", " ", str(article.body.get_prep_value()))
        assert len(words.split()) > 200, article.title
    for topic in Topic.objects.all():
        assert found.filter(topics=topic).count() >= 2, topic.code
    with_pictures = found.exclude(picture=None)
    assert with_pictures.count() >= found.count() // 2
    assert all(article.picture_alt for article in with_pictures)
    assert found.filter(attachments__isnull=False).distinct().count() >= 4
    assert 3 <= len({s.author for a in found for s in a.signatures.all()}) <= 5


def test_every_topic_has_a_page_in_every_language(site):
    for topic in Topic.objects.all():
        assert TopicPage.objects.filter(topic=topic).count() == 3


def test_pictures_are_light_and_say_what_they_show(site):
    for file in PICTURES.iterdir():
        assert file.stat().st_size < 80_000, file.name
    for image in CustomImage.objects.all():
        assert image.description
        assert (image.width, image.height) == (1600, 900)


def test_whoever_signs_or_speaks_is_said_to_be_invented(site):
    for article in ArticlePage.objects.all():
        for author in article.authors():
            role = author.role.localize("ca")
            assert "inventada" in role or "demostració" in role
    for session in Session.objects.all():
        for speaker in session.speakers.all():
            assert "inventada" in speaker.role.localize("ca")


def test_the_legal_pages_have_the_parts_that_the_law_asks_for(site):
    """RD 1112/2018, art. 15, and the model of the Commission (2018/1523)."""
    statement = SectionPage.objects.get(slug="accessibilitat")

    titles = [b.value for b in statement.body if b.block_type == "heading"]
    assert titles == [
        "Situació de compliment",
        "Contingut no accessible",
        "Preparació d’aquesta declaració",
        "Observacions i contacte",
        "Procediment de reclamació",
        "Contingut opcional",
    ]
    assert "vint dies hàbils" in str(statement.body)
    for section in legal.LEGAL[0].below:
        assert SectionPage.objects.filter(slug=section.slug).exists()


def test_the_page_on_privacy_says_the_terms_of_the_register(site):
    page = str(SectionPage.objects.get(slug="privacitat").body)

    for days, words in (
        (kept_of_events.REGISTRATION_KEPT.days, "Dotze mesos després de la sessió"),
        (kept_of_events.NEEDS_KEPT.days, "Trenta dies després de la sessió"),
        (kept_of_events.QUESTION_KEPT.days, "set dies si no ho vau confirmar"),
        (kept.TEXT_KEPT.days, "Noranta dies"),
        (kept.MAIL_KEPT.days, "Dotze mesos"),
        (kept.CODE_KEPT.days, "Trenta dies"),
        (old_accounts.UNUSED.days, "Dos anys"),
    ):
        said = {"dotze": 365, "trenta": 30, "set": 7, "noranta": 90, "dos": 730}
        assert words in page
        assert abs(said[words.split()[0].lower()] - days) <= 1, words


def test_the_foot_leads_to_the_legal_pages_in_the_language_of_the_reader(site, read):
    assert SiteSettings.objects.get().email.endswith(".example")
    assert FooterLink.objects.filter(place=FooterLink.Place.LEGAL).count() == 4

    home = read["/es/"]

    assert 'href="/es/aviso-legal/accesibilidad/"' in home


def test_the_alert_of_the_demonstration_is_over(site):
    alert = Alert.objects.get()

    assert not Alert.objects.not_over(timezone.now()).exists()
    assert set(alert.text.data) == {"ca", "es", "en"}


# When it comes ---------------------------------------------------------------------


def test_what_is_queued_to_be_indexed_is_queued_once(site):
    asked = DBTaskResult.objects.filter(task_path__contains="update")
    arguments = [(task.task_path, *task.args_kwargs["args"]) for task in asked]
    # Pictures are queued anew by whoever looks at a page.
    arguments = [what for what in arguments if what[2].endswith("page")]

    assert len(arguments) > 100
    assert len(arguments) == len(set(arguments))


# Languages -------------------------------------------------------------------------


# What is the same in every language.
NAMES = {
    *("Dijous GOmunicipal", "dijous-gomunicipal", "Municipi360", "municipi360"),
    *("Fem-ho fàcil", "fem-ho-facil", "Agenda", "agenda", "caravana"),
    *("Mireia Mostra", "Ona Esbós", "Pau Plantilla"),
}


def catalogue(language: str) -> dict[str, str]:
    file = Path(demonstration.__file__).with_name(f"{language}.po")
    return {entry.msgid: entry.msgstr for entry in polib.pofile(file)}


def said() -> set[str]:
    """Each text of a planted page, but the titles and names of sessions."""
    texts = set(StringSegment.objects.values_list("string__data", flat=True))
    return texts - names_of(SessionPage)


def names_of(*models: type[Page]) -> set[str]:
    """What the pages of records are called: the records say it in each language, or
    were written in one."""
    own = Locale.get_default()
    pages = [page for each in models for page in each.objects.filter(locale=own)]
    return {word for page in pages for word in (page.title, page.slug)}


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_of_a_planted_page_is_translated(site, language):
    # A figure is the same in Catalan and Spanish.
    texts = {text for text in said() if re.search(r"[^\W\d]{3}", text)}
    assert texts - set(catalogue(language)) <= NAMES | names_of(
        ResourcePage, GoodPracticePage
    )
    for translation in Translation.objects.filter(
        target_locale__language_code=language
    ):
        assert translation.get_progress()[0] == translation.get_progress()[1]


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_catalogues_have_no_text_that_nobody_says(site, language):
    assert set(catalogue(language)) <= said()


def test_records_speak_the_three_languages_and_no_text_is_typed_carelessly(site):
    for session in Session.objects.select_related("series", "topic"):
        for text in (session.title, session.summary, session.topic.name):
            assert set(text.data) == {"ca", "es", "en"}
            assert all(text.data.values())
            assert "'" not in "".join(text.data.values())
    for page in planted_pages():
        words = page.title + page.lead + str(page.body.get_prep_value())
        # The straight one would be Python's quotes; inside words it is ours.
        assert not any(
            f"{letter}'{vowel}" in words for letter in "dlmnst" for vowel in "aeiouh"
        )
        assert "l.l" not in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Gobernar en\u00a0abierto"), ("en", "We learn open government")],
)
def test_the_site_speaks_the_language_of_its_address(read, language, words):
    home = read[f"/{language}/"]

    assert words in home
    series = f"/{language}/dijous-gomunicipal/"
    assert f'href="{series}"' in home
    assert series in read


def test_the_switch_leads_to_the_same_page_in_the_other_language(site, read):
    session = Session.objects.upcoming(timezone.now()).first()
    here, there = (f"/{x}/dijous-gomunicipal/{session.code}/" for x in ("ca", "es"))

    assert f'href="{there}" lang="es"' in read[here]
    assert session.title.localize("es") in read[there]


# Again -----------------------------------------------------------------------------


def test_seeding_twice_is_seeding_once(site):
    before = everything()

    told = seed()

    assert everything() == before
    assert told.strip().startswith("Demonstration accounts")


def test_what_people_changed_stays_as_they_left_it(site):
    HomePage.objects.update(hero_title="Una altra frase")
    Session.objects.update(listed=False)
    User.objects.update(name="Algú altre")
    SiteSettings.objects.update(telephone="")
    page = SectionPage.objects.get(slug="quienes-somos")
    page.lead = "Con nuestras palabras"
    page.save_revision().publish()
    before = everything()

    seed()

    assert everything() == before


def test_what_an_editor_took_away_does_not_come_back(site):
    shelf = ArticlesPage.objects.get(locale=Locale.get_default())
    shelf.get_children().first().delete()
    SectionPage.objects.get(slug="govern-obert").delete()
    Alert.objects.all().delete()
    before = everything()

    seed()

    assert everything() == before


def test_an_older_demonstration_gets_what_it_lacks(site, monkeypatch):
    monkeypatch.setattr(articles, "ARTICLES", articles.ARTICLES[:1])
    for shelf in ArticlesPage.objects.all():
        shelf.delete()
    FooterLink.objects.all().delete()
    SiteSettings.objects.all().delete()
    Alert.objects.all().delete()
    home = serialize("json", HomePage.objects.all())

    told = seed()

    assert "1 articles" in told
    assert ArticlePage.objects.count() == 3
    assert SiteSettings.objects.exists()
    assert serialize("json", HomePage.objects.all()) == home
