"""The page of a body for its people, and that for everybody, in a browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page

from community.acting import publicity
from community.models import LocalBody
from events.models import Session
from tests.browser.signing_in import lend
from tests.factories import a_body, a_registration, a_session
from tests.factories.acting import a_town, acting, an_office, asking, representing
from tests.factories.cases import a_consultation, a_unit
from tests.factories.catalogue import a_catalogue, a_resource
from tests.factories.pages import a_home
from tests.workflows.membership.test_public import of
from workflows.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADA = "ada.puig.ferrer@palautordera.example"


def a_full_town() -> LocalBody:
    """One with something of everything."""
    town = a_body("Santa Maria de Palautordera", comarca="Vallès Oriental")
    team = a_unit("Transparència i dret d’accés")
    team.email = "transparencia.i.dret.d.acces@house.example"
    team.save()
    acting(town, email=ADA, name="Ada Puig i Ferrer")
    other = acting(a_town("Consell Comarcal del Vallès Oriental"), email=ADA)
    assert other.user.email == ADA
    people = {"body": town, "body_text": ""}
    coming = a_session(title="Obertura de dades i orientació a la dada")
    a_registration(coming, ADA, name="Ada Puig i Ferrer", **people)
    a_registration(coming, "enric@somewhere.example", **people)
    past = a_session(title="Publicitat activa: què, com i quan")
    for number in range(6):
        a_registration(past, f"p{number}@somewhere.example", **people)
    ends = timezone.now() - timedelta(days=20)
    Session.objects.filter(pk=past.pk).update(
        starts=ends - timedelta(hours=1), ends=ends
    )
    asked = {"body": town, "on_behalf": True, "name": "Ada Puig i Ferrer"}
    a_consultation(title="Publicar les actes del ple", email=ADA, **asked)
    cases.finish(a_consultation(title="Un pla de dades", **asked), "answered")
    asking(town, email="dora@somewhere.example", name="Dora Sala")
    a_resource(name="Gestió de la transparència municipal", unit=team)
    return town


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_the_pages_of_a_body_are_for_everybody(
    page: Page, live_server: Any, assert_accessible: Any, width: int, language: str
):
    cache.clear()
    a_catalogue(a_home())
    an_office()
    town = a_full_town()
    boss = representing(town, name="Berta Roca")
    page.set_viewport_size({"width": width, "height": 900})
    lend(page.context, of(boss), live_server.url)

    def look(name: str, *args: str) -> None:
        with translation.override(language):
            address = reverse(name, args=args)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert_accessible(page)

    for name in ("my_body", "body_sessions", "body_cases", "body_publicity"):
        look(name, town.code)
    look("my_body", a_bare_town_of(boss).code)
    publicity.show(town, True, by=boss.user)
    look("public_body", town.code)
    look("public_bodies")
    page.context.clear_cookies()
    lend(page.context, of(acting(town, email=ADA)), live_server.url)
    for name, *args in (("ask",), ("register", a_session().code)):
        look(name, *args)
        page.locator("[name=own_body][value='-']").check()
        assert page.locator("[name=body]").is_visible()
        page.get_by_label(town.name, exact=True).check()
        assert page.locator("[name=body]").is_hidden(), "she has said which one"


def a_bare_town_of(boss: Any) -> LocalBody:
    town = a_town("Una vila sense res")
    representing(town, boss.user.email)
    return town
