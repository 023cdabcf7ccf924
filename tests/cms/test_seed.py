"""Planting the demonstration data: when it is, and what is never trampled on."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management.base import CommandError
from django.utils import timezone
from wagtail.models import Page

import community.seed
import events.seed
from cms.demonstration import articles, sections, topics
from cms.models import HomePage, SessionPage
from community.models import LocalBody, User
from events.models import Session
from tests.factories.demonstration import seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def known_bodies():
    """Some bodies are there already, so the seed brings none (and is quick)."""
    LocalBody.objects.create(code="08298", kind="municipality", name="Vic")


@pytest.fixture
def few_texts(known_bodies, monkeypatch):
    """As little to plant as there may be."""
    for module, name in (
        (articles, "ARTICLES"),
        (sections, "SECTIONS"),
        (topics, "TOPICS"),
        (events.seed, "PAST"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name)[:1])


def test_a_first_page_that_somebody_wrote_stays(few_texts):
    page = Page.objects.get(depth=2)
    page.title = "Benvinguda"
    page.save_revision().publish()

    seed()

    assert Page.objects.filter(title="Benvinguda").exists()


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
        for room in (community, events):
            room.seed.seed(lambda _line: None)

        coming = Session.objects.upcoming(timezone.now())
        days = [timezone.localtime(session.starts).date() for session in coming]

    assert days[0] == date.fromisoformat(thursday)
    assert len(days) == 4
    assert {day.strftime("%a") for day in days} == {"Thu"}
    assert not {day.month for day in days} & {3, 12}


def test_when_all_have_been_held_new_ones_come(few_texts):
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        seed()
        first = SessionPage.objects.count()
    with time_machine.travel(datetime(2027, 11, 2, 12, tzinfo=UTC)):
        seed()

        coming = Session.objects.upcoming(timezone.now())
        assert coming.count() == 4
        assert all(session.speakers.exists() for session in coming)

    assert SessionPage.objects.count() == first + 3 * 4


def test_if_empty_leaves_a_site_alone(known_bodies):
    root = Page.get_first_root_node()
    root.add_child(instance=HomePage(title="Nosaltres", hero_title="Hola"))

    told = seed(if_empty=True)

    assert told == ""
    assert not Session.objects.exists()


def test_a_real_installation_is_left_alone_unless_it_is_asked_for(few_texts, settings):
    settings.MAILBOX = False

    with pytest.raises(CommandError, match="--demonstration"):
        seed()
    assert not User.objects.exists()

    seed(demonstration=True)
    assert Session.objects.exists()
