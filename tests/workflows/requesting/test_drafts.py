"""Writing a request by the public pages: what several people of a body write together,
with browsers that know nothing of each other."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from community.acting import memberships
from community.models import LocalBody, Role
from community.privacy import holders, register
from tests.factories import a_body
from tests.factories.acting import a_town, acting, representing
from tests.factories.catalogue import a_resource
from tests.factories.files import HTML, PDF
from tests.factories.pages import a_home
from tests.factories.requests import (
    WRITTEN,
    a_draft,
    a_file,
    a_question,
    a_request,
    submitted,
)
from tests.workflows.requesting.pages import browser, of, url, words
from workflows.engine import files
from workflows.engine.models import File
from workflows.requesting import drafts
from workflows.requesting.models import CatalogueRequest

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def typed(draft: CatalogueRequest, **more: Any) -> dict[str, Any]:
    return {"version": draft.version, "subject": "Mesurar", "text": "Volem", **more}


# Beginning ----------------------------------------------------------------------------


def begin(code: str, body: LocalBody | None = None) -> str:
    return url("begin_request", code) + (f"?body={body.code}" if body else "")


def test_who_is_not_signed_in_is_led_to_it_and_comes_back():
    resource = a_resource()

    page = Client().get(begin(resource.code))

    assert page.status_code == 200
    there = urlencode({"next": begin(resource.code)})
    assert f"{url('account_login')}?{there}" in page.content.decode()


def test_who_acts_for_nobody_is_told_how_to():
    resource = a_resource()
    mine = acting(a_town())
    memberships.end(mine, mine.user)

    page = browser(mine).get(begin(resource.code))

    assert url("act_for_body") in page.content.decode()
    assert browser(mine).post(begin(resource.code)).status_code == 200
    assert not CatalogueRequest.objects.exists()


def test_who_acts_for_several_chooses_and_begins_for_that_one():
    resource, email = a_resource(), "ada@council.example"
    one, other = a_town("Vila"), a_town("Roca")
    mine = acting(one, email=email)
    acting(other, email=email)
    client = browser(mine)

    assert "Roca" in words(client.get(begin(resource.code)))
    began = client.post(begin(resource.code, other), follow=True)

    draft = CatalogueRequest.objects.get()
    assert (draft.body, draft.edition.resource) == (other, resource)
    assert began.redirect_chain[-1][0] == of(draft)


@pytest.mark.parametrize(
    ("resource", "edition", "said"),
    [
        ({"kinds": ["county"]}, {}, "ajuntament"),
        ({"most": 5}, {}, "habitants"),
        ({}, {"closes": timezone.now() - timedelta(hours=1)}, "va tancar"),
        ({}, {"opens": timezone.now() + timedelta(days=2)}, "obre"),
    ],
)
def test_a_no_stops_before_anything_is_written_and_says_why(resource, edition, said):
    town = a_body(
        "Vila", population=900, population_year=2025, population_source="Idescat"
    )
    mine = representing(town)
    found = a_resource(edition=edition, **{"kinds": ["municipality"], **resource})
    client = browser(mine)

    page = client.get(begin(found.code))
    client.post(begin(found.code))

    assert said in words(page).lower() or "No" in words(page)
    assert (
        "<button"
        not in page.content.decode().partition('id="can"')[2].partition("</section>")[0]
    )
    assert not CatalogueRequest.objects.exists()


def test_what_we_do_not_know_of_the_body_stops_nobody():
    mine = acting(a_body("Vila", population=None))
    resource = a_resource(most=5000)

    began = browser(mine).post(begin(resource.code))

    assert began.url == of(CatalogueRequest.objects.get())


def test_a_reader_begins_nothing():
    mine = acting(a_town(), Role.READER)
    resource = a_resource()
    client = browser(mine)

    assert "llegiu" in words(client.get(begin(resource.code)))
    client.post(begin(resource.code))

    assert not CatalogueRequest.objects.exists()


def test_what_a_colleague_has_begun_is_offered_before_beginning_another():
    town, resource = a_town(), a_resource()
    draft = a_draft(acting(town), resource)

    page = browser(acting(town)).get(begin(resource.code))

    assert of(draft) in page.content.decode()
    assert WRITTEN["subject"] in words(page)


def test_beginning_twice_gives_the_blank_one_again():
    mine, resource = acting(a_town()), a_resource()
    client = browser(mine)

    first, second = (client.post(begin(resource.code)).url for _each in range(2))

    assert first == second


# Who may ------------------------------------------------------------------------------

ADDRESSES = ("write_request", "request_summary", "discard_request")


@pytest.mark.parametrize("name", ADDRESSES)
def test_to_anybody_of_another_body_there_is_no_such_draft(name):
    draft = a_draft()
    client = browser(representing(a_town()))

    assert client.get(of(draft, name)).status_code == 404
    assert client.post(of(draft, name), typed(draft)).status_code == 404
    draft.refresh_from_db()
    assert draft.written == WRITTEN


def test_a_draft_under_the_address_of_another_body_of_hers_is_none():
    email = "ada@council.example"
    draft = a_draft(acting(a_town(), email=email))
    other = acting(a_town(), email=email)
    address = of(draft).replace(draft.body.code, other.body.code)

    assert browser(other).get(address).status_code == 404


def test_leaving_the_body_ends_it_at_once():
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    memberships.end(mine, mine.user)

    assert client.post(of(draft), typed(draft)).status_code == 404
    assert client.get(of(draft)).status_code == 404


def test_a_reader_sees_the_draft_and_changes_nothing():
    town = a_town()
    draft = a_draft(acting(town))
    client = browser(acting(town, Role.READER))

    assert client.get(of(draft)).url == of(draft, "request_summary")
    late = client.post(of(draft), typed(draft, text="No el perdo"))
    assert late.status_code == 410
    assert "No el perdo" in words(late)
    page = client.get(of(draft, "request_summary"))
    assert WRITTEN["text"] in words(page)
    assert (
        "<form"
        not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    )
    assert client.post(of(draft, "discard_request")).status_code == 403
    added = client.post(
        of(draft, "add_document"), {"field": "documents", "file": a_file()}
    )
    assert added.status_code == 403
    draft.refresh_from_db()
    assert (draft.written, draft.documents.count()) == (WRITTEN, 0)


# Writing ------------------------------------------------------------------------------


def test_what_was_typed_is_found_again_by_colleagues_whole_or_not():
    town, resource = a_town(), a_resource()
    asked = {
        kind: a_question(resource, kind, required=True)
        for kind in ("text", "number", "date")
    }
    choice = a_question(resource, "choice", choices="Sí\nNo")
    draft = a_draft(acting(town), resource)
    answers = {
        f"question-{asked['text'].pk}": "Unes paraules\r\ni més",
        f"question-{asked['number'].pk}": "no és cap nombre",
        f"question-{asked['date'].pk}": "2026-12-01",
        f"question-{choice.pk}": "1",
    }

    saved = browser(acting(town)).post(of(draft), typed(draft, text="", **answers))
    page = browser(acting(town)).get(of(draft)).content.decode()

    assert saved.url == f"{of(draft)}?saved=1"
    assert "Unes paraules\ni més" in page
    assert 'value="no és cap nombre"' in page
    assert 'value="2026-12-01"' in page
    assert re.search(r'value="1"[^>]*checked', page)
    assert "field__error" not in page


def test_the_script_is_told_when_it_was_saved_and_as_which_version():
    mine = acting(a_town())
    draft = a_draft(mine)

    said = browser(mine).post(of(draft), typed(draft), **JSON).json()

    draft.refresh_from_db()
    assert said["version"] == draft.version == 2
    assert "Desat" in said["words"]


def test_of_two_who_write_the_second_sees_both_and_loses_nothing():
    town = a_town()
    draft = a_draft(acting(town))
    ada, mar = acting(town, name="Ada Puig"), acting(town, name="Mar Roca")

    browser(ada).post(of(draft), typed(draft, text="El de l’Ada"))
    mine = typed(draft, text="El de la Mar")
    script = browser(mar).post(of(draft), mine, **JSON)
    page = browser(mar).post(of(draft), {**mine, "documents": a_file()})

    assert draft.documents.count() == 1
    assert script.status_code == page.status_code == 409
    assert "Ada Puig" in script.json()["words"]
    said = words(page)
    assert "Ada Puig" in said
    assert "El de l’Ada" in said
    assert "El de la Mar" in said
    draft.refresh_from_db()
    assert draft.written["text"] == "El de l’Ada"

    again = {**mine, "version": draft.version, "text": "El de totes dues"}
    assert browser(mar).post(of(draft), again).status_code == 302
    draft.refresh_from_db()
    assert draft.written["text"] == "El de totes dues"


def test_the_same_once_more_is_nobody_else():
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    sent = typed(draft)

    assert client.post(of(draft), sent).status_code == 302
    assert client.post(of(draft), sent).status_code == 302


def test_an_expired_session_loses_nothing_that_was_typed():
    draft = a_draft()

    page = Client().post(of(draft), typed(draft, text="Dues\nratlles <b>"))
    script = Client().post(of(draft), typed(draft), **JSON)

    assert page.status_code == script.status_code == 401
    assert 'value="Dues\nratlles &lt;b&gt;"' in page.content.decode()
    assert url("account_login") in page.content.decode()
    assert "sessió" in script.json()["words"]


def test_a_token_that_has_passed_shows_the_form_again_with_what_was_typed():
    mine = acting(a_town())
    draft = a_draft(mine)
    client = browser(mine, enforce_csrf_checks=True)

    page = client.post(of(draft), typed(draft, text="No el perdo"))
    script = client.post(of(draft), typed(draft, text="No el perdo"), **JSON)

    assert page.status_code == script.status_code == 403
    assert "No el perdo" in page.content.decode()
    draft.refresh_from_db()
    assert draft.written == WRITTEN
    token = script.json()["token"]
    again = typed(draft, text="No el perdo", csrfmiddlewaretoken=token)
    assert client.post(of(draft), again, **JSON).status_code == 200


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "²"])
def test_a_version_that_is_none_writes_over_nobody(version):
    mine = acting(a_town())
    draft = a_draft(mine)

    page = browser(mine).post(of(draft), typed(draft, version=version))

    assert page.status_code == 409
    draft.refresh_from_db()
    assert draft.written == WRITTEN


def test_what_no_database_keeps_is_left_out():
    mine = acting(a_town())
    draft = a_draft(mine)

    browser(mine).post(of(draft), typed(draft, text="a\0b", other="c"))

    draft.refresh_from_db()
    assert draft.written == {"subject": "Mesurar", "text": "ab", "answers": {}}


def test_what_was_sent_or_thrown_away_meanwhile_is_said():
    mine = representing(a_town())
    sent, gone = a_draft(mine), a_draft(mine)
    client = browser(mine)
    submitted(sent, mine.user)
    row = CatalogueRequest.objects.get(pk=gone.pk)
    drafts.discard(gone, by=mine.user)

    assert client.get(of(sent)).status_code == 302
    late = client.post(of(sent), typed(sent, text="No el perdo"))
    assert "No el perdo" in words(late)
    script = client.post(of(sent), typed(sent), **JSON)
    assert late.status_code == script.status_code == 410
    thrown = client.post(of(row), typed(row, text="Tampoc"))
    assert (thrown.status_code, "Tampoc" in words(thrown)) == (410, True)
    assert client.get(of(row)).status_code == 404
    with pytest.raises(drafts.Over):
        drafts.save(row, {}, version=1, by=mine.user)
    with pytest.raises(drafts.Over):
        drafts.save(sent, {}, version=1, by=mine.user)
    sent.refresh_from_db()
    assert sent.written == WRITTEN


# Documents ----------------------------------------------------------------------------


def test_documents_come_with_the_form_or_by_the_script_and_are_handed_out():
    town, resource = a_town(), a_resource()
    question = a_question(resource, "file", required=True)
    draft = a_draft(acting(town), resource)
    client = browser(acting(town))
    name = f"question-{question.pk}"

    client.post(of(draft), typed(draft, **{name: a_file("acord.pdf")}))
    one = {"field": "documents", "file": a_file("plec.pdf")}
    script = client.post(of(draft, "add_document"), one, **JSON)

    assert "plec.pdf" in script.json()["kept"]
    kept = {each.file.name: each for each in draft.documents.all()}
    assert kept["acord.pdf"].question == question
    assert kept["plec.pdf"].question is None
    there = client.get(of(draft, "request_document", kept["acord.pdf"].pk))
    assert b"".join(there.streaming_content) == PDF
    other = browser(representing(a_town()))
    address = of(draft, "request_document", kept["acord.pdf"].pk)
    assert other.get(address).status_code == 404


def test_ten_documents_come_with_one_form():
    mine = acting(a_town())
    draft = a_draft(mine)
    ten = [a_file(f"document-{number}.pdf") for number in range(10)]

    browser(mine).post(of(draft), typed(draft, documents=ten))

    assert draft.documents.count() == 10


@pytest.mark.parametrize("content", [HTML, b""])
def test_what_is_not_what_it_says_is_refused_and_the_text_is_saved(content):
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)

    page = client.post(
        of(draft), typed(draft, documents=a_file("acord.pdf", content), text="Sí")
    )
    script = client.post(
        of(draft, "add_document"),
        {"field": "documents", "file": a_file("acord.pdf", content)},
        **JSON,
    )

    draft.refresh_from_db()
    assert not draft.documents.exists()
    assert draft.written["text"] == "Sí"
    if content:
        assert page.status_code == script.status_code == 422
        assert "acord.pdf" in words(page)
        assert "acord.pdf" in script.json()["refused"][0]


def test_another_file_for_a_question_takes_the_place_of_the_first():
    mine, resource = acting(a_town()), a_resource()
    question = a_question(resource, "file")
    draft = a_draft(mine, resource)

    for name in ("un.pdf", "dos.pdf", "dos.pdf"):
        drafts.add_document(draft, a_file(name), question=question, by=mine.user)

    assert [each.file.name for each in draft.documents.all()] == ["dos.pdf"]
    assert File.objects.count() == 1


def test_a_document_is_taken_away_by_its_button_and_the_text_is_saved():
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    document = drafts.add_document(draft, a_file(), by=mine.user)

    client.post(of(draft), typed(draft, away=str(document.pk), text="Sí"))

    draft.refresh_from_db()
    assert (draft.documents.count(), draft.written["text"]) == (0, "Sí")
    assert not File.objects.exists()


def test_a_document_of_another_draft_is_not_taken_away():
    mine = acting(a_town())
    draft, other = a_draft(mine), a_draft(mine)
    document = drafts.add_document(other, a_file(), by=mine.user)

    browser(mine).post(of(draft), typed(draft, away=str(document.pk)))

    assert other.documents.count() == 1


def test_only_so_many_documents_and_octets_are_taken(settings):
    settings.REQUEST_FILES_MOST = 1
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    add = {"field": "documents"}

    first = client.post(
        of(draft, "add_document"), {**add, "file": a_file("un.pdf")}, **JSON
    )
    second = client.post(
        of(draft, "add_document"), {**add, "file": a_file("dos.pdf")}, **JSON
    )
    settings.REQUEST_FILES_MOST = 9
    settings.CASE_HELD_MOST = 1
    third = client.post(
        of(draft, "add_document"), {**add, "file": a_file("tres.pdf")}, **JSON
    )

    assert [first.status_code, second.status_code, third.status_code] == [200, 422, 422]
    assert draft.documents.count() == 1


@pytest.mark.parametrize("name", ["subject", "question-0", "", "x"])
def test_a_file_for_a_field_that_takes_none_is_no_address(name):
    mine = acting(a_town())
    draft = a_draft(mine)

    data = {"field": name, "file": a_file()}
    answer = browser(mine).post(of(draft, "add_document"), data, **JSON)

    assert answer.status_code == 404


# Until when ---------------------------------------------------------------------------


def _end(name: str) -> None:
    [entry] = [each for each in register.entries() if each.name == name]
    entry.end_some(timezone.now(), 100)


def test_documents_of_a_draft_outlive_the_day_of_those_of_other_forms():
    mine = acting(a_town())
    draft = a_draft(mine)
    kept = drafts.add_document(draft, a_file(), by=mine.user)
    files.keep(a_file("altre.pdf"), "a" * 24)
    File.objects.update(created=timezone.now() - timedelta(days=3))

    _end("case_drafts")

    assert [each.pk for each in File.objects.all()] == [kept.file_id]


def test_a_draft_goes_with_its_documents_a_month_after_its_edition_closes():
    mine, resource = acting(a_town()), a_resource()
    draft = a_draft(mine, resource)
    drafts.add_document(draft, a_file(), by=mine.user)
    sent = a_request(resource)
    edition = draft.edition
    for days, left in ((29, 1), (31, 0)):
        edition.opens = timezone.now() - timedelta(days=90)
        edition.closes = timezone.now() - timedelta(days=days)
        edition.save()
        _end("request_drafts")
        assert CatalogueRequest.objects.drafts().count() == left
    assert not File.objects.drafts().exists()
    assert CatalogueRequest.objects.get() == sent.request


def test_without_a_last_day_a_draft_goes_a_year_after_it_was_saved():
    draft = a_draft(resource=a_resource(edition={"closes": None}))
    for days, left in ((364, 1), (366, 0)):
        saved = timezone.now() - timedelta(days=days)
        CatalogueRequest.objects.filter(pk=draft.pk).update(saved=saved)
        _end("request_drafts")
        assert CatalogueRequest.objects.count() == left


def test_the_edition_closes_while_somebody_writes_and_what_she_writes_is_kept():
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    draft.edition.closes = timezone.now() - timedelta(minutes=1)
    draft.edition.save()

    saved = client.post(of(draft), typed(draft, text="Al darrer minut"))
    page = client.get(of(draft))

    assert saved.status_code == 302
    assert "Al darrer minut" in page.content.decode()
    assert "no es pot enviar" in words(page)


def test_throwing_away_asks_first_and_takes_the_documents_too():
    mine = acting(a_town())
    draft, client = a_draft(mine), browser(mine)
    drafts.add_document(draft, a_file(), by=mine.user)

    assert client.get(of(draft, "discard_request")).status_code == 200
    assert CatalogueRequest.objects.exists()
    client.post(of(draft, "discard_request"))

    assert not CatalogueRequest.objects.exists()
    assert not File.objects.exists()


# All of them --------------------------------------------------------------------------


def test_the_list_of_a_body_has_its_drafts_and_requests_in_so_many_queries(
    django_assert_max_num_queries,
):
    mine = representing(a_town("Vila"))
    case = a_request(by=mine)
    draft = a_draft(mine)
    a_draft(representing(a_town()), subject="D’un altre")
    client = browser(mine)
    page = client.get(url("body_requests", mine.body.code))

    assert case.number in words(page)
    assert of(draft) in page.content.decode()
    assert "D’un altre" not in words(page)
    for _each in range(4):
        a_request(by=mine)
        a_draft(mine, a_resource())
    with django_assert_max_num_queries(25):
        client.get(url("body_requests", mine.body.code))
    other = browser(representing(a_town()))
    assert other.get(url("body_requests", mine.body.code)).status_code == 404


def test_her_data_has_the_drafts_that_she_wrote_and_what_she_signed():
    mine = representing(a_town())
    a_draft(mine)
    a_request(by=mine)

    parts = {part.name: part.records for part in holders.all_of(mine.user.email)}

    assert len(parts["request_drafts"]) == 1
    assert parts["request_submissions"][0].title == WRITTEN["subject"]
