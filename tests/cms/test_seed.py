"""The demonstration data: a site to try, planted once and never trampled on."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.serializers import serialize
from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import Translation

from cms.models import HomePage, SeriesPage, SessionPage
from community.models import LocalBody, Message, User
from events.models import Session
from events.standing import Kind

pytestmark = pytest.mark.django_db


def seed(**options) -> str:
    told = io.StringIO()
    call_command("seed", stdout=told, **options)
    return told.getvalue()


@pytest.fixture
def known_bodies():
    """Some bodies are there already, so the seed brings none (and is quick)."""
    LocalBody.objects.create(code="08298", kind="municipality", name="Vic")


def everything() -> dict[str, str]:
    """Every row of the house and of Wagtail."""
    labels = ("community", "events", "cms", "wagtailcore", "auth", "registration")
    return {
        model._meta.label: serialize("json", model._base_manager.order_by("pk"))
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }


# What comes ------------------------------------------------------------------------


def test_a_bare_database_becomes_a_site_whose_every_page_opens(client):
    seed()

    pages = Page.objects.live().filter(depth__gt=1)
    assert SeriesPage.objects.count() == 3
    assert Session.objects.count() == 11
    assert SessionPage.objects.count() == 3 * 11
    assert {page.locale.language_code for page in pages} == {"ca", "es", "en"}
    for page in pages:
        assert client.get(page.url).status_code == 200, page.url
    assert LocalBody.objects.count() == 325


def test_the_site_is_the_home_page_in_catalan(known_bodies, settings):
    settings.SITE_URL = "http://127.0.0.1:8123"

    seed()

    site = Site.objects.get()
    assert (site.is_default_site, site.hostname, site.port) == (True, "127.0.0.1", 8123)
    assert isinstance(site.root_page.specific, HomePage)
    assert Locale.get_default().language_code == "ca"
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {"ca", "es", "en"}
    # Wagtail's own first page is gone.
    homes = Page.objects.filter(depth=2)
    assert {home.slug for home in homes} == {"inici", "inicio", "home"}


def test_a_first_page_that_somebody_wrote_stays(known_bodies):
    page = Page.objects.get(depth=2)
    page.title = "Benvinguda"
    page.save_revision().publish()

    seed()

    assert Page.objects.filter(title="Benvinguda").exists()


def test_the_past_sessions_are_those_of_the_series(known_bodies):
    seed()

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


def test_every_standing_that_people_meet_can_be_seen(known_bodies):
    seed()

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
    assert Message.objects.count() <= 10


def test_records_speak_the_three_languages_and_no_text_is_typed_carelessly(
    known_bodies,
):
    seed()

    for session in Session.objects.select_related("series", "topic"):
        for text in (session.title, session.summary, session.topic.name):
            assert set(text.data) == {"ca", "es", "en"}
            assert all(text.data.values())
            assert "'" not in "".join(text.data.values())
    for page in Page.objects.filter(depth__gt=1).specific():
        words = page.title + page.lead + str(page.body.get_prep_value())
        # The straight one would be Python's quotes; inside words it is ours.
        assert not any(
            f"{letter}'{vowel}" in words for letter in "dlmnst" for vowel in "aeiouh"
        )


def test_there_is_one_account_for_each_role_and_the_seed_says_which(known_bodies):
    told = seed()

    groups = ("Administrators", "Coordinators", "Case workers", "Editors", "Readers")
    for name in groups:
        member = Group.objects.get(name=name).user_set.get()
        assert member.email in told
        assert member.is_staff
        assert member.has_perm("wagtailadmin.access_admin")
    technician = User.objects.get(is_staff=False)
    assert technician.email in told
    assert not technician.groups.exists()
    for user in User.objects.all():
        assert user.email.endswith("@placa.example")
        assert not user.has_usable_password()
        # A superuser would show nothing of what a role may do.
        assert not user.is_superuser


# When it comes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "thursday"),
    [
        # Seven days ahead is far enough, six is not.
        ("2026-11-18T12:00", "2026-11-26"),
        ("2026-11-19T12:00", "2026-11-26"),
        ("2026-11-20T12:00", "2027-01-28"),
        # In Barcelona it is the 20th already.
        ("2026-11-19T23:30", "2027-01-28"),
        # No session in December nor in March.
        ("2026-12-01T12:00", "2027-01-28"),
        ("2026-12-31T12:00", "2027-01-28"),
        ("2027-02-18T12:00", "2027-02-25"),
        ("2027-02-19T12:00", "2027-04-29"),
        ("2027-03-10T12:00", "2027-04-29"),
        # A leap year, and years from now.
        ("2028-02-17T12:00", "2028-02-24"),
        ("2036-06-10T12:00", "2036-06-26"),
    ],
)
def test_the_next_session_is_the_last_thursday_a_week_ahead(
    known_bodies, now, thursday
):
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=UTC)):
        seed()

        coming = Session.objects.upcoming(timezone.now())
        days = [timezone.localtime(session.starts).date() for session in coming]

    assert days[0] == date.fromisoformat(thursday)
    assert len(days) == 4
    assert {day.strftime("%a") for day in days} == {"Thu"}
    assert not {day.month for day in days} & {3, 12}


def test_when_all_have_been_held_new_ones_come(known_bodies):
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        seed()
    with time_machine.travel(datetime(2027, 11, 2, 12, tzinfo=UTC)):
        seed()

        assert Session.objects.upcoming(timezone.now()).count() == 4

    assert Session.objects.count() == 15
    assert SessionPage.objects.count() == 3 * 15


# Languages -------------------------------------------------------------------------


# What a text may keep in every language: names, figures, a word or two.
SHORT = 3


def test_no_text_of_a_planted_page_is_left_in_catalan(known_bodies):
    seed()

    for language in ("es", "en"):
        for translation in Translation.objects.filter(
            target_locale__language_code=language
        ):
            left = [
                entry.msgid
                for entry in translation.export_po()
                if entry.msgid == entry.msgstr and len(entry.msgid.split()) > SHORT
            ]
            assert left == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Gobernar en\u00a0abierto"), ("en", "We learn open government")],
)
def test_the_site_speaks_the_language_of_its_address(
    client, known_bodies, language, words
):
    seed()

    home = client.get(f"/{language}/").content.decode()

    assert words in home
    series = f"/{language}/dijous-gomunicipal/"
    assert f'href="{series}"' in home
    assert client.get(series).status_code == 200


def test_the_switch_leads_to_the_same_page_in_the_other_language(client, known_bodies):
    seed()
    session = Session.objects.upcoming(timezone.now()).first()

    page = client.get(f"/ca/dijous-gomunicipal/{session.code}/").content.decode()

    assert f'href="/es/dijous-gomunicipal/{session.code}/" lang="es"' in page
    assert (
        session.title.localize("es")
        in client.get(f"/es/dijous-gomunicipal/{session.code}/").content.decode()
    )


def test_what_an_editor_translates_herself_stays(known_bodies):
    seed()
    page = HomePage.objects.get(locale__language_code="en")
    page.hero_title = "In our own words"
    page.save_revision().publish()

    seed()

    page.refresh_from_db()
    assert page.hero_title == "In our own words"


# Again -----------------------------------------------------------------------------


def test_seeding_twice_is_seeding_once(known_bodies):
    seed()
    before = everything()

    told = seed()

    assert everything() == before
    assert told.strip().startswith("Demonstration accounts")


def test_what_people_changed_stays_as_they_left_it(known_bodies):
    seed()
    HomePage.objects.update(hero_title="Una altra frase")
    Session.objects.update(listed=False)
    User.objects.update(name="Algú altre")
    before = everything()

    seed()

    assert everything() == before


def test_if_empty_leaves_a_site_alone(known_bodies):
    root = Page.get_first_root_node()
    root.add_child(instance=HomePage(title="Nosaltres", hero_title="Hola"))

    told = seed(if_empty=True)

    assert told == ""
    assert not Session.objects.exists()


def test_a_real_installation_is_left_alone_unless_it_is_asked_for(
    known_bodies, settings
):
    settings.MAILBOX = False

    with pytest.raises(CommandError, match="--demonstration"):
        seed()
    assert not User.objects.exists()

    seed(demonstration=True)
    assert Session.objects.exists()
