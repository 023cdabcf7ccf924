"""From the chronicle that the host has read to a good practice that all can read."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.editing import scheduled
from cms.models import CustomImage
from tests.factories import a_user
from tests.factories.pages import a_home
from tests.factories.practices import (
    TOLD,
    a_caravan_page,
    a_photograph,
    a_practice,
    a_required_tool,
    a_told_stop,
)
from workflows.caravan import stops
from workflows.caravan.models import GoodPractice, GoodPracticePage, Stop
from workflows.caravan.practices import publishing
from workflows.engine import cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def caravan() -> Page:
    cache.clear()
    return a_caravan_page(a_home())


def anybody_reads(page: Page) -> bool:
    return Client().get(Page.objects.get(pk=page.pk).url).status_code == 200


def test_the_draft_of_a_page_is_made_of_the_chronicle_and_nobody_reads_it_yet(caravan):
    stop = a_told_stop("Cita prèvia sense trucades")

    practice = publishing.draft(stop)

    page = practice.page.specific
    assert (practice.content, practice.body) == (TOLD, stop.body)
    assert (page.title, page.lead) == (stop.title, TOLD["summary"])
    assert page.get_parent().pk == caravan.pk
    assert not anybody_reads(page)
    assert not GoodPractice.objects.public().exists()


def test_asked_twice_it_is_made_once():
    stop = a_told_stop()
    first = publishing.draft(stop)

    again = publishing.draft(Stop.objects.get(pk=stop.pk))

    assert again == first
    assert GoodPracticePage.objects.count() == GoodPractice.objects.count() == 1


def test_killed_half_way_nothing_is_half_made_and_it_is_made_afterwards(monkeypatch):
    stop = a_told_stop()
    a_photograph(stop)

    def die(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(GoodPracticePage, "save_revision", die)
        with pytest.raises(RuntimeError):
            publishing.draft(stop)
    assert not GoodPractice.objects.exists()
    assert not GoodPracticePage.objects.exists()
    assert not CustomImage.objects.exists()

    assert publishing.draft(stop).page


def test_two_practices_of_one_name_have_an_address_each():
    pages = [publishing.draft(a_told_stop("Cita prèvia")).page for _ in range(2)]

    assert len({page.slug for page in pages}) == 2


def test_pictures_come_along_with_their_words_if_who_is_in_them_agrees():
    stop = a_told_stop()
    shown = a_photograph(stop)
    a_photograph(stop, alt="Algú que no ho vol", consent=False)

    page = publishing.draft(stop).page.specific

    assert [block.value["image"].contextual_alt_text for block in page.body] == [
        shown.alt
    ]
    assert CustomImage.objects.get().description == shown.alt


def test_of_a_stop_that_lets_nobody_take_pictures_none_comes_along():
    stop = a_told_stop(may_show=False)
    a_photograph(stop)

    assert not publishing.draft(stop).page.specific.body


def test_once_the_page_is_live_the_practice_is_public_and_says_since_when():
    practice = publishing.draft(a_told_stop())

    practice.page.get_latest_revision().publish()

    practice.refresh_from_db()
    assert practice.published
    assert list(GoodPractice.objects.public()) == [practice]
    assert anybody_reads(practice.page)


def test_taking_the_page_away_leaves_the_stop_and_the_record(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        practice = a_practice()
    since = practice.published

    practice.page.specific.unpublish()

    assert not GoodPractice.objects.public().exists()
    practice.refresh_from_db()
    assert (practice.published, practice.stop.title) == (since, practice.title)
    # Published once more it is the same one, of which nobody is told again.
    with django_capture_on_commit_callbacks(execute=True):
        practice.page.get_latest_revision().publish()
    practice.refresh_from_db()
    assert practice.published == since


def test_both_sides_are_told_once_however_often_it_is_published(
    monkeypatch, django_capture_on_commit_callbacks
):
    told: list[int] = []
    monkeypatch.setattr(stops, "practice_published", lambda stop: told.append(stop.pk))
    practice = publishing.draft(a_told_stop())
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            practice.page.get_latest_revision().publish()

    assert publishing.follow_due(10) == 0
    assert told == [practice.stop_id]


def test_the_worker_tells_of_what_went_live_when_who_published_it_was_cut_short(
    monkeypatch,
):
    told: list[int] = []
    monkeypatch.setattr(stops, "practice_published", lambda stop: told.append(stop.pk))
    # What waits for the end of the transaction never comes.
    practice = a_practice()
    assert not told

    assert publishing.follow_due(10) == 1
    assert publishing.follow_due(10) == 0
    assert told == [practice.stop_id]


# What keeps it from being published ---------------------------------------------------


def test_while_a_required_tool_is_not_done_it_is_not_published_and_it_is_said_why():
    stop = a_told_stop()
    part = a_required_tool(stop, "Consentiment d’imatge")
    page = publishing.draft(stop).page

    with pytest.raises(ValidationError, match="Consentiment d’imatge"):
        page.get_latest_revision().publish()
    assert not anybody_reads(page)

    part.done = timezone.now()
    part.save()
    page.get_latest_revision().publish()
    assert anybody_reads(page)


def test_the_editor_reads_why_in_the_form_and_loses_nothing(admin_client):
    stop = a_told_stop()
    a_required_tool(stop, "Consentiment d’imatge")
    page = publishing.draft(stop).page

    answer = published_by_hand(admin_client, page, title="Un títol més bo")

    assert answer.status_code == 200
    words = answer.content.decode()
    assert "Consentiment d’imatge" in words
    assert "Un títol més bo" in words
    assert not anybody_reads(page)


def test_a_draft_can_be_kept_meanwhile(admin_client):
    stop = a_told_stop()
    a_required_tool(stop)
    page = publishing.draft(stop).page

    answer = published_by_hand(admin_client, page, title="Més bo", publishes=False)

    assert answer.status_code == 302
    kept = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert kept.title == "Més bo"


def test_the_editor_publishes_in_the_form(admin_client):
    page = publishing.draft(a_told_stop()).page

    published_by_hand(admin_client, page, title="Un títol més bo")

    assert anybody_reads(page)
    assert Page.objects.get(pk=page.pk).title == "Un títol més bo"


def published_by_hand(
    client: Client, page: Page, *, title: str, publishes: bool = True
) -> Any:
    """What the editor's form sends."""
    sent = {
        "title": title,
        "slug": page.slug,
        "lead": "Una entrada",
        "practice": str(page.specific.practice_id),
        "body": streamfield([]),
        "comments": {
            "TOTAL_FORMS": 0,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 0,
        },
    }
    if publishes:
        sent["action-publish"] = "1"
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, nested_form_data(sent))


def what_she_reads(server: Any) -> str:
    mails = server.mails_to("editora@placa.example")
    return " ".join(mail.get_body(("plain",)).get_content() for mail in mails)


def test_what_was_to_go_live_at_an_hour_waits_and_its_owner_reads_why(
    work, smtp_server
):
    stop = a_told_stop()
    page = publishing.draft(stop).page.specific
    page.owner = a_user(email="editora@placa.example", is_active=True)
    page.go_live_at = timezone.now() + timedelta(minutes=1)
    page.save()
    page.save_revision().publish()
    a_required_tool(stop, "Consentiment d’imatge")

    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        scheduled.run_due(10)
        work()

    assert not anybody_reads(page)
    assert "Consentiment d’imatge" in what_she_reads(smtp_server)


def test_what_all_have_approved_waits_too_and_its_owner_reads_why(work, smtp_server):
    stop = a_told_stop()
    a_required_tool(stop, "Consentiment d’imatge")
    page = publishing.draft(stop).page.specific
    page.owner = a_user(email="editora@placa.example", is_active=True)
    page.save()
    page.save_revision()
    task = GroupApprovalTask.objects.create(name="Aprovar")
    workflow = Workflow.objects.create(name="Revisió")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    boss = a_user(is_superuser=True)

    state = workflow.start(page, boss)
    state.current_task_state.approve(user=boss)
    work()

    assert not anybody_reads(page)
    assert "Consentiment d’imatge" in what_she_reads(smtp_server)


def test_of_a_stop_that_was_withdrawn_nothing_is_published():
    stop = a_told_stop()
    page = publishing.draft(stop).page
    cases.cancel(stop.case, outcome="withdrawn")

    with pytest.raises(ValidationError, match="withdrawn|retir"):
        page.get_latest_revision().publish()


def test_without_the_consent_of_the_host_nothing_is_published():
    page = publishing.draft(a_told_stop(may_publish=False)).page

    with pytest.raises(ValidationError):
        page.get_latest_revision().publish()
    assert not anybody_reads(page)


def test_a_practice_has_one_page_in_a_language(caravan):
    practice = a_practice()

    twin = GoodPracticePage(
        title="Una altra", slug="altra", practice=practice, locale=caravan.locale
    )
    with pytest.raises(ValidationError):
        caravan.add_child(instance=twin)
