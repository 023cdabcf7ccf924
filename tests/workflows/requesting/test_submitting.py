"""Signing a request and sending it: by the page, and what the verb promises whoever
calls it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation

from community.acting import memberships
from community.models import Message, Role
from community.privacy import register
from tests.factories.acting import a_town, acting, representing
from tests.factories.catalogue import a_resource, an_edition
from tests.factories.pages import a_home
from tests.factories.requests import (
    MAYOR,
    WRITTEN,
    a_draft,
    a_file,
    a_question,
    a_request,
    submitted,
)
from tests.together import together
from tests.workflows.requesting.pages import browser, of, url, words
from workflows.engine import answers
from workflows.engine.models import Case, Deadline, Entry, File
from workflows.engine.terms import Measure
from workflows.requesting import drafts, retention, signing, submitting
from workflows.requesting.models import CatalogueRequest, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def summary(draft: CatalogueRequest) -> str:
    return of(draft, "request_summary")


def signed(client: Client, draft: CatalogueRequest, **more: str):
    """What the page answers to who presses *Sign and send*, having read it."""
    page = client.get(summary(draft)).content.decode()
    found = re.search(r'name="version" value="([^"]*)"', page)
    version = found[1] if found else ""
    sent = {"sign": "1", "signs_as": MAYOR, "version": version, **more}
    return client.post(summary(draft), sent)


# What is sent -------------------------------------------------------------------------


def test_what_is_signed_becomes_a_case_with_its_term_its_documents_and_its_mail():
    resource = a_resource(edition={"months": 5})
    asked = a_question(resource, "choice", label="Ho teniu?", choices="Sí\nNo")
    number = a_question(resource, "number", label="Quants?")
    mine = representing(a_town("Vila"), name="Núria Roca")
    draft = a_draft(mine, resource, answers={str(asked.pk): "0", str(number.pk): "1,5"})
    document = drafts.add_document(draft, a_file(), by=mine.user)

    sent = signed(browser(mine), draft)

    case = Case.objects.get()
    assert sent.url.startswith(url("body_request", mine.body.code, case.number))
    assert re.fullmatch(r"SOL-\d{4}-0001", case.number)
    assert (case.body, case.unit) == (mine.body, resource.unit)
    assert case.on_behalf
    assert (case.name, case.email) == ("Núria Roca", mine.user.email)
    assert str(resource.name) in case.title
    assert WRITTEN["subject"] in case.title
    term = case.deadlines.get()
    assert (term.measure, term.amount) == (Measure.MONTHS, 5)
    assert term.whose == Deadline.Whose.OURS
    entry = case.entries.get()
    assert entry.way == Entry.Way.IN
    for words_of in (WRITTEN["text"], "Ho teniu? Sí", "Quants? 1,5", "Núria Roca"):
        assert words_of in entry.text
    submission = case.request.submissions.get()
    assert submission.content["subject"] == WRITTEN["subject"]
    assert (submission.signer, submission.signs_as) == (mine.user, "mayor")
    file = File.objects.get()
    assert (file.pk, file.case, file.entry) == (document.file_id, case, entry)
    assert not file.is_held
    document.refresh_from_db()
    assert document.submission == submission
    assert Message.objects.filter(kind="request_received", about=case.pk).exists()


def test_the_receipt_has_all_that_was_sent():
    from workflows.engine import receipts

    mine = representing(a_town("Vila"))
    case = a_request(by=mine, documents=("acord.pdf",))
    with translation.override("ca"):
        told = receipts._told(case)

    assert told["files"]["names"] == ["acord.pdf"]
    assert WRITTEN["text"] in told["asked"]["paragraphs"]
    assert ("Número", case.number) in [tuple(fact) for fact in told["facts"]]


def test_the_same_form_twice_is_one_case_and_one_mail():
    mine = representing(a_town())
    draft = a_draft(mine)
    version = submitting.seen(draft)

    cases = [
        submitting.submit(draft, by=mine.user, signs_as=MAYOR, version=version)
        for _each in range(2)
    ]

    assert cases[0] == cases[1]
    assert Case.objects.count() == 1
    assert Message.objects.filter(kind="request_received").count() == 1


def test_what_is_missing_is_said_with_the_way_to_where_it_is_written():
    resource = a_resource()
    asked = a_question(resource, "text", label="Per a qui?", required=True)
    document = a_question(resource, "file", label="Acord del ple", required=True)
    mine = representing(a_town())
    draft, client = a_draft(mine, resource, subject=""), browser(mine)

    page = client.get(summary(draft))
    content = page.content.decode()

    for anchor in ("subject", f"question-{asked.pk}", f"question-{document.pk}"):
        assert f"{of(draft)}?check=1#id_{anchor}" in content
    assert "Acord del ple" in words(page)
    assert 'name="sign"' not in content
    checked = client.get(f"{of(draft)}?check=1").content.decode()
    assert checked.count("field__error") == 3
    sent = {"sign": "1", "signs_as": MAYOR, "version": submitting.seen(draft)}
    assert client.post(summary(draft), sent).status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value"), [("number", "vuit"), ("date", "demà"), ("choice", "7")]
)
def test_an_answer_that_is_none_is_not_sent(kind, value):
    resource = a_resource()
    asked = a_question(resource, kind, choices="Sí\nNo" if kind == "choice" else "")
    mine = representing(a_town())
    draft = a_draft(mine, resource, answers={str(asked.pk): value})

    page = browser(mine).get(summary(draft))

    assert value in words(page)
    with pytest.raises(ValidationError):
        submitted(draft, mine.user)
    assert not Case.objects.exists()


# Who signs ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.READER])
def test_only_a_representative_signs(role):
    mine = acting(a_town(), role)
    draft = a_draft(acting(mine.body))

    answer = signed(browser(mine), draft)

    assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        submitted(draft, mine.user)
    assert not Case.objects.exists()


def test_who_has_lost_the_role_since_the_page_was_opened_signs_nothing():
    boss = representing(a_town())
    mine = representing(boss.body)
    draft, client = a_draft(mine), browser(mine)
    client.get(summary(draft))
    memberships.change_role(mine, Role.TECHNICIAN, by=boss.user)

    sent = {"sign": "1", "signs_as": MAYOR, "version": submitting.seen(draft)}
    answer = client.post(summary(draft), sent)

    assert answer.status_code == 403
    assert "Ja no signeu" in words(answer)
    assert not Case.objects.exists()


def test_as_what_one_signs_has_to_be_chosen():
    mine = representing(a_town())
    draft = a_draft(mine)

    answer = signed(browser(mine), draft, signs_as="")

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_what_a_colleague_changed_since_it_was_read_is_not_signed_unread():
    mine = representing(a_town())
    colleague = acting(mine.body, name="Mar Roca")
    draft, client = a_draft(mine), browser(mine)
    before = submitting.seen(draft)

    drafts.add_document(draft, a_file(), by=colleague.user)
    sent = {"sign": "1", "signs_as": MAYOR, "version": before}
    first = client.post(summary(draft), sent)
    draft = drafts.save(
        draft, {**WRITTEN, "text": "Una altra cosa"}, version=1, by=colleague.user
    )
    second = client.post(summary(draft), {**sent, "version": before})

    assert first.status_code == second.status_code == 422
    assert not Case.objects.exists()
    assert "Mar Roca" in words(second)
    assert "Una altra cosa" in words(second)
    version = re.search(r'name="version" value="([^"]*)"', second.content.decode())[1]
    assert client.post(summary(draft), {**sent, "version": version}).status_code == 302
    assert Case.objects.count() == 1


def test_a_technician_has_it_signed_by_mail_and_the_link_leads_to_signing(
    smtp_server, work
):
    town = a_town("Vila")
    boss = representing(town, "alcaldia@vila.example", name="Núria Roca")
    mine = acting(town, name="Ada Puig")
    draft, client = a_draft(mine), browser(mine)

    page = client.get(summary(draft))
    assert "Núria Roca" in words(page)
    for _each in range(2):
        client.post(summary(draft), {"ask": "1", "signer": boss.pk})
    work()

    [mail] = smtp_server.mails_to("alcaldia@vila.example")
    text = mail.get_body(("plain",)).get_content()
    assert "Ada Puig" in text
    path = re.search(r"http://testserver(/\S+)", text)[1]
    assert url("account_login", language="ca") in Client().get(path).url
    assert signed(browser(boss), draft).status_code == 302
    assert path == summary(draft)
    assert Case.objects.get().name == "Núria Roca"


@pytest.mark.parametrize("ends", ["sent", "gone", "signs no more"])
def test_a_mail_to_sign_what_is_over_does_not_leave(ends, smtp_server, work):
    town = a_town("Vila")
    boss = representing(town, "alcaldia@vila.example")
    mine = acting(town)
    draft = a_draft(mine)
    signing.ask(draft, boss.user, by=mine.user)

    if ends == "sent":
        submitted(draft, boss.user)
    elif ends == "gone":
        drafts.discard(draft, by=mine.user)
    else:
        memberships.change_role(boss, Role.READER, by=representing(town).user)
    work()

    asked = Message.objects.get(kind=signing.TO_SIGN)
    assert asked.state == Message.State.DROPPED


def test_it_is_sent_to_be_signed_to_nobody_of_another_body():
    mine, stranger = acting(a_town()), representing(a_town())
    representing(mine.body)
    draft = a_draft(mine)

    answer = browser(mine).post(summary(draft), {"ask": "1", "signer": stranger.pk})

    assert answer.status_code == 422
    assert not Message.objects.filter(kind=signing.TO_SIGN).exists()


# When it can be sent ------------------------------------------------------------------


def test_what_closed_meanwhile_is_not_sent_and_is_kept():
    mine = representing(a_town())
    draft, client = a_draft(mine), browser(mine)
    version = submitting.seen(draft)
    draft.edition.closes = timezone.now() - timedelta(seconds=1)
    draft.edition.save()

    sent = {"sign": "1", "signs_as": MAYOR, "version": version}
    answer = client.post(summary(draft), sent)

    assert answer.status_code == 422
    assert "va tancar" in words(answer) or "tancat" in words(answer)
    assert not Case.objects.exists()
    assert CatalogueRequest.objects.drafts().count() == 1


def test_the_limit_of_the_year_holds_and_what_was_withdrawn_does_not_count():
    resource, mine = a_resource(limit=1), representing(a_town())
    first = a_request(resource, by=mine)
    draft, client = a_draft(mine, resource), browser(mine)

    page = client.get(summary(draft))
    assert first.number in words(page)
    with pytest.raises(submitting.CannotRequest):
        submitted(draft, mine.user)
    answers.withdraw(first)

    assert signed(client, draft).status_code == 302
    assert Case.objects.count() == 2


def test_an_older_edition_that_closed_is_not_sent_through_the_one_that_is_open():
    mine, resource = representing(a_town()), a_resource()
    draft = a_draft(mine, resource)
    old = draft.edition
    year = timezone.localdate().year
    old.closes = timezone.now() - timedelta(hours=1)
    old.save()
    an_edition(resource, year=year + 1)

    with pytest.raises(submitting.CannotRequest):
        submitted(draft, mine.user)


# What is forgotten --------------------------------------------------------------------


def test_what_was_sent_goes_with_its_case_and_the_figure_stays():
    case = a_request(documents=("acord.pdf",))
    kept = a_request()
    answers.withdraw(case)
    Case.objects.filter(pk=case.pk).update(
        finished=timezone.now() - timedelta(days=366)
    )

    for name in ("cases", "request_submissions"):
        [entry] = [each for each in register.entries() if each.name == name]
        entry.end_some(timezone.now(), 100)

    assert [each.request.case for each in Submission.objects.all()] == [kept]
    assert not File.objects.exists()
    row = CatalogueRequest.objects.get(case=case)
    assert (row.written, row.edition.year) == ({}, timezone.localdate().year)


def test_who_leaves_is_not_named_as_who_signed():
    mine = representing(a_town(), name="Núria Roca")
    a_request(by=mine)

    retention.erase(mine.user.email, timezone.now())

    assert Submission.objects.get().signer_name == ""


# Two at once --------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_send_one_case():
    town = a_town()
    both = [representing(town), representing(town)]
    draft = a_draft(both[0])
    version = submitting.seen(draft)

    def sign(mine):
        return submitting.submit(draft, by=mine.user, signs_as=MAYOR, version=version)

    made = together(*(lambda mine=mine: sign(mine) for mine in both))

    assert len({case.pk for case in made}) == 1
    assert Case.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_drafts_at_once_do_not_pass_the_limit():
    resource, mine = a_resource(limit=1), representing(a_town())
    both = [a_draft(mine, resource), a_draft(mine, resource)]

    def sign(draft):
        try:
            return submitted(draft, mine.user)
        except submitting.CannotRequest:
            return None

    made = together(*(lambda draft=draft: sign(draft) for draft in both))

    assert len([case for case in made if case]) == 1
    assert Case.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told():
    town = a_town()
    both = [acting(town), acting(town)]
    draft = a_draft(both[0])

    def save(mine):
        text = {**WRITTEN, "text": str(mine.pk)}
        try:
            return drafts.save(draft, text, version=1, by=mine.user)
        except drafts.Changed:
            return None

    done = together(*(lambda mine=mine: save(mine) for mine in both))

    assert len([each for each in done if each]) == 1
    draft.refresh_from_db()
    assert draft.version == 2
