"""Pages that go live, or are taken away, at their hour, by the worker."""

import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.signals import page_published, page_unpublished

from cms.editing import scheduled
from cms.models import HomePage, SectionPage
from tests.factories import a_user
from tests.factories.pages import a_home
from tests.together import another_process, together

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def home() -> HomePage:
    return a_home()


def a_page(home: HomePage, slug: str = "nova", **values: Any) -> SectionPage:
    page = SectionPage(title=f"Pàgina {slug}", slug=slug, locale=home.locale, **values)
    home.add_child(instance=page)
    if page.live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def hand_in(page: SectionPage, at: datetime, *, by: Any = None) -> Revision:
    """Have what `page` says now go live at that hour, as somebody said long before."""
    with time_machine.travel(at - timedelta(days=7), tick=False):
        page.go_live_at = at
        revision = page.save_revision(user=by)
        revision.publish()
    return revision


def due(page: SectionPage, **values: Any) -> Revision:
    """Its hour has just come."""
    return hand_in(page, timezone.now() - timedelta(minutes=1), **values)


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def happened(page: Page) -> list[str]:
    """What the history of `page` says that was done at an hour."""
    entries = PageLogEntry.objects.filter(page=page.pk).order_by("pk")
    actions = entries.values_list("action", flat=True)
    ours = (scheduled.REFUSED, "wagtail.publish.scheduled")
    return [a for a in actions if a in (*ours, "wagtail.unpublish.scheduled")]


def a_minute(work: Callable[[], None]) -> None:
    """The sweep wakes the worker."""
    call_command("sweep")
    work()


def test_a_page_goes_live_at_its_hour_and_not_before(home, work):
    page = a_page(home, live=False)
    hour = timezone.now() + HOUR
    hand_in(page, hour)

    with time_machine.travel(hour - timedelta(minutes=1)):
        a_minute(work)
        assert not is_live(page)

    with time_machine.travel(hour + timedelta(minutes=1)):
        a_minute(work)
        assert is_live(page)
        assert Client().get("/ca/nova/").status_code == 200


def test_a_page_is_taken_away_at_its_hour_and_not_before(home, work):
    hour = timezone.now() + HOUR
    page = a_page(home, expire_at=hour)

    with time_machine.travel(hour - timedelta(minutes=1)):
        a_minute(work)
        assert is_live(page)

    with time_machine.travel(hour + timedelta(minutes=1)):
        a_minute(work)
        assert not is_live(page)
        assert Client().get("/ca/nova/").status_code == 410


def test_what_readers_were_given_before_the_hour_is_forgotten(home, work, settings):
    settings.REMEMBERED_SECONDS = 3600
    caches["pages"].clear()
    page = a_page(home, lead="Abans.")
    page.lead = "Després."
    due(page)
    Client().get("/ca/nova/")
    assert "Abans." in Client().get("/ca/nova/").content.decode()

    a_minute(work)

    assert "Després." in Client().get("/ca/nova/").content.decode()
    caches["pages"].clear()


def test_a_page_that_cannot_be_published_tells_why_and_keeps_no_other_waiting(
    home, work, smtp_server
):
    writer, owner = a_user(language="es"), a_user(language="ca")
    page = a_page(home, owner=owner)
    page.slug = "presa"
    first = due(page, by=writer)
    a_page(home, "presa")
    other = a_page(home, "altra", live=False)
    due(other)

    a_minute(work)
    a_minute(work)

    assert is_live(other)
    assert Page.objects.get(pk=page.pk).slug == "nova"
    assert happened(page) == [scheduled.REFUSED]
    first.refresh_from_db()
    assert first.approved_go_live_at is None
    told = {mail["To"]: mail["Subject"] for mail in smtp_server.mails}
    assert told == {
        writer.email: "No se ha publicado: Pàgina nova",
        owner.email: "No s’ha publicat: Pàgina nova",
    }
    [mail] = smtp_server.mails_to(writer.email)
    assert "presa" in mail.get_body(("plain",)).get_content()


def test_a_fault_in_one_page_keeps_no_other_waiting(home, work):
    broken, sound = a_page(home, live=False), a_page(home, "bona", live=False)
    due(broken)
    due(sound)

    def break_one(instance: Page, **kwargs: Any) -> None:
        if instance.pk == broken.pk:
            raise RuntimeError

    page_published.connect(break_one)
    try:
        a_minute(work)
    finally:
        page_published.disconnect(break_one)
    assert (is_live(broken), is_live(sound)) == (False, True)

    a_minute(work)
    assert is_live(broken)


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(home, work):
    page = a_page(home, live=False)
    due(page)
    worker = another_process(
        "import django, os; django.setup()\n"
        "from wagtail.signals import page_published\n"
        "from cms.editing import scheduled\n"
        "kill = lambda **kwargs: os.kill(os.getpid(), 9)\n"
        "page_published.connect(kill, weak=False)\n"
        "scheduled.run_due(10)\n"
    )
    assert worker.wait(60) == -signal.SIGKILL
    assert not is_live(page)

    a_minute(work)

    assert is_live(page)
    assert happened(page) == ["wagtail.publish.scheduled"]


def twice_at_once() -> int:
    """Two workers at work; how many pages they say that they did."""

    def dawdle(**kwargs: Any) -> None:
        """So that the other has seen what is due before this one is done."""
        time.sleep(1)

    for told in (page_published, page_unpublished):
        told.connect(dawdle)
    return sum(together(*[lambda: scheduled.run_due(10)] * 2))


def test_two_workers_publish_a_page_once(home):
    page = a_page(home, live=False)
    due(page)

    assert twice_at_once() == 1
    assert happened(page) == ["wagtail.publish.scheduled"]


def test_two_workers_take_a_page_away_once(home):
    page = a_page(home, expire_at=timezone.now() - HOUR)

    assert twice_at_once() == 1
    assert happened(page) == ["wagtail.unpublish.scheduled"]
