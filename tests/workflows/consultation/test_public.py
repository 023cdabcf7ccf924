"""Asking the team from the public page, and the applicant's own page from the mail."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.contrib.search_promotions.models import Query

from cms.models import HomePage
from community.messages.models import Message
from community.privacy import holders, links
from tests.factories import a_body, a_registration, a_session
from tests.factories.cases import a_unit, a_worker, do, sorted_to, waiting_for_reply
from tests.factories.pages import a_home, an_article, an_articles_page
from workflows.applicant.listing import LINK_KEPT
from workflows.consultation.models import ConsultationSettings
from workflows.consultation.question_form import QuestionForm
from workflows.engine import answers, retention
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"
ASKED_AGAIN = 422


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


@pytest.fixture
def unit():
    unit = a_unit("Govern obert")
    ConsultationSettings.objects.create(unit=unit)
    return unit


def question(**values: Any) -> dict[str, Any]:
    return {
        "title": "Publicar les actes",
        "text": "Hem de publicar les actes del ple?",
        "name": "Ada Puig",
        "email": ADA,
        "language": "ca",
        "form_key": str(uuid4()),
        **values,
    }


def send(client: Client | None = None, **values: Any) -> HttpResponse:
    return (client or Client()).post(reverse("ask"), question(**values))


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def own(case: Case) -> str:
    return reverse("my_case", args=[case.token])


def asked_back(unit) -> Case:
    return waiting_for_reply(unit, a_worker(unit), email=ADA)


def test_what_is_sent_becomes_a_case_and_its_receipt_says_what_comes_next(unit):
    client, body = Client(), a_body("Vila-real")

    answer = send(client, body="vila real")

    assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.unit, case.body, case.email) == (unit, body, ADA)
    receipt = words(client.get(answer.url))
    assert case.number in receipt
    assert ADA in receipt
    assert case.token not in client.get(answer.url).content.decode()


def test_sent_twice_it_is_one_case(unit):
    key = str(uuid4())

    for _twice in range(2):
        assert send(form_key=key).status_code == 302

    assert Case.objects.count() == 1
    assert Message.objects.filter(kind="consultation_received").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"text": "  "},
        {"email": "ada"},
        {"name": ""},
        {"body": "No existeix"},
        {"language": "xx"},
        {"website": "http://spam.example"},
        {"text": "x" * 10_001},
        {"title": "x" * 201},
        {"form_key": "res"},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(unit, values):
    answer = send(**values)

    assert answer.status_code == ASKED_AGAIN
    assert 'class="errors"' in answer.content.decode()
    assert not Case.objects.exists()
    assert not Message.objects.exists()
    if "text" not in values:
        assert "Hem de publicar les actes del ple?" in answer.content.decode()


def test_a_form_whose_token_has_changed_is_sent_again_and_loses_nothing(unit):
    """Who signs in meanwhile, in another tab, gets another token."""
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("ask"), question())
    assert answer.status_code == ASKED_AGAIN
    assert "Hem de publicar les actes del ple?" in answer.content.decode()
    assert not Case.objects.exists()

    token = {"csrfmiddlewaretoken": answer.context["csrf_token"]}
    assert client.post(reverse("ask"), question() | token).status_code == 302
    assert Case.objects.count() == 1


def test_who_has_shown_the_address_finds_the_form_filled_in(unit):
    a_registration(a_session(), ADA, name="Ada Puig", body_text="Un ens que no hi és")
    row = Message(kind="my_registrations", recipient=ADA, language="ca")
    row.save()
    client = Client()
    client.post(links.link_in(row).removeprefix("http://testserver"))

    form = client.get(reverse("ask")).context["form"]

    assert (form["name"].value(), form["email"].value()) == ("Ada Puig", ADA)
    assert form["body"].value() == "", "only those of the list can be sent"

    sorted_to(unit, email=ADA, name="Ada Puig i Roca", body=a_body("Vila-real"))
    form = client.get(reverse("ask")).context["form"]
    assert form["name"].value() == "Ada Puig i Roca"
    assert form["body"].value() == "Vila-real"
    stranger = Client().get(reverse("ask")).context["form"]
    assert not stranger["email"].value()


def test_the_end_of_a_line_counts_as_one_letter_and_nothing_is_cut(unit):
    lines = "a\r\n" * 4_999 + "fi"

    assert send(text=lines).status_code == 302
    assert Case.objects.get().entries.get().text.endswith("a\nfi")
    assert "maxlength" not in str(QuestionForm()["text"])


def test_while_nobody_sorts_there_is_no_page(unit):
    ConsultationSettings.objects.update(unit=None)

    assert Client().get(reverse("ask")).status_code == 404
    assert send().status_code == 404


def test_one_address_is_not_flooded(unit):
    for _time in range(10):
        assert send().status_code == 302

    assert send().status_code == ASKED_AGAIN


def test_the_mail_leads_to_the_applicants_own_page(unit, work, smtp_server):
    send()
    work()

    [mail] = smtp_server.mails_to(ADA)
    text = mail.get_body(("plain",)).get_content()
    path = re.search(r"https?://[^/\s]+(/c/[\w-]+/)", text)[1]
    case = Case.objects.get()
    assert path == own(case)
    page = words(Client().get(path))
    assert case.number in page
    assert "Hem de publicar les actes del ple?" in page


def test_what_was_asked_back_is_answered_on_the_page_once(unit):
    case = asked_back(unit)
    page = words(Client().get(own(case)))
    assert "De quin any?" in page
    step = str(answers.open_step(case).pk)

    for _twice in range(2):
        answer = Client().post(own(case), {"step": step, "text": "Del 2025"})
        assert answer.status_code == 302

    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert [entry.text for entry in case.entries.filter(way="in")][1:] == ["Del 2025"]


def test_what_is_asked_is_said_to_the_applicant_and_told_to_the_staff(unit):
    case = asked_back(unit)
    staff = Client(headers={"accept-language": "ca"})
    staff.force_login(a_worker(unit, language="ca"))

    page = staff.get(reverse("cases:case", args=[case.number])).content.decode()

    assert "Responeu el que us demana l’equip" in words(Client().get(own(case)))
    assert "Responeu el que us demana" not in page
    assert "Respondre l’aclariment demanat" in page


def test_a_limit_is_said_in_whole_megabytes(unit):
    assert "de 20\N{NO-BREAK SPACE}MB cadascun" in Client().get(reverse("ask")).text


def test_an_empty_answer_is_asked_again(unit):
    case = asked_back(unit)
    step = str(answers.open_step(case).pk)

    answer = Client().post(own(case), {"step": step, "text": ""})

    assert answer.status_code == ASKED_AGAIN
    assert answers.open_step(case).pk == int(step)


def test_what_comes_too_late_is_said_and_given_back(unit):
    case = asked_back(unit)
    step = str(answers.open_step(case).pk)
    Client().post(own(case), {"step": step, "text": "Del 2025"})

    answer = Client().post(own(case), {"step": step, "text": "No, del 2024"})

    assert answer.status_code == 409
    assert "Ha arribat tard: no ho tenim" in words(answer)
    assert "No, del 2024" in words(answer)
    assert not case.entries.filter(text="No, del 2024").exists()


def test_an_answer_whose_token_has_changed_is_sent_again_and_loses_nothing(unit):
    case = asked_back(unit)
    sent = {"step": str(answers.open_step(case).pk), "text": "Del 2025"}

    answer = Client(enforce_csrf_checks=True).post(own(case), sent)

    assert answer.status_code == ASKED_AGAIN
    assert "Del 2025" in answer.content.decode()
    assert answers.open_step(case)


def test_once_it_is_closed_one_can_ask_again(unit):
    case = sorted_to(unit, email=ADA)
    ask_again = f'href="{reverse("ask")}"'
    assert ask_again not in Client().get(own(case)).content.decode()

    answers.withdraw(case)

    assert ask_again in Client().get(own(case)).content.decode()


def test_a_step_that_was_never_this_cases_does_nothing(unit):
    case, other = asked_back(unit), asked_back(unit)
    step = str(answers.open_step(other).pk)

    Client().post(own(case), {"step": step, "text": "De l’altre"})

    for one in (case, other):
        one.refresh_from_db()
        assert one.state == Case.State.WAITING


def test_withdrawing_asks_first_and_is_done_by_a_button(unit):
    case = sorted_to(unit, email=ADA)
    withdraw = reverse("withdraw_case", args=[case.token])

    Client().get(withdraw)
    case.refresh_from_db()
    assert case.is_active

    Client().post(withdraw)
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    assert Client().post(withdraw).status_code == 302, "a second click is no error"


def test_a_link_is_nobodys_runs_out_and_is_kept_by_nobody(unit):
    case = sorted_to(unit, email=ADA)
    answer = Client().get(own(case))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert Client().get("/c/nobodys-link-at-all-0000/").status_code == 404
    do(case, a_worker(unit), decision="answer", text="Sí")
    assert Client().get(own(case)).status_code == 200

    Case.objects.update(finished=timezone.now() - LINK_KEPT - timedelta(days=1))

    assert Client().get(own(case)).status_code == 410


def test_what_is_written_is_text_and_nothing_else(unit):
    case = sorted_to(unit, text="<script>alert(1)</script>", title="<b>Ei</b>")

    page = Client().get(own(case)).content.decode()

    assert "<script>alert" not in page
    assert "<b>Ei" not in page


def test_who_leaves_is_forgotten_and_the_figures_stay(unit):
    open_one, settled = sorted_to(unit, email=ADA), sorted_to(unit, email=ADA)
    do(settled, a_worker(unit), decision="answer", text="Sí, Ada")
    assert "Publicar les actes" in str(holders.all_of(ADA.upper()))

    retention.give_up(ADA)
    retention.forget(ADA, timezone.now())

    for case in (open_one, settled):
        link = own(case)
        case.refresh_from_db()
        assert (case.name, case.email, case.title) == ("", "", "")
        assert "ada" not in case.search_key
        assert not case.entries.exists()
        assert Client().get(link).status_code == 404
    assert (open_one.outcome, settled.outcome) == ("withdrawn", "answered")


def test_what_was_settled_a_year_ago_is_made_anonymous_and_nothing_younger(unit):
    old, young, going = (sorted_to(unit, email=ADA) for _each in range(3))
    for case in (old, young):
        do(case, a_worker(unit), decision="answer", text="Sí")
    year_ago = timezone.now() - timedelta(days=366)
    Case.objects.filter(pk=old.pk).update(finished=year_ago)
    Case.objects.filter(pk=going.pk).update(created=year_ago)

    assert retention.erase_old(timezone.now(), 10) == 1
    assert retention.erase_old(timezone.now(), 10) == 0

    assert list(Case.objects.of_somebody().order_by("pk")) == [young, going]


@pytest.mark.browser
def test_what_the_site_says_already_is_offered_and_a_long_text_is_counted(
    page: Page, live_server: Any
):
    ConsultationSettings.objects.create(unit=a_unit())
    shelf = an_articles_page(HomePage.objects.get())
    article = an_article(shelf, title="Publicar les actes del ple")
    call_command("update_index", verbosity=0)
    page.goto("/ca/ask/")
    expect(page.get_by_text("Potser això ja us respon")).to_be_hidden()

    page.locator("[name=title]").fill("les actes")
    page.locator("[name=text]").fill("paraula " * 1_150)

    already = page.get_by_role("link", name="Publicar les actes del ple")
    expect(already).to_have_attribute("href", article.url)
    expect(already).to_have_attribute("target", "_blank")
    expect(page.get_by_text("9200 caràcters de 10000")).to_be_visible()
    assert Query.objects.count() == 0, "it is no search of anybody's"


@pytest.mark.browser
def test_a_question_can_be_asked_without_scripts(new_context: Any, live_server: Any):
    ConsultationSettings.objects.create(unit=a_unit())
    for name in ("Sant Feliu de Codines", "Sant Feliu Sasserra"):
        a_body(name)
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/ca/ask/")
    for name in ("title", "text", "name"):
        page.locator(f"[name={name}]").fill("Publicar les actes")
    page.locator("[name=email]").fill(ADA)
    page.locator("[name=body]").fill("sant feliu")
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Sant Feliu de Codines").click()

    page.wait_for_url("**/ask/sent/")
    assert Case.objects.get().body.name == "Sant Feliu de Codines"
