"""What people want becomes a session: chosen in the planner, announced, registered for
before the others by the link of the mail, and held, with what is left of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.models import Material
from events.models import Registration, Session
from tests.browser.signing_in import sign_in
from tests.factories import a_series, a_session
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_worker
from tests.factories.pages import a_home, a_series_page, a_topic
from tests.factories.proposals import an_open_one
from workflows.proposals import early, holding, supporting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1280, 320)


def test_what_people_want_becomes_a_session_that_they_enter_first(
    page: Page, live_server: Any, look: Any
):
    cache.clear()
    series = a_series(title="Dijous GOmunicipal", early=True)
    a_series_page(a_home(), series)
    in_three_days = timezone.localtime() + timedelta(days=3)
    # A draft is held at the hours of the last one, and none goes over midnight.
    a_session(20, series=series, starts=in_three_days.replace(hour=10))
    transparency = a_topic("Transparència activa")
    wanted, other = (
        an_open_one(series=series, title=title, topic=transparency)
        for title in ("Contractes menors pas a pas", "Publicar els convenis")
    )
    member = acting(a_town("Vila")).user
    supporting.support(wanted, member, shares=True)

    sign_in(page.context, a_worker(series.unit), live_server.url)
    page.goto("/admin/")
    page.get_by_role("link", name="Planificador").click()
    look("board", *WIDTHS)
    page.get_by_role("button", name="Continua").click()
    expect(page.get_by_text("Trieu almenys una proposta.")).to_be_visible()
    look("missing", *WIDTHS)
    for proposal in (wanted, other):
        page.get_by_label(proposal.title, exact=True).check()
    page.locator("[name=target][id^=day]").nth(1).check()
    page.get_by_role("button", name="Continua").click()
    look("draft", *WIDTHS)
    page.get_by_role("button", name="Continua").click()
    expect(page.get_by_text("S’avisaran 3 persones")).to_be_visible()
    look("confirm", *WIDTHS)
    page.get_by_role("button", name="Fes l’esborrany").click()
    expect(page.get_by_label("Què tracta").get_by_text(other.title)).to_be_visible()
    look("planned", *WIDTHS)
    treated = page.get_by_label("Què tracta").get_by_role("listitem")
    treated.filter(has_text=other.title).get_by_role("link").click()
    look("take-out", *WIDTHS)
    page.get_by_role("button", name="Treu-la").click()
    expect(page.get_by_label(other.title, exact=True)).to_be_visible()

    wanted.refresh_from_db()
    opens = timezone.now() + timedelta(days=2)
    Session.objects.filter(pk=wanted.session_id).update(opens=opens)
    page.goto(reverse("sessions:announce", args=[wanted.session_id]))
    look("announce", *WIDTHS)
    page.get_by_role("button", name="Sí, anuncia-la").click()
    page.context.clear_cookies()

    link = reverse("early_place", args=[early.asker_of(wanted.pk, member.email).token])
    page.goto(link)
    look("early", *WIDTHS)
    page.get_by_role("button", name="Inscriu-m’hi").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ja hi teniu plaça")
    assert Registration.objects.get().user == member
    page.goto(link)
    look("early-done", *WIDTHS)

    ends = timezone.now() - timedelta(hours=1)
    held = Session.objects.filter(pk=wanted.session_id)
    held.update(starts=ends - timedelta(hours=1), ends=ends)
    held.get().materials.create(
        kind=Material.Kind.RECORDING,
        title="La sessió sencera",
        url="https://video.example/1",
    )
    assert holding.hold_due(10) == 1
    page.goto(f"/ca/proposals/{wanted.case.number}/")
    expect(page.get_by_role("link", name="La sessió sencera")).to_be_visible()
    look("held", *WIDTHS)
