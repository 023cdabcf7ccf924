"""Whoever has shown that an address is theirs finds all they registered for, their own
calendar of it, and forms that know them; nobody else does."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar
from playwright.sync_api import Page, expect

from cms.models import Material
from community.models import Message, User
from community.privacy import accounts, departures, links
from community.privacy.register import entries
from community.running.logs import redact
from events import personal_feed, registrations, sessions
from events.models import PersonalFeed, Registration, Session
from tests.browser.faults import Watch, faults
from tests.browser.keyboard import press
from tests.browser.signing_in import lend
from tests.factories import (
    a_body,
    a_registration,
    a_session,
    a_user,
    in_two_weeks,
)
from tests.factories.pages import a_home, an_agenda
from tests.together import together

ADA = "ada@council.example"
PERSON = Registration.Reason.PERSON
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet() -> None:
    cache.clear()


@pytest.fixture
def remembered(settings) -> Iterator[None]:
    """Pages are kept, as on a site that runs."""
    settings.REMEMBERED_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def url(name: str, *args: Any, language: str = "ca") -> str:
    with override(language):
        return reverse(name, args=args)


MINE, CALENDAR = url("my_registrations"), url("my_calendar")


def proven(address: str = ADA, kind: str = "my_registrations") -> Client:
    """A browser that has opened a link mailed to `address`."""
    row = Message.objects.create(kind=kind, recipient=address, language="ca")
    client = Client()
    client.post(links.link_in(row).removeprefix("http://testserver"))
    return client


def signed_in(work: Callable[[], None], mails: Any, address: str = ADA) -> Client:
    """A browser in which the code sent to `address` was written."""
    client = Client()
    client.post(url("account_login"), {"login": address})
    work()
    bodies = [mail.get_body(("plain",)) for mail in mails.mails_to(address)]
    text = "".join(body.get_content() for body in bodies)
    code = re.search(r"^\s*([0-9A-Z]{3,}-[0-9A-Z]{3,})\s*$", text, re.MULTILINE)[1]
    client.post(url("account_confirm_login_code"), {"code": code})
    return client


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def part(answer: HttpResponse, label: str) -> str:
    """The words of the section that `label` names."""
    html = answer.content.decode()
    section = html.partition(f'aria-labelledby="{label}"')[2].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", section)).split())


def titled(title: str, **values: Any) -> Session:
    return a_session(title={"ca": title}, **values)


def held(session: Session, days: int = 3) -> None:
    starts = timezone.now() - days * DAY
    Session.objects.filter(pk=session.pk).update(starts=starts, ends=starts + HOUR)


# The way in --------------------------------------------------------------------------


def test_who_has_shown_nothing_is_asked_and_the_answer_is_the_same_for_all():
    a_registration(titled("Dades obertes"), ADA)

    assert "Dades obertes" not in words(Client().get(MINE))
    known = Client().post(MINE, {"email": ADA})
    unknown = Client().post(MINE, {"email": "nobody@council.example"})

    assert known.status_code == unknown.status_code == 200
    assert words(unknown).replace("nobody@council.example", ADA) == words(known)


def test_a_mailed_link_leads_to_the_registrations_by_a_button(smtp_server, work):
    a_registration(titled("Dades obertes"), ADA)
    Client().post(MINE, {"email": ADA})
    work()
    text = "".join(
        mail.get_body(("plain",)).get_content() for mail in smtp_server.mails_to(ADA)
    )
    link = re.findall(r"http://testserver(/\w+/my-data/open/\S+)", text)[-1]
    client = Client()

    assert "Dades obertes" not in words(client.get(link))
    assert "Dades obertes" not in words(client.get(MINE))
    opened = client.post(link)

    assert opened.url == MINE
    assert "Dades obertes" in words(client.get(MINE))
    # The same proof opens the rest that is the address's own, and is closed with it.
    assert client.get(url("my_data_download")).status_code == 200
    client.post(url("my_data_close"))
    assert "Dades obertes" not in words(client.get(MINE))


def test_who_comes_by_the_mailed_link_has_an_account_in_use(time_machine):
    a_user(email=ADA, is_staff=False)
    a_user(email="gone@council.example", is_staff=False)
    time_machine.move_to(timezone.now() + timedelta(days=729))
    proven(ADA)
    time_machine.shift(timedelta(days=10))

    assert accounts.erase_unused(timezone.now(), 10) == 1
    assert User.objects.filter(email=ADA, erased=None).exists()


def test_the_link_is_kept_nowhere_and_of_no_use_when_late(smtp_server, work):
    smtp_server.down()
    Client().post(MINE, {"email": ADA})
    Message.objects.update(created=timezone.now() - 2 * HOUR)
    smtp_server.up()
    Message.objects.update(next_try=timezone.now())
    work()

    row = Message.objects.get(kind="my_registrations")
    assert (row.state, row.mime, row.subject) == (Message.State.DROPPED, None, "")


def test_signing_in_opens_the_registrations_of_the_address_the_code_went_to(
    smtp_server, work
):
    user = a_user(email=ADA, name="Ada Puig", is_staff=False)
    a_registration(titled("Dades obertes"), "ADA@council.example")
    a_registration(titled("Bon govern"), "mar@council.example")
    client = signed_in(work, smtp_server)

    page = words(client.get(MINE))
    assert "Dades obertes" in page
    assert "Bon govern" not in page

    # Being signed in is not enough: a code must have gone to the address.
    in_without_a_code = Client()
    in_without_a_code.force_login(user)
    assert "Dades obertes" not in words(in_without_a_code.get(MINE))
    # Whoever gives the account another's address does not give it the other's places.
    User.objects.filter(email=ADA).update(email="mar@council.example")
    assert "Bon govern" not in words(client.get(MINE))


def test_who_has_an_account_finds_what_is_theirs_under_their_name(remembered):
    home = a_home()
    client = Client()
    client.force_login(a_user(email=ADA, name="Ada Puig", is_staff=False))

    html = client.get(home.url).text
    header = html.partition("<header")[2].partition("</header>")[0]

    assert "Ada Puig" in header
    for name in ("my_registrations", "my_data", "account_logout"):
        assert f'href="{url(name)}"' in header
    assert reverse("wagtailadmin_home") not in header
    # Nobody else gets it from memory.
    for _each in range(2):
        assert "Ada Puig" not in Client().get(home.url).text


# What is shown -----------------------------------------------------------------------


def test_what_is_coming_is_said_in_words_with_the_next_first():
    now = in_two_weeks()
    later = titled("Més tard", starts=now + 5 * DAY)
    soon = titled("Aviat", starts=now)
    full = titled("Plena", places=1, starts=now + DAY)
    approved = titled("Amb aprovació", approval=True, starts=now + 2 * DAY)
    put_off = titled("Ajornada", starts=now + 3 * DAY)
    a_registration(full)
    a_registration(full)
    for session in (later, soon, full, approved, put_off):
        a_registration(session, ADA)
    sessions.postpone(put_off, {"ca": "Vaga"})

    coming = part(proven().get(MINE), "coming")

    in_order = ["Aviat", "Plena", "Amb aprovació", "Més tard", "Ajornada"]
    assert sorted(in_order, key=coming.index) == in_order
    assert "Ja hi teniu plaça" in coming
    assert "Número 2 de la llista d’espera" in coming
    assert "Pendent d’aprovació" in coming
    assert "Ajornada" in coming


def test_the_door_is_there_from_a_quarter_of_an_hour_before_until_the_end(time_machine):
    session = titled("Dades obertes", format="hybrid", capacity_in_person=5)
    mine = a_registration(session, ADA)
    a_registration(session, "joan@council.example", mode="in_person")
    waiting = titled("Plena", places=1, starts=session.starts)
    a_registration(waiting)
    a_registration(waiting, ADA)
    # The links of an hour would not last.
    moments = {-16: False, -15: True, 59: True, 60: False}

    for minutes, is_open in moments.items():
        time_machine.move_to(session.starts + timedelta(minutes=minutes))
        html = proven().get(MINE).text
        door = reverse("enter", args=[mine.invitations.get().join_token])
        assert (door in html) is is_open, minutes
        assert html.count("/in/") == int(is_open), "of a place alone, and online"
        theirs = proven("joan@council.example").get(MINE).text
        assert "/in/" not in theirs


def test_the_door_is_that_of_the_entry_that_the_calendar_has_now(time_machine):
    session = titled("Dades obertes")
    mine = a_registration(session, ADA)
    old = mine.invitations.get()
    # As after a postponement.
    mine.invitations.update(withdrawn=True)
    new = mine.invitations.create()
    time_machine.move_to(session.starts)

    html = proven().get(MINE).text

    assert new.join_token in html
    assert old.join_token not in html


def test_past_ones_have_their_materials_and_cancelled_ones_are_folded():
    past, off, mine_off = titled("Passada"), titled("Anul·lada"), titled("Deixada")
    for session in (past, off, mine_off):
        a_registration(session, ADA)
    Material.objects.create(
        session=past, kind="recording", title="Gravació", url="https://v.example/1"
    )
    held(past)
    sessions.cancel(off, {"ca": "Vaga"})
    registrations.cancel(mine_off.registrations.get(), PERSON)

    answer = proven().get(MINE)

    assert "Passada" in part(answer, "past")
    assert "https://v.example/1" in answer.text
    folded = answer.text.partition('<details class="disclosure">')[2]
    folded = folded.partition("</details>")[0]
    for title in ("Anul·lada", "Deixada"):
        assert title in folded
        assert title not in part(answer, "coming") + part(answer, "past")
    assert "La sessió es va anul·lar" in folded
    assert "La vau anul·lar" in folded


def test_who_has_nothing_is_told_where_to_find_sessions():
    agenda = an_agenda(a_home())

    answer = proven().get(MINE)

    assert f'href="{agenda.url}"' in part_of_main(answer)
    assert 'id="calendar"' not in answer.text


def part_of_main(answer: HttpResponse) -> str:
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_a_place_is_given_up_from_the_list():
    mine = a_registration(titled("Dades obertes"), ADA)
    client = proven()

    ways = re.findall(r'href="(/r/[^"]+/cancel/)"', client.get(MINE).text)
    assert ways == [reverse("cancel_registration", args=[mine.token])]
    client.post(ways[0])

    mine.refresh_from_db()
    assert not mine.is_active
    assert "Dades obertes" not in part(client.get(MINE), "coming")


def test_a_long_past_is_shown_page_by_page():
    for number in range(45):
        session = titled(f"Sessió {number}.")
        a_registration(session, ADA)
        held(session, days=number + 1)
    client = proven()

    first, third = client.get(MINE), client.get(MINE, {"page": "3"})

    assert part(first, "past").count("Sessió") == 20
    assert "Sessió 0." in part(first, "past")
    assert "Pàgina 1 de 3" in part(first, "past")
    assert part(third, "past").count("Sessió") == 5
    assert "Sessió 44." in part(third, "past")
    assert client.get(MINE, {"page": "x"}).status_code == 200


def many(number: int) -> None:
    """So many registrations of Ada's: to come, waiting, past and cancelled."""
    series = a_session().series
    numbers = range(number)
    made = Session.objects.bulk_create(
        Session(
            code=f"many-{number}",
            series=series,
            title=f"Sessió {number}",
            starts=timezone.now() + (number % 4 - 2) * 30 * DAY + number * HOUR,
            ends=timezone.now() + (number % 4 - 2) * 30 * DAY + (number + 1) * HOUR,
            state=Session.State.ANNOUNCED,
        )
        for number in numbers
    )
    states = ["confirmed", "confirmed", "waiting", "cancelled", "confirmed"]
    rows = Registration.objects.bulk_create(
        Registration(
            session=session,
            email=ADA,
            name="Ada",
            mode="online",
            language="ca",
            arrival=1,
            state=states[number % 5],
        )
        for number, session in enumerate(made)
    )
    for row in rows[:3]:
        row.invitations.create()
        Material.objects.create(session=row.session, title="M", url="https://m.example")
    personal_feed.renew(ADA, "ca")


@pytest.mark.parametrize("number", [1, 500])
def test_it_asks_the_database_as_much_for_many_as_for_one(
    number, smtp_server, work, remembered
):
    an_agenda(a_home())
    a_user(email=ADA, name="Ada Puig", is_staff=False)
    many(number)
    client = signed_in(work, smtp_server)
    client.get(MINE)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(MINE)

    assert answer.status_code == 200
    assert len(asked) <= 13, "\n".join(query["sql"][:120] for query in asked)


# Forms that know who fills them in ---------------------------------------------------


def form_of(answer: HttpResponse) -> dict[str, str]:
    """What the fields of the form hold."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", part_of_main(answer)):
        kind, name, value = (
            (re.search(rf'\b{word}="([^"]*)"', tag) or ["", ""])[1]
            for word in ("type", "name", "value")
        )
        if kind not in ("radio", "checkbox") or " checked" in tag:
            fields[name] = unescape(value)
    return fields


def test_one_registers_in_two_clicks_with_ones_data_filled_in():
    a_registration(
        a_session(),
        ADA,
        name="Ada Puig",
        body=a_body("Vic"),
        body_text="",
        position="Tècnica",
        language="es",
        question="Com es fa?",
    )
    session = a_session()
    client = proven()

    # The first click opens the form, and the second sends it as it is.
    form = form_of(client.get(url("register", session.code)))
    assert client.post(url("register", session.code), form).status_code == 302

    mine = session.registrations.get()
    assert (mine.name, mine.email, mine.position) == ("Ada Puig", ADA, "Tècnica")
    assert (mine.body.name, mine.language, mine.question) == ("Vic", "es", "")


def test_what_is_filled_in_can_be_corrected_and_is_kept_when_it_is_wrong():
    a_registration(a_session(), ADA, name="Ada Puig", position="Tècnica")
    session = a_session()
    client = proven()
    form = form_of(client.get(url("register", session.code)))

    answer = client.post(
        url("register", session.code), {**form, "name": "", "position": "Cap"}
    )

    again = form_of(answer)
    assert (again["name"], again["position"]) == ("", "Cap")


def test_who_has_only_an_account_finds_its_name_and_language(smtp_server, work):
    a_user(email=ADA, name="Ada Puig", language="es", is_staff=False)
    client = signed_in(work, smtp_server)

    form = form_of(client.get(url("register", a_session().code)))

    assert (form["name"], form["email"]) == ("Ada Puig", ADA)
    assert form["language"] == "es"


def test_what_one_needed_before_is_asked_anew():
    needs = registrations.Needs(telephone=True, other="Seient a prop")
    a_registration(a_session(), ADA, needs=needs)

    answer = proven().get(url("register", a_session().code))

    assert "Seient a prop" not in answer.text
    assert "needs_consent" not in form_of(answer)


def test_who_is_registered_already_is_told_so_and_led_there():
    mine = a_registration(a_session(), ADA)

    answer = proven().get(url("register", mine.session.code))

    assert reverse("my_registration", args=[mine.token]) in part_of_main(answer)
    stranger = Client().get(url("register", mine.session.code))
    assert mine.token not in stranger.text


def test_nobody_is_shown_anothers_data_whoever_asked_before(remembered):
    a_home()
    a_registration(a_session(), ADA, name="Ada Puig", position="Tècnica")
    session = a_session()
    mine = proven()
    mine.force_login(a_user(email=ADA, name="Ada Puig", is_staff=False))
    places = [
        "/ca/",
        url("register", session.code),
        session.get_absolute_url(),
        MINE,
        url("register_group", session.code),
    ]

    for place in places:
        for _each in range(2):
            answer = mine.get(place, follow=True)
        # A cookie of somebody else's, that we do not know, is nobody.
        other = Client()
        other.cookies["sessionid"] = "x" * 32
        for client in (Client(), other, proven("mar@council.example")):
            page = client.get(place, follow=True).text
            assert ADA not in page, place
            assert "Ada Puig" not in page, place
            assert "Tècnica" not in page, place
        assert "Ada Puig" in answer.text, place
        if place not in ("/ca/", session.get_absolute_url()):
            assert "no-store" in answer["Cache-Control"], place
            assert "private" in answer["Cache-Control"], place


def test_what_is_of_one_person_is_found_by_no_search_and_kept_by_no_browser():
    a_registration(a_session(), ADA)

    for client in (Client(), proven()):
        answer = client.get(MINE)
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


# The personal calendar ----------------------------------------------------------------


def feed(address: str = ADA) -> str:
    """Where the calendar of `address` is, as it says itself."""
    answer = proven(address).get(MINE)
    found = re.search(r'value="http://testserver(/cal/me/[^"]+)"', answer.text)
    return found[1]


def turn_on(address: str = ADA) -> str:
    proven(address).post(CALENDAR, {"on": "1"})
    return feed(address)


def events(path: str) -> dict[str, Any]:
    """The entries of the calendar at `path`, by title."""
    octets = Client().get(path).content
    found = Calendar.from_ical(octets).walk("VEVENT")
    by_title = {str(event["SUMMARY"]): event for event in found}
    assert len(by_title) == len(found), "each session is there once"
    return by_title


def test_the_calendar_has_what_one_has_a_place_in_and_what_one_gave_up():
    coming, past, given_up = titled("Vindrà"), titled("Passada"), titled("Deixada")
    off, put_off, long_ago = titled("Anul·lada"), titled("Ajornada"), titled("Antiga")
    full = titled("Plena", places=1)
    a_registration(full)
    for session in (coming, past, given_up, off, put_off, long_ago, full):
        a_registration(session, ADA)
    a_registration(titled("D’una altra"), "mar@council.example")
    held(past)
    held(long_ago, days=366)
    registrations.cancel(given_up.registrations.get(), PERSON)
    sessions.cancel(off, {"ca": "Vaga"})
    sessions.postpone(put_off, {"ca": "Vaga"})

    found = events(turn_on())

    assert {title: str(event["STATUS"]) for title, event in found.items()} == {
        "Vindrà": "CONFIRMED",
        "Passada": "CONFIRMED",
        "Deixada": "CANCELLED",
        "Anul·lada": "CANCELLED",
        "Ajornada": "CANCELLED",
    }
    assert found["Vindrà"].decoded("DTSTART") == coming.starts


def test_who_gave_a_place_up_and_came_back_is_expected():
    session = titled("Dades obertes")
    registrations.cancel(a_registration(session, ADA), PERSON)
    path = turn_on()
    before = events(path)["Dades obertes"]

    a_registration(session, ADA)
    after = events(path)["Dades obertes"]

    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CANCELLED", "CONFIRMED")
    assert before["UID"] == after["UID"]
    assert after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")


def test_the_entry_is_none_of_the_others_of_the_session_and_names_nobody():
    session = titled("Dades obertes")
    mine = a_registration(session, ADA, name="Ada Puig")
    theirs = a_registration(session, "mar@council.example", name="Mar Soler")
    octets = Client().get(turn_on()).content
    event = events(feed())["Dades obertes"]
    hers = events(turn_on("mar@council.example"))["Dades obertes"]

    public = Calendar.from_ical(
        Client().get(reverse("session_ics", args=["ca", session.code])).content
    ).walk("VEVENT")[0]
    uids = {
        str(event["UID"]),
        str(hers["UID"]),
        str(public["UID"]),
        mine.invitations.get().uid,
        theirs.invitations.get().uid,
    }
    assert len(uids) == 5
    text = octets.decode().replace("\r\n ", "")
    for secret in (
        ADA,
        "Ada",
        mine.token,
        mine.invitations.get().join_token,
        session.join_url,
        "METHOD",
        "ATTENDEE",
        "ORGANIZER",
    ):
        assert secret not in text, secret


def test_the_calendar_follows_what_changes_and_is_sent_only_then():
    session = titled("Dades obertes")
    mine = a_registration(session, ADA)
    path = turn_on()

    def ask(tag: str) -> HttpResponse:
        return Client().get(path, HTTP_IF_NONE_MATCH=tag)

    tag = Client().get(path)["ETag"]
    assert ask(tag).status_code == 304
    for change in (
        lambda: sessions.move(
            session, starts=session.starts + DAY, ends=session.starts + DAY + HOUR
        ),
        lambda: registrations.cancel(mine, PERSON),
        lambda: a_registration(session, ADA),
        lambda: sessions.cancel(session, {"ca": "Vaga"}),
    ):
        change()
        answer = ask(tag)
        assert answer.status_code == 200
        assert answer["ETag"] != tag
        tag = answer["ETag"]
        assert ask(tag).status_code == 304


def test_only_its_own_reader_keeps_the_calendar_and_no_search_finds_it():
    a_registration(a_session(), ADA)

    answer = Client().get(turn_on())

    assert {*answer["Cache-Control"].split(", ")} == {"private", "no-cache"}
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies


def test_a_new_address_shuts_the_old_one_and_off_is_off():
    a_registration(a_session(), ADA)
    first = turn_on()
    client = proven()

    client.post(CALENDAR, {"renew": "1"})
    second = feed()
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    client.post(CALENDAR, {"off": "1"})
    assert Client().get(second).status_code == 404
    assert "/cal/me/" not in client.get(MINE).text


def test_only_a_button_pressed_here_by_whom_it_belongs_to_changes_the_calendar():
    a_registration(a_session(), ADA)
    path = turn_on()
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = proven().cookies

    assert proven().get(CALENDAR).status_code == 405
    assert forged.post(CALENDAR, {"off": "1"}).status_code == 403
    assert Client().post(CALENDAR, {"off": "1"}).url == MINE
    assert proven("mar@council.example").post(CALENDAR, {"off": "1"}).url != MINE
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)(path).status_code == 405

    assert Client().get(path).status_code == 200


def test_the_address_of_a_calendar_cannot_be_guessed_and_opens_nothing_else():
    mine = a_registration(a_session(), ADA)
    token = turn_on().rpartition("/")[2].removesuffix(".ics")

    assert re.fullmatch(r"[\w-]{32}", token), "192 bits"
    for other in (mine.token, mine.invitations.get().join_token, "x" * 32):
        assert Client().get(f"/cal/me/{other}.ics").status_code == 404
    for name in ("my_registration", "cancel_registration", "join", "following"):
        assert Client().get(reverse(name, args=[token])).status_code == 404


def test_no_log_has_the_address_of_a_calendar(caplog):
    a_registration(a_session(), ADA)
    path = turn_on()
    caplog.set_level(logging.INFO)

    Client().get(path)
    Client().get(path.replace(".ics", ".html"))

    said = [redact(record.getMessage()) for record in caplog.records]
    assert "GET /cal/me/<slug:token>.ics 200" in said
    assert "Not Found: /cal/me/[token]" in said
    assert path.rpartition("/")[2].removesuffix(".ics") not in "".join(said)


def test_the_calendar_speaks_the_language_in_which_it_was_made_until_that_changes():
    a_registration(a_session(), ADA)
    proven().post(url("my_calendar", language="es"), {"on": "1"})
    path = feed()
    assert "Datos abiertos" in events(path)

    proven(kind="my_data").post(
        url("my_data_correct"), {"name": "Ada", "position": "", "language": "en"}
    )
    assert "Open data" in events(path)


def test_ones_data_say_that_there_is_a_calendar_and_who_leaves_loses_it(work):
    a_registration(a_session(), ADA)
    path = turn_on("Ada@council.example")
    client = proven()

    held = client.get(url("my_data_download")).json()["held"]
    assert [row["email"] for row in held["calendar"]] == ["Ada@council.example"]
    assert path.rpartition("/")[2] not in str(held)
    departures.leave(ADA, language="ca")

    assert Client().get(path).status_code == 404
    assert not PersonalFeed.objects.exists()


def test_a_calendar_with_nothing_left_in_it_ends_by_itself():
    session = a_session()
    a_registration(session, ADA)
    for address in (ADA, "gone@council.example", "new@council.example"):
        personal_feed.renew(address, "ca")
    long_ago = timezone.now() - 366 * DAY
    PersonalFeed.objects.exclude(email="new@council.example").update(created=long_ago)
    entry = next(e for e in entries() if "events.PersonalFeed" in e.models)

    assert entry.end_some(timezone.now(), 10) == 1

    left = PersonalFeed.objects.order_by("email").values_list("email", flat=True)
    assert list(left) == [ADA, "new@council.example"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_calendar():
    together(*[lambda: personal_feed.renew(ADA, "ca")] * 6)

    assert PersonalFeed.objects.count() == 1


# In a browser ------------------------------------------------------------------------


@pytest.mark.browser
def test_everybody_can_use_what_is_theirs(page: Page, live_server: Any):
    an_agenda(a_home())
    watch = Watch(page, live_server.url)
    soon = timezone.now() + timedelta(minutes=5)
    past, off, put_off = titled("Passada"), titled("Anul·lada"), titled("Ajornada")
    waiting = titled("Plena", places=1)
    a_registration(waiting)
    for session in (titled("Ara", starts=soon), past, off, put_off, waiting):
        a_registration(session, ADA, name="Ada Puig")
    held(past)
    sessions.cancel(off, {"ca": "Vaga"})
    sessions.postpone(put_off, {"ca": "Vaga"})
    found = []

    def look(name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in faults(page))

    page.goto(MINE)
    look("asking")
    lend(page.context, proven("nobody@council.example"), live_server.url)
    page.goto(MINE)
    look("empty")
    ada = proven()
    ada.force_login(a_user(email=ADA, name="Ada Puig", is_staff=False))
    lend(page.context, ada, live_server.url)
    for language in ("ca", "es", "en"):
        page.goto(url("my_registrations", language=language))
        page.locator("main details").evaluate_all("all => all.map(d => d.open = true)")
        look(language)
    page.goto(MINE)
    page.get_by_role("button", name="Fes el meu calendari").click()
    expect(page.get_by_label("Adreça del vostre calendari")).to_have_value(
        re.compile("/cal/me/")
    )
    page.locator("main details").evaluate_all("all => all.map(d => d.open = true)")
    look("calendar")
    page.goto(url("register", a_session().code))
    look("form that knows")
    page.goto(url("register", waiting.code))
    look("form of who is registered")

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_menu_under_ones_name_is_opened_by_keyboard(
    new_context: Callable[..., Any], live_server: Any, script
):
    home = a_home()
    page = new_context(java_script_enabled=script).new_page()
    client = Client()
    client.force_login(a_user(email=ADA, name="Ada Puig", is_staff=False))
    lend(page.context, client, live_server.url)
    page.goto(home.url)
    tools = page.locator(".header__tools")
    mine = tools.get_by_role("link")

    if script:
        press(page, tools.locator("summary"))
    else:
        # Without script Playwright cannot ask what has the focus.
        tools.locator("summary").press("Enter")
    ways = [way.text_content() for way in mine.all() if way.is_visible()]

    assert ways[-5:] == [
        "Les meves inscripcions",
        "El que he preguntat",
        "Els meus ens",
        "Les meves dades",
        "Surt",
    ]
    mine.get_by_text("Les meves inscripcions").click()
    page.wait_for_url(f"**{MINE}")
