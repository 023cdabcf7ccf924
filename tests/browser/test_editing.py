"""The editor's screens in a browser: whether everybody can use them, and what happens
to a half written page when one is signed out or is not alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session as SignIn
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from wagtail.models import Page as WagtailPage

from cms.models import Review, SectionPage
from community.models import User
from tests.browser.faults import Watch, faults
from tests.browser.signing_in import sign_in
from tests.factories import a_user
from tests.factories.pages import a_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def an_editor(name: str = "Ada Puig") -> User:
    editor = a_user(name=name)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


@pytest.fixture
def section(site_url: str) -> SectionPage:
    home = a_home()
    section = SectionPage(
        title="Avís legal", slug="avis", lead="Qui som.", locale=home.locale
    )
    home.add_child(instance=section)
    section.save_revision().publish()
    return SectionPage.objects.get()


@pytest.fixture
def editor(section: SectionPage, context: BrowserContext, site_url: str) -> User:
    """Whoever looks after the page, which is to be looked at again; signed in."""
    editor = an_editor()
    WagtailPage.objects.filter(pk=section.pk).update(owner=editor)
    Review.objects.update(by=timezone.localdate() - timedelta(days=1))
    sign_in(context, editor, site_url)
    return editor


def edit(page: Page, section: SectionPage) -> None:
    page.goto(reverse("wagtailadmin_pages:edit", args=[section.pk]))
    # Wagtail takes what stands there two seconds later for what it found.
    page.wait_for_timeout(2500)


def write(page: Page, words: str) -> None:
    """And wait until the editor has tried to save it by itself."""
    with page.expect_response(lambda answer: answer.url.endswith("/edit/")):
        page.get_by_role("textbox", name="Entradeta").fill(words)


def latest(section: SectionPage) -> str:
    return SectionPage.objects.get().get_latest_revision_as_object().lead


# Everybody ----------------------------------------------------------------------------


def test_what_is_to_be_reviewed_is_for_everybody(editor, page, site_url):
    watch = Watch(page, site_url)
    found = []

    for path in (reverse("reviews:index"), reverse("wagtailadmin_home")):
        page.goto(path)
        done = page.get_by_role("button", name="Revisada, cap canvi : Avís legal")
        expect(done).to_be_visible()
        found += [f"{path}: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


def test_one_click_on_the_first_screen_is_enough(editor, page):
    page.goto(reverse("wagtailadmin_home"))

    page.get_by_role("button", name="Revisada, cap canvi").click()

    expect(page.get_by_text("«Avís legal» es tornarà a revisar")).to_be_visible()
    expect(page.get_by_text("Les vostres pàgines per revisar")).to_have_count(0)
    assert Review.objects.get().by == timezone.localdate() + timedelta(days=365)


# Checks while writing -----------------------------------------------------------------


def test_wagtails_checks_work_under_our_policy_in_the_admin_and_on_the_site(
    editor, section, page
):
    edit(page, section)
    page.get_by_role("button", name="Commutar marques").click()
    checks = page.locator("[data-side-panel='checks']")
    expect(checks.locator("[data-content-word-count]")).to_have_text("7")

    page.goto(section.url)
    bar = page.locator("wagtail-userbar")
    bar.locator("#wagtail-userbar-trigger").click()
    expect(bar.get_by_role("menuitem", name="Edita aquesta pàgina")).to_be_visible()
    found = bar.get_by_role("menuitem", name="Incidències trobades")
    expect(found).to_contain_text("0")


# Signed out, and not alone ------------------------------------------------------------


def test_who_is_signed_out_while_writing_signs_in_elsewhere_and_loses_nothing(
    editor, section, page, context, site_url
):
    edit(page, section)
    write(page, "Primer.")
    SignIn.objects.all().delete()

    write(page, "Primer i segon.")
    expect(page.get_by_text("Se us ha tancat la sessió")).to_be_visible()
    # Signing in gives another token against forgery.
    sign_in(context, editor, site_url)
    token = {"name": "csrftoken", "value": "n" * 32, "url": site_url}
    context.add_cookies([token])
    write(page, "Primer, segon i tercer.")
    expect(page.get_by_text("Se us ha tancat la sessió")).to_be_hidden()
    page.get_by_role("button", name="Desa esborrany").click()
    expect(page.get_by_text("Pàgina 'Avís legal' ")).to_be_visible()

    assert latest(section) == "Primer, segon i tercer."


def test_two_who_edit_a_page_at_once_are_told_of_each_other(
    editor,
    section,
    page,
    site_url,
    new_context: Callable[..., BrowserContext],
):
    other = new_context()
    sign_in(other, an_editor("Berta Soler"), site_url)
    edit(page, section)
    theirs = other.new_page()
    edit(theirs, section)

    others = theirs.locator(".w-editing-sessions__list")
    expect(others.get_by_role("listitem")).to_have_count(1)
    write(theirs, "De la Berta.")
    write(page, "De l’Ada.")

    warning = page.get_by_text("Desar sobreescriurà una nova versió")
    expect(warning.first).to_be_visible()
    assert latest(section) == "De la Berta."
