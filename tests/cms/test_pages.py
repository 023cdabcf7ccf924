"""The public pages: what they show, and at what price."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from cms.models import Material, Speaker
from events import sessions
from events.models import Session
from tests.factories import a_registration, a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page, an_agenda

BUDGET = 12

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    for each in caches.all():
        each.clear()


class Place:
    """A site with one series and one session, and their pages."""

    def __init__(self) -> None:
        self.home = a_home()
        self.series = a_series(title="Dijous GOmunicipal")
        self.session = a_session(30, series=self.series)
        self.series_page = a_series_page(self.home, self.series)
        self.session_page = a_session_page(self.series_page, self.session)
        self.agenda = an_agenda(self.home)

    def fill(self, rows: int) -> None:
        """As many sessions to come and past, with pages, people and materials."""
        for number in range(rows):
            days = number + 1 if number % 2 else -number - 1
            starts = timezone.now() + timedelta(days=days)
            session = a_session(30, series=self.series, starts=starts)
            Material.objects.create(session=session, title="Guia", url="https://a.cat/")
        Speaker.objects.create(session=self.session, name="Persona Que Parla")
        Material.objects.create(session=self.session, title="G", url="https://a.cat/")
        for _ in range(5):
            a_registration(self.session)


@pytest.mark.parametrize("rows", [1, 500])
@pytest.mark.parametrize("which", ["home", "series_page", "session_page", "agenda"])
def test_a_page_asks_the_database_no_more_with_more_rows(
    which, rows, client: Client, settings, django_assert_max_num_queries
):
    settings.REMEMBERED_SECONDS = 60
    place = Place()
    place.fill(rows)
    address = getattr(place, which).url
    # Somebody we know: the others get the page that is kept.
    client.force_login(a_user())
    client.get(address)

    with django_assert_max_num_queries(BUDGET):
        response = client.get(address)

    assert response.status_code == 200
    assert len(response.content) < 150_000


def test_the_address_of_a_session_leads_to_its_page(client: Client):
    place = Place()

    response = client.get(f"/s/{place.session.code}/")

    assert response.status_code == 302
    assert response.url == place.session_page.url


def test_a_session_without_page_is_shown_all_the_same(client: Client):
    a_home()
    session = a_session(30, title="Sense pàgina")

    response = client.get(f"/s/{session.code}/")

    assert response.status_code == 200
    assert "Sense pàgina" in response.text


def test_a_draft_is_nobodys_business(client: Client):
    place = Place()
    draft = a_session(30, series=place.series, state=Session.State.DRAFT, title="Z9")

    for address in (
        f"/s/{draft.code}/",
        f"/ca/s/{draft.code}/register/",
        f"/cal/ca/s/{draft.code}.ics",
    ):
        assert client.get(address, follow=True).status_code == 404
    for page in (place.home, place.series_page, place.agenda):
        assert "Z9" not in client.get(page.url).text
    assert "Z9" not in client.get("/cal/ca.ics").text


def test_what_is_not_listed_is_found_by_its_address_alone(client: Client):
    place = Place()
    hidden = a_session(30, series=place.series, listed=False, title="Z9")

    for page in (place.home, place.series_page, place.agenda):
        assert "Z9" not in client.get(page.url).text
    assert "Z9" not in client.get("/cal/ca.ics").text
    assert "Z9" in client.get(f"/s/{hidden.code}/").text


def test_publishing_copying_or_taking_away_a_page_never_changes_the_session():
    place = Place()
    before = Session.objects.values().get(pk=place.session.pk)

    place.session_page.title = "Un altre títol"
    place.session_page.save_revision().publish()
    place.session_page.copy(update_attrs={"slug": "copia"})
    place.session_page.unpublish()
    place.session_page.delete()

    assert Session.objects.values().get(pk=place.session.pk) == before


def test_the_menu_follows_what_editors_publish(client: Client):
    place = Place()
    assert "Dijous GOmunicipal" in client.get(place.home.url).text

    place.series_page.title = "Dijous de tothom"
    place.series_page.save_revision().publish()

    assert "Dijous de tothom" in client.get(place.agenda.url).text


def test_the_agenda_chooses_by_what_is_asked_and_ignores_nonsense(client: Client):
    place = Place()
    a_session(30, title="En persona", format="in_person", place="Vic")

    chosen = client.get(place.agenda.url, {"format": "in_person"})
    nonsense = client.get(
        place.agenda.url, {"format": "odd", "series": "x" * 9000, "page": "-1"}
    )

    assert "En persona" in chosen.text
    assert "Dades obertes" not in chosen.text
    assert "Dades obertes" in nonsense.text


def test_the_scheme_is_remembered_in_a_cookie_and_by_nobody_else(client: Client):
    place = Place()

    response = client.post("/scheme/", {"scheme": "dark", "next": place.home.url})
    away = client.post("/scheme/", {"scheme": "x", "next": "https://elsewhere.cat/"})

    assert response.url == place.home.url
    assert response.cookies["scheme"].value == "dark"
    assert away.url == "/"


def test_a_feed_has_every_listed_session_and_nobody(client: Client):
    place = Place()
    gone = a_session(30, series=place.series, title="Anul·lada")
    a_registration(gone, "maria@council.example", name="Maria")
    sessions.cancel(gone)

    response = client.get(f"/cal/ca/{place.series.code}.ics")
    events = Calendar.from_ical(response.content).events

    assert {str(event["SUMMARY"]): str(event["STATUS"]) for event in events} == {
        "Dades obertes": "CONFIRMED",
        "Anul·lada": "CANCELLED",
    }
    for word in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"maria", b"/j/"):
        assert word not in response.content


def test_a_feed_that_has_not_changed_is_not_sent_again(client: Client):
    place = Place()
    first = client.get("/cal/ca.ics")
    known = {"HTTP_IF_NONE_MATCH": first["ETag"]}

    assert client.get("/cal/ca.ics", **known).status_code == 304

    starts = place.session.starts + timedelta(days=1)
    sessions.move(place.session, starts=starts, ends=starts + timedelta(hours=1))
    assert client.get("/cal/ca.ics", **known).status_code == 200


@pytest.mark.parametrize(
    "address", ["/cal/xx.ics", "/cal/ca/no-such.ics", "/cal/ca/s/no-such.ics", "/s/no/"]
)
def test_what_does_not_exist_is_not_found(address, client: Client):
    a_home()

    assert client.get(address, follow=True).status_code == 404


@pytest.mark.parametrize("address", ["/ca/", "/es/", "/ca/account/login/", "/r/x/"])
def test_no_page_asks_for_anything_from_elsewhere(address, client: Client):
    a_home()

    response = client.get(address, follow=True)

    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    # Whose players may stand in a frame, tests/cms/test_blocks.py says.
    rest = [part for part in policy.split("; ") if not part.startswith("frame-src")]
    for forbidden in ("unsafe", "nonce", "http"):
        assert forbidden not in "; ".join(rest)
    assert not any(
        word in response.text for word in ('src="http', " style=", "onclick", "<style")
    )
