"""The staff mend what stands still, in Catalan, on a desk and on a telephone."""

import pytest
from django.urls import reverse

from community.work.rows import Permanent
from tests.browser.signing_in import sign_in
from tests.factories.cases import a_consultation, a_unit, a_worker, open_task, sorted_to
from workflows.engine import desk, jobs, paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_each_trouble_is_readable_and_mended_with_a_button(
    page, live_server, monkeypatch, assert_accessible, width
):
    def fail(template: str, told: dict) -> bytes:
        raise Permanent("…")

    unit = a_unit()
    me, leaver = a_worker(unit, language="ca"), a_worker(unit, name="Berta Soler")
    with monkeypatch.context() as patch:
        patch.setattr(paper, "set_pdf", fail)
        broken, stuck = a_consultation(unit), sorted_to(unit)
        jobs.run_due(10)
    desk.claim(open_task(stuck), leaver)
    leaver.unit_memberships.all().delete()
    sign_in(page.context, me, live_server.url)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(reverse("cases:problems"))
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    page.get_by_role("button", name="Torna’l a la cua").click()
    for left in (1, 0):
        page.get_by_role("button", name="Torna-ho a provar").first.click()
        page.wait_for_load_state()
        assert page.get_by_role("button", name="Torna-ho a provar").count() == left
    jobs.run_due(10)

    page.goto(reverse("cases:case", args=[broken.number]))
    assert_accessible(page)
    assert page.get_by_text("S’ha fet el justificant").count() == 1
    assert page.get_by_text("Provat una altra vegada").count() == 1
