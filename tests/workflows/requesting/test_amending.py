"""What the people of a body send of an amendment arrives whole, whatever happens to the
form, the session or the case meanwhile."""

from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.signing_in import lend
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import a_unit, a_worker, do
from tests.factories.catalogue import a_resource
from tests.factories.files import HTML, PDF
from tests.factories.pages import a_home
from tests.factories.requests import a_file, a_question, a_request
from tests.workflows.requesting.pages import browser, url
from workflows.engine.models import Case, File

pytestmark = pytest.mark.django_db

SCRIPT = {"accept": "application/json"}


@pytest.fixture
def house() -> SimpleNamespace:
    return a_house()


def a_house() -> SimpleNamespace:
    """A request of which the text, a document and other documents are to be amended."""
    resource = a_resource(unit=a_unit())
    report = a_question(resource, "file", label="Informe")
    mayor = representing(a_town("Rubí"), name="Ona Puig")
    case = a_request(resource, by=mayor)
    opened = ["text", "documents", str(report.pk)]
    worker = a_worker(resource.unit)
    do(case, worker, decision="amend", parts=opened, text="Falta l’informe.")
    case.refresh_from_db()
    return SimpleNamespace(case=case, mayor=mayor, report=str(report.pk), worker=worker)


class _Hidden(HTMLParser):
    """What a browser sends of a form without touching it."""

    def __init__(self, page: HttpResponse) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        main = page.content.decode().partition("<main")[2]
        self.feed(main)

    def handle_starttag(self, tag: str, pairs: list) -> None:
        attrs = dict(pairs)
        if tag == "input" and attrs.get("type") == "hidden":
            self.found.append((attrs["name"], attrs.get("value") or ""))


def hidden(page: HttpResponse) -> dict[str, str]:
    return dict(_Hidden(page).found)


def page_of(case: Case) -> str:
    return url("body_request", case.body.code, case.number)


def sends(client: Client, house: SimpleNamespace, field: str, form: dict, **more):
    """What the script is told that has sent a file for that field."""
    to = url("add_to_amendment", house.case.body.code, house.case.number)
    file = more.pop("file", None) or a_file("informe.pdf")
    secret = {f"{field}-draft": form.get(f"{field}-draft", "")}
    sent = {"field": field, "file": file, **secret}
    return client.post(to, sent, headers=SCRIPT, **more)


def names(case: Case) -> list[str]:
    return [one.file.name for one in case.request.documents.filter(replaced=None)]


def test_what_was_chosen_outlives_a_session_that_runs_out_before_it_is_sent(house):
    client = browser(house.mayor)
    form = hidden(client.get(page_of(house.case)))
    for field in (house.report, "documents"):
        answer = sends(client, house, field, form)
        assert answer.status_code == 200
        assert "informe.pdf" in answer.json()["kept"]

    stopped = Client().post(page_of(house.case), {**form, "text": "Ara sí."})

    assert stopped.status_code == 401
    assert names(house.case) == []
    again = browser(house.mayor).post(page_of(house.case), hidden(stopped))
    assert again.status_code == 302
    assert names(house.case) == ["informe.pdf", "informe.pdf"]
    assert house.case.request.submissions.last().content["text"] == "Ara sí."


def test_a_mistake_beside_them_or_a_token_that_has_passed_loses_no_file(house):
    client = browser(house.mayor, enforce_csrf_checks=True)
    form = hidden(client.get(page_of(house.case)))
    passed = {**form, "csrfmiddlewaretoken": "x" * 64}
    with_file = {house.report: a_file("informe.pdf"), "text": "Ara sí."}

    page = client.post(page_of(house.case), {**passed, **with_file})
    assert page.status_code == 422
    form = hidden(page)
    page = client.post(page_of(house.case), {**form, "text": ""})
    assert page.status_code == 422
    assert "informe.pdf" in page.text
    client.post(page_of(house.case), {**hidden(page), "text": "Ara sí."})

    assert names(house.case) == ["informe.pdf"]


def test_the_script_is_told_why_a_file_is_not_taken_and_how_to_go_on(house):
    client = browser(house.mayor, enforce_csrf_checks=True)
    form = hidden(client.get(page_of(house.case)))

    forged = sends(client, house, "documents", form)
    assert forged.status_code == 403
    token = {"headers": {**SCRIPT, "x-csrftoken": forged.json()["token"]}}
    to = url("add_to_amendment", house.case.body.code, house.case.number)
    sent = {"field": "documents", "file": a_file("a.pdf", HTML), **form}
    refused = client.post(to, sent, **token)
    assert refused.status_code == 422
    assert "a.pdf" in refused.json()["refused"][0]
    out = Client().post(to, sent, headers=SCRIPT)
    assert out.status_code == 401
    assert out.json()["words"]
    assert not File.objects.drafts().exists()


@pytest.mark.parametrize("field", ["text", "signature", "nothing", ""])
def test_a_field_that_takes_no_file_is_no_address(house, field):
    assert sends(browser(house.mayor), house, field, {}).status_code == 404


def test_only_who_may_amend_it_and_while_it_is_to_be_amended_sends_files(house):
    reader = acting(house.case.body, "reader")
    assert sends(browser(reader), house, "documents", {}).status_code == 410
    stranger = representing(a_town("Lluny"))
    assert sends(browser(stranger), house, "documents", {}).status_code == 404
    client = browser(house.mayor)
    form = hidden(client.get(page_of(house.case)))
    sends(client, house, house.report, form)
    client.post(page_of(house.case), {**form, "text": "Ara sí."})
    late = sends(client, house, "documents", form)
    assert late.status_code == 410
    assert late.json()["words"]
    assert File.objects.drafts().count() == 0


def test_what_a_document_replaces_stays_to_be_read_as_it_was_sent(house):
    case, client = house.case, browser(house.mayor)
    for name in ("primer.pdf", "segon.pdf"):
        form = hidden(client.get(page_of(case)))
        sends(client, house, house.report, form, file=a_file(name))
        client.post(page_of(case), {**form, "text": name})
        if name == "primer.pdf":
            opened = ["text", house.report]
            do(case, house.worker, decision="amend", parts=opened, text="Un altre.")

    assert names(case) == ["segon.pdf"]
    first = case.request.documents.exclude(replaced=None).get()
    assert first.submission.number == 2
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(house.worker)
    shown = staff.get(reverse("cases:case", args=[case.number])).text
    assert "replaced by another" in shown
    opened = staff.get(reverse("cases:file", args=[case.number, first.file_id]))
    assert b"".join(opened).startswith(b"%PDF")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_files_go_as_they_are_chosen_and_again_once_one_is_signed_in(
    page: Page, live_server: Any, assert_accessible: Any, width: int
):
    a_home()
    house = a_house()
    field = page.locator("#id_documents")
    page.set_viewport_size({"width": width, "height": 900})
    lend(page.context, browser(house.mayor), live_server.url)
    page.goto(page_of(house.case))
    choose = [("primer.pdf", "Tenim"), ("segon.pdf", "S’ha tancat la sessió")]

    for name, said in choose:
        file = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        field.set_input_files(file)
        page.locator(".uploads").get_by_text(said).wait_for()
        page.context.clear_cookies()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    lend(page.context, browser(house.mayor), live_server.url)
    page.get_by_role("button", name="Torna-ho a enviar").click()
    page.locator(".kept__name").get_by_text("segon.pdf").wait_for()
    page.locator("#id_text").fill("Ara sí.")
    assert_accessible(page)
    page.locator("main form button.btn--primary").click()

    page.get_by_text("Tenim el que heu enviat").wait_for()
    assert names(house.case) == ["primer.pdf", "segon.pdf"]
