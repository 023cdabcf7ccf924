"""A comment, by clicking: somebody writes it, the team looks at it and shows it, and
hides another."""

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_worker
from tests.factories.pages import a_home
from tests.factories.proposals import a_comment, a_member, an_open_one
from workflows.proposals import commenting, supporting

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_written_is_looked_at_and_then_read_by_everybody(
    page: Page, live_server: Any, look: Any, width: int
):
    cache.clear()
    a_home()
    proposal = an_open_one(title="Contractes menors: què es publica")
    worker = a_worker(proposal.case.unit)
    pau = acting(a_town("Ajuntament de Rubí")).user
    a_comment(proposal, a_member(name="Un altre"), "Compreu productes aquí.")
    commenting.add(proposal.case, "També per als consells comarcals.")
    supporting.support(proposal, pau)
    support = proposal.supports.get()
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"/c/{proposal.case.token}/")
    page.get_by_role("link", name="Afegiu-hi alguna cosa").click()
    look("add")
    page.goto(f"/f/proposal/{support.token}/")
    look("mute")
    page.get_by_role("button", name="No me n’aviseu més").click()
    look("muted")

    address = f"/ca/proposals/{proposal.case.number}/"
    sign_in(page.context, pau, live_server.url)
    page.goto(address)
    page.get_by_role("button", name="Envia el comentari").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("wrong")
    page.get_by_label("El vostre comentari").fill("Nosaltres ho fem cada trimestre.")
    page.get_by_role("button", name="Envia el comentari").click()
    expect(page.get_by_text("L’equip se’l mira primer")).to_be_visible()
    page.get_by_label("Què heu fet?").fill("Un full de càlcul per a tothom")
    page.get_by_role("button", name="Ofereix-ho").click()
    expect(page.get_by_role("button", name="Retira l’oferiment")).to_be_visible()
    look("written")

    page.context.clear_cookies()
    sign_in(page.context, worker, live_server.url)
    page.goto("/admin/proposals/comments/")
    look("comments")
    page.get_by_role("link", name="Compreu productes").click()
    page.get_by_label("Per què s’amaga").fill("És publicitat.")
    look("comment")
    page.get_by_role("button", name="Amaga’l").click()
    expect(page.get_by_text("S’avisarà 1 persona")).to_be_visible()
    look("hide")
    page.get_by_role("button", name="Amaga’l").click()
    page.get_by_role("link", name="Nosaltres ho fem").click()
    page.get_by_role("button", name="Mostra’l a tothom").click()
    page.get_by_role("button", name="Mostra’l a tothom").click()
    expect(page.get_by_text("No hi ha res que esperi.")).to_be_visible()

    page.context.clear_cookies()
    page.goto(address)
    expect(page.get_by_text("Nosaltres ho fem cada trimestre.")).to_be_visible()
    expect(page.get_by_text("Compreu productes")).to_have_count(0)
    look("read")
