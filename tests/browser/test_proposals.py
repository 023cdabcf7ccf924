"""A topic, played by those who have a part in it: who proposes it, who supports it, and
the office, until the session that treats it was held."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.models import Session
from tests.browser.signing_in import sign_in
from tests.factories import a_series, a_session
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_worker
from tests.factories.pages import a_home, a_series_page, a_topic
from tests.factories.proposals import an_open_one, decided
from workflows.proposals import holding
from workflows.proposals.models import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_proposal_goes_from_a_doubt_to_a_session_that_was_held(
    page: Page,
    live_server: Any,
    look: Any,
    work: Any,
    width: int,
):
    cache.clear()
    series = a_series(title="Dijous GOmunicipal")
    series_page = a_series_page(a_home(), series)
    session = a_session(series=series, title="Contractes menors, pas a pas")
    an_open_one(
        series=series,
        topic=a_topic("Transparència activa"),
        title="Contractes menors: què es publica",
    )
    work()
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(series_page.url)
    look("series")
    page.get_by_role("link", name="Proposa un tema").click()
    title = page.get_by_label("En poques paraules")
    title.press_sequentially("Contractes menors cada trimestre")
    # While one is still writing.
    expect(page.locator("[data-similar] a").first).to_be_visible()
    expect(title).to_be_focused()
    page.get_by_label("Què voleu saber?").fill("Cada quan s’han de publicar?")
    page.locator("[name=name]").fill("Ada Puig")
    page.locator("[name=email]").fill("ada@council.example")
    look("propose")
    # Without the script it is shown before anything is sent.
    page.locator("[data-similar] input").evaluate_all(
        "all => all.forEach(one => { one.disabled = true })"
    )
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Envia la proposta").click()
    expect(page.get_by_text("Encara no s’ha enviat res")).to_be_visible()
    assert Proposal.objects.count() == 1
    look("similar")
    page.get_by_role("button", name="Envia-la igualment").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Tenim la vostra proposta"
    )
    look("proposed")

    proposal = Proposal.objects.latest("pk")
    worker = a_worker(series.unit)
    decided(proposal, "publish", worker)
    sign_in(page.context, acting(a_town("Vila")).user, live_server.url)
    page.goto("/ca/proposals/")
    look("list")
    page.get_by_role("link", name=proposal.title).click()
    look("page")
    page.get_by_label("Podria explicar").check()
    page.get_by_role("button", name="Dona-hi suport").click()
    expect(page.get_by_text("1 persona la vol, de 1 ens")).to_be_visible()
    look("supported")

    page.goto(f"/c/{proposal.case.token}/")
    look("own")
    page.context.clear_cookies()
    sign_in(page.context, worker, live_server.url)
    page.goto(f"/admin/cases/{proposal.case.number}/")
    decided(proposal, "shortlist", worker)
    decided(proposal, "plan", worker, session=session.pk)
    ends = timezone.now() - timedelta(hours=1)
    Session.objects.update(starts=ends - timedelta(hours=1), ends=ends)
    assert holding.hold_due(10) == 1
    decided(proposal, "answer", worker, text="Cada trimestre, com a mínim.")
    page.goto(f"/ca/proposals/{proposal.case.number}/")
    expect(page.get_by_text("Cada trimestre, com a mínim.")).to_be_visible()
    expect(
        page.get_by_role("link", name="Contractes menors, pas a pas")
    ).to_be_visible()
    look("answered")
