"""Asking for a stop by the pages of one's body: what several people write together, and
sending it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from community.acting import memberships
from community.models import LocalBody, Role
from tests.factories.acting import a_town, acting
from tests.factories.caravan import WRITTEN, a_caravan, a_draft_stop, a_sent_stop, now
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import Sides, of, of_draft, url
from tests.workflows.requesting.pages import browser, words
from workflows.caravan.models import Stop
from workflows.caravan.sides import drafts

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def typed(draft: Stop, **more: Any) -> dict[str, Any]:
    return {**WRITTEN, "version": draft.version, **more}


# Beginning ----------------------------------------------------------------------------


def test_on_the_page_of_a_body_a_stop_is_begun():
    mine = acting(a_town())
    client = browser(mine)

    page = client.get(url("caravan_body", mine.body.code))
    assert url("caravan_begin", mine.body.code) in page.content.decode()
    began = client.post(url("caravan_begin", mine.body.code))

    draft = Stop.objects.get()
    assert draft.body == mine.body
    assert began.url == of_draft(draft)


@pytest.mark.parametrize("kind", LocalBody.Kind.values)
def test_a_body_of_any_kind_can_ask(kind):
    town = a_town()
    LocalBody.objects.filter(pk=town.pk).update(kind=kind)
    mine = acting(town)

    browser(mine).post(url("caravan_begin", town.code))

    assert Stop.objects.get().body == town


def test_beginning_twice_gives_the_blank_one_now():
    mine = acting(a_town())
    client = browser(mine)
    begin = url("caravan_begin", mine.body.code)

    first, second = (client.post(begin).url for _each in range(2))

    assert first == second


def test_who_asks_is_proposed_as_the_contact():
    mine = acting(a_town(), name="Ada Puig")

    page = browser(mine).post(url("caravan_begin", mine.body.code), follow=True)

    assert 'value="Ada Puig"' in page.content.decode()
    assert f'value="{mine.user.email}"' in page.content.decode()


def test_a_reader_begins_nothing_and_is_told_who_does():
    mine = acting(a_town(), Role.READER)
    client = browser(mine)

    page = client.get(url("caravan_begin", mine.body.code))
    client.post(url("caravan_begin", mine.body.code))

    assert "You only read" in words(page)
    assert not Stop.objects.exists()


@pytest.mark.parametrize("name", ["caravan_as_host", "caravan_as_rapporteur"])
def test_the_call_to_take_part_finds_the_body_or_asks_which(name):
    one = acting(a_town("Vila"), email="ada@council.example")
    there = {"caravan_as_host": "caravan_begin"}.get(name, "caravan_offer")

    assert browser(one).get(url(name)).url == url(there, one.body.code)
    assert "login" in Client().get(url(name)).url

    other = acting(a_town("Roca"), email="ada@council.example")
    page = browser(one).get(url(name)).content.decode()
    assert url(there, one.body.code) in page
    assert url(there, other.body.code) in page


# Who may ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["caravan_draft", "caravan_discard"])
def test_to_anybody_of_another_body_there_is_no_such_draft(name):
    draft = a_draft_stop()
    client = browser(acting(a_town()))

    assert client.get(of_draft(draft, name)).status_code == 404
    assert client.post(of_draft(draft, name), typed(draft)).status_code == 404
    assert now(draft).written == WRITTEN


def test_a_draft_under_the_address_of_another_body_of_hers_is_none():
    email = "ada@council.example"
    draft = a_draft_stop(acting(a_town(), email=email))
    other = acting(a_town(), email=email)
    address = of_draft(draft).replace(draft.body.code, other.body.code)

    assert browser(other).get(address).status_code == 404


def test_leaving_the_body_ends_it_at_once():
    mine = acting(a_town())
    draft, client = a_draft_stop(mine), browser(mine)
    memberships.end(mine, mine.user)

    assert (
        client.post(of_draft(draft), typed(draft, title="Un altre")).status_code == 404
    )
    assert now(draft).written == WRITTEN


def test_a_reader_changes_nothing_and_finds_what_she_typed():
    town = a_town()
    draft = a_draft_stop(acting(town))

    late = browser(acting(town, Role.READER)).post(
        of_draft(draft), typed(draft, summary="No el perdo", send="1")
    )

    assert late.status_code == 410
    assert "No el perdo" in words(late)
    assert now(draft).written == WRITTEN


# Writing ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["caravan_body", "caravan_begin", "my_body"])
def test_colleagues_find_the_draft_where_they_look_for_it(name):
    town = a_town()
    draft = a_draft_stop(acting(town))

    page = browser(acting(town)).get(url(name, town.code))

    assert of_draft(draft) in page.content.decode()
    assert WRITTEN["title"] in words(page)


def test_what_was_typed_is_found_again_by_colleagues_whole_or_not():
    town = a_town()
    draft = a_draft_stop(acting(town))
    half = {
        "version": draft.version,
        "title": "Un altre",
        "field": "big-data",
        "links": "no és cap enllaç",
        "summary": "Dues\r\nratlles",
        "may_show": "on",
    }

    saved = browser(acting(town)).post(of_draft(draft), half)
    page = browser(acting(town)).get(of_draft(draft)).content.decode()

    assert saved.url == f"{of_draft(draft)}?saved=1"
    assert 'value="Un altre"' in page
    assert "Dues\nratlles" in page
    assert "no és cap enllaç" in page
    assert 'value="big-data"' in page.partition(" checked")[0][-200:]
    assert "field__error" not in page
    assert "may_publish" not in now(draft).written


def test_the_script_is_told_when_it_was_saved_and_as_which_version():
    mine = acting(a_town())
    draft = a_draft_stop(mine)

    sent = typed(draft, title="Un altre")
    said = browser(mine).post(of_draft(draft), sent, **JSON).json()

    assert said["version"] == now(draft).version == 2
    assert "Saved" in said["words"]


def test_of_two_who_write_the_second_sees_both_and_loses_nothing():
    town = a_town()
    draft = a_draft_stop(acting(town))
    ada, mar = acting(town, name="Ada Puig"), acting(town, name="Mar Roca")

    browser(ada).post(of_draft(draft), typed(draft, title="El de l’Ada"))
    mine = typed(draft, title="El de la Mar", send="1")
    script = browser(mar).post(of_draft(draft), mine, **JSON)
    page = browser(mar).post(of_draft(draft), mine)

    assert script.status_code == page.status_code == 409
    assert "Ada Puig" in script.json()["words"]
    assert "El de l’Ada" in words(page)
    assert 'value="El de la Mar"' in page.content.decode()
    assert now(draft).written["title"] == "El de l’Ada"
    assert now(draft).is_draft

    both = typed(now(draft), title="El de totes dues")
    assert browser(mar).post(of_draft(draft), both).status_code == 302
    assert now(draft).written["title"] == "El de totes dues"


def test_an_expired_session_loses_nothing_that_was_typed():
    draft = a_draft_stop()

    page = Client().post(of_draft(draft), typed(draft, summary="Dues\nratlles <b>"))
    script = Client().post(of_draft(draft), typed(draft), **JSON)

    assert page.status_code == script.status_code == 401
    assert 'value="Dues\nratlles &lt;b&gt;"' in page.content.decode()
    assert "words" in script.json()
    assert now(draft).written == WRITTEN


def test_a_token_of_before_loses_nothing_and_gives_a_new_one():
    mine = acting(a_town())
    draft = a_draft_stop(mine)
    client = browser(mine, enforce_csrf_checks=True)

    page = client.post(of_draft(draft), typed(draft, title="No el perdo"))
    script = client.post(of_draft(draft), typed(draft), **JSON)

    assert page.status_code == script.status_code == 403
    assert 'value="No el perdo"' in page.content.decode()
    assert script.json()["token"]
    assert now(draft).written == WRITTEN


def test_what_no_database_keeps_is_left_out():
    mine = acting(a_town())
    draft = a_draft_stop(mine)

    browser(mine).post(of_draft(draft), typed(draft, title="U\0n"))

    assert now(draft).written["title"] == "Un"


# Throwing it away ---------------------------------------------------------------------


def test_a_draft_is_thrown_away_by_a_button_and_never_by_its_link():
    mine = acting(a_town())
    draft, client = a_draft_stop(mine), browser(mine)
    address = of_draft(draft, "caravan_discard")

    assert client.get(address).status_code == 200
    assert Stop.objects.exists()
    gone = client.post(address)

    assert "discarded" in gone.url
    assert not Stop.objects.exists()
    late = client.post(of_draft(draft), typed(draft, summary="Massa tard"))
    assert late.status_code == 410
    assert "Massa tard" in words(late)


def test_a_draft_that_nobody_sends_is_forgotten_a_year_after_its_last_saving():
    draft, sent = a_draft_stop(), a_sent_stop()
    today = timezone.now()
    Stop.objects.update(saved=today - drafts.KEPT - timedelta(seconds=1))

    assert drafts.forget_old(today - drafts.KEPT, 10) == 0
    assert drafts.forget_old(today, 10) == 1

    assert list(Stop.objects.all()) == [sent]
    assert draft.pk != sent.pk


# Sending ------------------------------------------------------------------------------


def test_what_is_whole_is_sent_and_its_page_says_what_comes_next():
    a_caravan()
    mine = acting(a_town())
    draft, client = a_draft_stop(mine), browser(mine)

    sent = client.post(of_draft(draft), typed(draft, send="1"))
    page = client.get(sent.url)

    stop = now(draft)
    assert sent.url == f"{of(stop)}?new=1"
    assert stop.case.number in words(page)
    assert (stop.title, stop.field, stop.form) == (
        WRITTEN["title"],
        WRITTEN["field"],
        WRITTEN["form"],
    )
    assert stop.may_publish
    assert stop.may_show
    assert stop.case.body == mine.body


def test_sending_it_twice_opens_one_case():
    a_caravan()
    mine = acting(a_town())
    draft, client = a_draft_stop(mine), browser(mine)
    sent = typed(draft, send="1")

    first, second = (client.post(of_draft(draft), sent) for _each in range(2))

    assert first.status_code == second.status_code == 302
    assert of(draft) in second.url
    assert Stop.objects.submitted().count() == 1


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"title": ""}, "Write what the practice is called."),
        ({"field": "cooking"}, "cooking"),
        ({"place": ""}, "Write where it would be shown."),
        ({"links": "javascript:alert(1)"}, "is no whole link"),
        ({"contact_email": "ada"}, "Write the whole address"),
        ({"summary": "x" * 2001}, "2001"),
        ({"may_publish": ""}, "Without this consent"),
    ],
)
def test_what_is_missing_or_wrong_is_said_first_and_nothing_is_lost(lacking, said):
    a_caravan()
    mine = acting(a_town())
    draft = a_draft_stop(mine)
    sent = {**typed(draft), **lacking, "send": "1"}
    sent = {name: value for name, value in sent.items() if value}

    page = browser(mine).post(of_draft(draft), sent)

    assert page.status_code == 422
    assert said in words(page).partition("The practice")[0]
    assert now(draft).is_draft
    assert now(draft).written["social_value"] == WRITTEN["social_value"]


def test_where_nobody_looks_after_the_caravan_it_stays_a_draft_and_says_so():
    mine = acting(a_town())
    draft = a_draft_stop(mine)

    page = browser(mine).post(of_draft(draft), typed(draft, send="1"))

    assert page.status_code == 422
    assert "takes no stops" in words(page)
    assert now(draft).is_draft


# Amending -----------------------------------------------------------------------------


def test_what_has_to_be_amended_is_written_in_the_same_form_and_sent_now():
    way = Sides("review")
    way.office(decision="amend", text="Falta l’any de les xifres.")
    client = way.as_host()

    page = client.get(of(way.stop))
    assert of_draft(way.stop) in page.content.decode()
    form = client.get(of_draft(way.stop))
    assert "Falta l’any" in words(form)
    assert WRITTEN["title"] in form.content.decode()
    sent = client.post(
        of_draft(way.stop), typed(way.stop, evidence="2025 i 2026", send="1")
    )

    assert sent.url == f"{of(way.stop)}?sent=1"
    stop = way.again()
    assert stop.evidence == "2025 i 2026"
    assert stop.case.state == "open"


def test_what_is_being_amended_cannot_be_thrown_away():
    way = Sides("review")
    way.office(decision="amend", text="Falta l’any.")

    page = way.as_host().post(of_draft(way.stop, "caravan_discard"))

    assert page.status_code == 410
    assert Stop.objects.filter(pk=way.stop.pk).exists()


def test_what_was_sent_is_not_written_over():
    way = Sides("review")

    late = way.as_host().post(
        of_draft(way.stop), typed(way.stop, summary="Massa tard", send="1")
    )

    assert late.status_code == 410
    assert "Massa tard" in words(late)
    assert way.again().summary == WRITTEN["summary"]
