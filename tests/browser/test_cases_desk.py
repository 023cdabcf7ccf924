"""The staff's desk on screens great and small, by keyboard; and nothing typed is lost
when the sign-in runs out."""

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import signing_in
from tests.factories import a_body
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from tests.factories.pages import a_home
from workflows.engine.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unit():
    a_home()
    return a_unit("Govern obert")


@pytest.fixture
def worker(unit):
    return a_worker(unit, language="ca")


@pytest.fixture
def sign_in(page, live_server, worker):
    def sign_in() -> None:
        signing_in.sign_in(page.context, worker, live_server.url)

    sign_in()
    return sign_in


def step_of(case: Case) -> str:
    return reverse("cases:step", args=[case.number, open_task(case).pk])


def page_of(case: Case) -> str:
    return reverse("cases:case", args=[case.number])


@pytest.mark.slow
def test_an_answer_is_there_again_after_signing_in(page, unit, sign_in, live_server):
    case = sorted_to(unit)
    page.goto(step_of(case))
    page.locator("[name=decision][value=ask]").check()
    page.locator("[name=text]").fill("De quin any són?")
    SignIn.objects.all().delete()
    page.get_by_role("button", name="Envia", exact=True).click()
    page.wait_for_url("**/login/**")

    sign_in()
    # As the sign-in leads there: from outside of the administration.
    page.evaluate("address => location.assign(address)", step_of(case))
    page.wait_for_url(f"**{step_of(case)}")

    expect(page.locator("[name=text]")).to_have_value("De quin any són?")
    expect(page.locator("[name=decision][value=ask]")).to_be_checked()
    expect(page.get_by_text("El que havíeu escrit torna a ser aquí.")).to_be_visible()
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("")


@pytest.mark.slow
def test_a_note_that_was_written_is_not_given_back(page, unit, sign_in):
    case = sorted_to(unit)
    page.goto(page_of(case))
    page.locator("[name=text]").fill("Va trucar ahir.")
    page.get_by_role("button", name="Desa la nota").click()

    expect(page.locator(".cases-event--note")).to_contain_text("Va trucar ahir.")
    expect(page.locator("[name=text]")).to_have_value("")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_what_was_done_wrong_is_put_right_by_keyboard(
    page, unit, worker, sign_in, assert_accessible, width
):
    case = a_consultation(unit, body=a_body("Vila-real"))
    a_consultation(unit, body=case.body, email=case.email)
    page.set_viewport_size({"width": width, "height": 900})

    def look() -> None:
        scroll = page.evaluate("document.documentElement.scrollWidth")
        assert scroll <= width, page.url
        assert_accessible(page)

    def press(role: str, words: str) -> None:
        with page.expect_navigation():
            page.get_by_role(role, name=words, exact=True).first.focus()
            page.keyboard.press("Enter")

    page.goto(step_of(case))
    press("button", "Envia-la-hi")
    look()
    press("link", "Desfés-ho")
    look()
    press("button", "Sí, desfés-ho")
    assert open_task(case).owner == worker
    assert open_task(case).flow_task.name == "sort"
    expect(page.get_by_text("Altres expedients")).to_be_visible()
    page.locator(".cases-way summary").focus()
    page.keyboard.press("Enter")
    drawing = page.get_by_role("img", name="Ara és a:")
    expect(drawing).to_be_visible()
    assert drawing.evaluate("one => one.decode().then(() => one.naturalWidth)") > 300
    look()
    press("link", "Corregeix")
    page.get_by_label("Assumpte").fill("Les actes del ple")
    look()
    press("button", "Corregeix")
    expect(page.get_by_text("Publicar les actes → Les actes del ple")).to_be_visible()


@pytest.mark.slow
def test_in_the_dark_nothing_is_lost(page, unit, worker, sign_in, assert_accessible):
    case = waiting_for_reply(unit, worker)
    page.emulate_media(color_scheme="dark")
    page.goto(page_of(case))
    expect(page.get_by_role("heading", name=case.title)).to_be_visible()
    assert_accessible(page)
