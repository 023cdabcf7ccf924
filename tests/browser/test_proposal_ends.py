"""The ends of a proposal besides a session: the office decides it in the browser, who
proposed it withdraws it, and everybody reads what came of it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in
from tests.factories import a_series
from tests.factories.cases import a_worker, open_task
from tests.factories.pages import a_home, a_topic
from tests.factories.proposals import an_open_one
from workflows.proposals.models import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (320, 1280)


def test_a_proposal_comes_to_each_other_end_and_everybody_reads_which(
    page: Page, live_server: Any, look: Any
):
    cache.clear()
    a_home()
    series, topic = a_series(title="Dijous"), a_topic("Transparència activa")
    worker = a_worker(series.unit, language="ca")
    titles = ("Què es publica", "Publicar actes", "Bústia ètica", "Agenda", "Codi ètic")
    declined, answered, merged, withdrawn, into = (
        an_open_one(series=series, topic=topic, title=title) for title in titles
    )

    def decide(proposal: Proposal, decision: str, **said: str) -> None:
        number = proposal.case.number
        task = open_task(proposal.case)
        page.goto(reverse("cases:step", args=[number, task.pk]))
        page.locator(f"[name=decision][value={decision}]").check()
        for name, words in said.items():
            page.locator(f"[name={name}]").fill(words)
        page.locator("main form[data-keep] button[type=submit]").click()
        page.locator("[name=confirm]").click()
        page.wait_for_url(lambda url: "/steps/" not in url)

    sign_in(page.context, worker, live_server.url)
    decide(declined, "decline", text="És d’un sol ens.")
    decide(answered, "answer", text="Sí, senceres.", link="https://a.example/actes")
    decide(merged, "merge", into=into.case.number)
    page.goto(reverse("proposal_figures:index"))
    look("staff-figures", *WIDTHS)

    page.goto(withdrawn.get_absolute_url())
    page.locator("[name=text]").fill("Massa tard.")
    tab = page.context.new_page()
    tab.goto(f"/c/{withdrawn.case.token}/")
    tab.get_by_role("link", name="Retira").click()
    tab.get_by_role("button", name="Sí, retira").click()
    tab.wait_for_url(lambda url: "/withdraw/" not in url)
    tab.close()
    page.get_by_role("button", name="Envia el comentari").click()
    expect(page.get_by_text("Massa tard.")).to_be_visible()
    look("end-too-late", *WIDTHS)

    page.context.clear_cookies()
    assert page.goto(withdrawn.get_absolute_url()).status == 404

    for proposal, words in (
        (declined, "És d’un sol ens."),
        (answered, "Sí, senceres."),
        (merged, "Continua en una altra"),
    ):
        page.goto("/ca/proposals/")
        page.get_by_role("link", name=proposal.title).click()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.locator("[name=shares]")).to_have_count(0)
        look(f"end-{proposal.title}", *WIDTHS)

    page.goto("/ca/proposals/figures/")
    for title in titles[:3]:
        expect(page.get_by_role("link", name=title)).to_be_visible()
    expect(page.get_by_role("link", name=titles[3])).to_have_count(0)
    page.locator("details:not([open]) > summary").first.click()
    look("figures", *WIDTHS)
    page.goto("/ca/proposals/")
    look("list", *WIDTHS)
