"""People see what we hold of them, take it away, correct it and have it forgotten."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from community.messages import outbox
from community.models import Departure, Message, Unit, UnitMembership, User
from community.privacy import departures, holders
from community.privacy.departures import leave
from events import followers, registrations, sessions
from events.models import Follower, Registration, Session
from events.registrations import Needs
from tests.factories import a_body, a_registration, a_session, a_user
from tests.mail import story
from tests.together import together

ADA = "ada@council.example"
WRITTEN = "Ada.Puig@Council.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet(time_machine):
    cache.clear()
    time_machine.move_to(timezone.now())


def url(name: str, *args: Any, language: str = "ca") -> str:
    with override(language):
        return reverse(name, args=args)


def ask(email: str = ADA, client: Client | None = None, **values) -> HttpResponse:
    return (client or Client()).post(url("my_data"), {"email": email, **values})


def link_in(server, address: str = ADA) -> str:
    """The way to the data in the mail to `address`."""
    bodies = [mail.get_body(("plain",)) for mail in server.mails_to(address)]
    text = "".join(body.get_content() for body in bodies)
    return re.findall(r"http://testserver(/\w+/my-data/open/\S+)", text)[-1]


@pytest.fixture
def proven(smtp_server, work):
    """Call it with an address for a browser that has opened the link mailed to it."""

    def browser(address: str = ADA) -> Client:
        ask(address)
        work()
        client = Client()
        client.post(link_in(smtp_server, address))
        return client

    return browser


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def ada() -> Registration:
    """Somebody who is registered, with everything that can be written."""
    series_session = a_session(places=1)
    registration = a_registration(
        series_session,
        ADA,
        name="Ada Puig",
        position="Tècnica",
        question="Com es fa?",
        body=a_body("Vic"),
        body_text="",
        needs=Needs(telephone=True, other="Seient a prop"),
    )
    followers.follow(series_session.series, ADA, "ca", confirmed=True)
    return registration


# The way in ------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_or_not_anything_is_held(ada, smtp_server, work):
    known, unknown = ask(ADA), ask("nobody@council.example")

    assert known.status_code == unknown.status_code == 200
    nobody = words(unknown).replace("nobody@council.example", ADA)
    assert words(known) == nobody
    work()
    [theirs] = smtp_server.mails_to("nobody@council.example")
    assert theirs["Subject"] in [m["Subject"] for m in smtp_server.mails_to(ADA)]


def test_who_is_not_known_is_told_so_behind_the_link(proven):
    page = proven("nobody@council.example").get(url("my_data"))

    # The very mail that brought them here is what is held.
    assert words(page).count("nobody@council.example") >= 1
    assert "Ada" not in words(page)


def test_the_link_alone_shows_and_does_nothing(ada, smtp_server, work):
    ask()
    work()
    client = Client()

    opened = client.get(link_in(smtp_server))

    assert opened.status_code == 200
    assert ADA not in opened.content.decode()
    assert "my_data" not in client.session
    assert "Ada Puig" not in words(client.get(url("my_data")))


def test_the_address_is_in_no_link(smtp_server, work):
    ask()
    work()

    assert "ada" not in link_in(smtp_server).lower()


def test_the_link_runs_out_after_an_hour_and_so_does_what_it_opened(
    ada, smtp_server, work, proven, time_machine
):
    client = proven()
    link = link_in(smtp_server)
    assert "Ada Puig" in words(client.get(url("my_data")))

    time_machine.shift(timedelta(minutes=61))

    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410
    assert "Ada Puig" not in words(client.get(url("my_data")))
    for name in ("my_data_download", "my_data_correct", "my_data_leave"):
        assert client.get(url(name)).url == url("my_data"), name
        if name != "my_data_download":
            assert client.post(url(name), {"name": "X"}).url == url("my_data"), name
    ada.refresh_from_db()
    assert ada.is_active


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: token.partition(":")[0],
        lambda token: "1" + token,
        lambda token: token.upper(),
        lambda token: "x" * 10_000,
        lambda token: "%00",
    ],
)
def test_a_forged_link_opens_nothing(ada, smtp_server, work, forge):
    ask()
    work()
    head, _sep, token = link_in(smtp_server).rstrip("/").rpartition("/")
    client = Client()

    answer = client.post(f"{head}/{forge(token)}/")

    assert answer.status_code in (400, 410)
    assert "my_data" not in client.session


def test_a_mail_that_waits_longer_than_its_link_lives_is_not_sent(
    smtp_server, work, time_machine
):
    smtp_server.down()
    ask()
    work()
    smtp_server.up()

    time_machine.shift(timedelta(minutes=70))
    call_command("sweep")
    work()

    assert smtp_server.mails_to(ADA) == []
    assert Message.objects.get(kind="my_data").state == Message.State.DROPPED


def test_the_text_with_the_link_is_not_kept(smtp_server, work):
    ask()
    work()

    row = Message.objects.get(kind="my_data")
    assert (row.state, row.mime, row.subject) == (Message.State.DONE, None, "")


def test_one_address_is_not_written_to_without_end():
    answers = [ask().status_code for _ in range(12)]

    assert answers == [200] * 10 + [422] * 2
    assert Message.objects.count() == 10


def test_robots_are_left_alone():
    assert ask(website="http://spam.example").status_code == 422
    assert not Message.objects.exists()


def test_signing_in_with_a_code_opens_the_data_of_that_address(ada, smtp_server, work):
    a_user(email=ADA, name="Ada Puig")
    client = Client()
    client.post(url("account_login"), {"login": ADA})
    work()
    bodies = [mail.get_body(("plain",)) for mail in smtp_server.mails_to(ADA)]
    text = "".join(body.get_content() for body in bodies)
    code = re.search(r"^\s*([0-9A-Z]{3,}-[0-9A-Z]{3,})\s*$", text, re.MULTILINE)[1]
    client.post(url("account_confirm_login_code"), {"code": code})

    assert "Tècnica" in words(client.get(url("my_data")))

    # Whoever is given another's address does not get the other's data.
    a_registration(ada.session, "mar@council.example", name="Mar Soler")
    User.objects.filter(email=ADA).update(email="mar@council.example")
    assert "Mar Soler" not in words(client.get(url("my_data")))


def test_what_was_opened_can_be_closed_again(ada, proven):
    client = proven()

    assert client.get(url("my_data_close")).status_code == 405
    client.post(url("my_data_close"))

    assert "Ada Puig" not in words(client.get(url("my_data")))


# To see and to take away -------------------------------------------------------------


def test_all_that_is_held_is_shown_and_can_be_taken_away(ada, proven):
    other = a_registration(a_session(), "ADA@council.example", name="Ada P.")
    registrations.cancel(other, Registration.Reason.PERSON)
    unit = Unit.objects.create(code="u", name="Transparència")
    user = a_user(email=ADA, name="Ada Puig i Serra")
    user.groups.add(Group.objects.get(name="Readers"))
    UnitMembership.objects.create(unit=unit, user=user)
    a_registration(ada.session, "mar@council.example", name="Mar Soler")

    client = proven()
    page = words(client.get(url("my_data")))
    answer = client.get(url("my_data_download"))
    held = json.loads(answer.content)["held"]

    for told in (
        "Ada Puig",
        "Vic",
        "Tècnica",
        "Com es fa?",
        "Seient a prop",
        "Ada Puig i Serra",
        "Transparència",
        "Readers",
        "Dades obertes",
    ):
        assert told in page, told
    assert "Mar Soler" not in page
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert "no-store" in answer.headers["Cache-Control"]
    assert [row["name"] for row in held["registrations"]] == ["Ada P.", "Ada Puig"] or [
        row["name"] for row in held["registrations"]
    ] == ["Ada Puig", "Ada P."]
    [mine] = [row for row in held["registrations"] if row["name"] == "Ada Puig"]
    assert (mine["body"], mine["telephone"]) == ("Vic", True)
    assert mine["starts"] == ada.session.starts.isoformat().replace("+00:00", "Z")
    assert held["account"][0]["roles"] == ["Readers"]
    assert held["news"][0]["series"] == ada.session.series.code
    assert {mail["kind"] for mail in held["mails"]} >= {"registration_confirmed"}
    assert "Mar" not in answer.content.decode()


def test_my_data_may_be_the_first_thing_asked_of_a_new_process(
    ada, proven, forget_log_actions
):
    staff = Client()
    staff.force_login(a_user(is_superuser=True))
    staff.get(reverse("sessions:people", args=[ada.session.pk]))
    mine = proven()

    forget_log_actions()

    assert "Obre la llista" in words(mine.get(url("my_data")))


def test_a_person_sees_when_the_list_was_read_but_not_by_whom(ada, proven):
    staff = a_user(is_superuser=True, name="Núria Cap")
    client = Client()
    client.force_login(staff)
    client.get(reverse("sessions:people", args=[ada.session.pk]))

    held = json.loads(proven().get(url("my_data_download")).content)["held"]

    assert [row["what"] for row in held["disclosures"]] == ["events.list_people"]
    assert "Núria" not in json.dumps(held)


def test_every_field_that_a_person_wrote_is_in_the_file(ada, proven):
    """A new column of a registration is shown, or is named here with its reason."""
    not_of_the_person = {
        "id": "a key",
        "session": "shown by its code",
        "user": "shown as the account",
        "body_text": "shown with the body",
        "notice_version": "shown as notice",
        "token": "a key: the page links to it",
        "form_key": "a key",
        "changed": "when the row was written",
        "erased": "when there is nothing left to show",
        "created": "shown as registered",
    }
    held = json.loads(proven().get(url("my_data_download")).content)["held"]
    [row] = held["registrations"]

    columns = {field.name for field in Registration._meta.local_fields}
    assert columns - set(not_of_the_person) <= set(row)


# To correct --------------------------------------------------------------------------


def test_a_correction_goes_wherever_it_is_true(ada, proven, time_machine):
    past = a_registration(a_session(), ADA, name="Ada Puig", position="Becària")
    Session.objects.filter(pk=past.session_id).update(
        starts=timezone.now() - timedelta(days=3),
        ends=timezone.now() - timedelta(days=3, hours=-1),
    )
    user = a_user(email=ADA, name="Ada Puig")
    Registration.objects.filter(pk=ada.pk).update(created=timezone.now())

    answer = proven().post(
        url("my_data_correct"),
        {"name": "Ada Roca", "position": "Cap de servei", "language": "es"},
    )

    assert answer.status_code == 302
    for row in (ada, past, user):
        row.refresh_from_db()
        assert row.name == "Ada Roca"
    assert (ada.position, ada.language) == ("Cap de servei", "es")
    assert (past.position, past.language) == ("Becària", "ca"), "it was so"
    assert user.language == "es"
    assert Follower.objects.get().language == "es"


def test_what_was_not_touched_stays_as_it_was(ada, proven):
    other = a_registration(a_session(), ADA, name="Ada Puig", position="Assessora")

    proven().post(
        url("my_data_correct"),
        {"name": "Ada Roca", "position": "Assessora", "language": "ca"},
    )

    for row, position in ((ada, "Tècnica"), (other, "Assessora")):
        row.refresh_from_db()
        assert (row.name, row.position) == ("Ada Roca", position)


def test_a_correction_without_a_name_is_asked_again(ada, proven):
    answer = proven().post(url("my_data_correct"), {"name": "", "language": "ca"})

    assert answer.status_code == 422
    ada.refresh_from_db()
    assert ada.name == "Ada Puig"


# To leave ----------------------------------------------------------------------------


def held_anywhere(*needles: str) -> list[str]:
    """Tables that still hold one of `needles`, in whatever column."""
    from django.apps import apps

    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or "FTS" in model.__name__:
            continue
        for row in model._base_manager.values():
            text = json.dumps(row, default=_octets).lower()
            found += [model._meta.label for needle in needles if needle.lower() in text]
    return sorted(set(found))


def _octets(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return str(value)


def test_leaving_is_asked_first_and_says_what_happens(ada, proven):
    client = proven()

    page = client.get(url("my_data_leave"))

    assert ADA in words(page)
    ada.refresh_from_db()
    assert ada.is_active
    assert not Departure.objects.exists()


def test_who_leaves_is_forgotten_everywhere_once_the_calendar_is_cleared(
    ada, proven, smtp_server, work
):
    session = ada.session
    waiting = a_registration(session, "joan@council.example", name="Joan Vila")
    seat = Needs(other="Seient a prop")
    past = a_registration(a_session(), ADA.upper(), name="Ada Puig", needs=seat)
    Session.objects.filter(pk=past.session_id).update(
        starts=timezone.now() - timedelta(days=3),
        ends=timezone.now() - timedelta(days=3, hours=-1),
    )
    user = a_user(email="Ada@council.example", name="Ada Puig")
    work()
    client = proven()

    answer = client.post(url("my_data_leave"), follow=True)

    # At once: the place is free, nobody signs in, no news goes out.
    assert answer.status_code == 200
    for row in (ada, waiting, user):
        row.refresh_from_db()
    assert (ada.state, ada.reason) == ("cancelled", "person")
    assert waiting.state == Registration.State.CONFIRMED
    assert not user.is_active
    assert not Follower.objects.exists()
    assert "my_data" not in client.session
    # Until the last mail has left, the address is needed.
    assert ada.email == ADA

    work()

    heard = [entry and entry[:2] for entry in story(smtp_server.mails_to(ADA))]
    assert ("REQUEST", 0) in heard
    assert ("CANCEL", 1) in heard
    assert None in heard, "one mail confirms it"
    written = ("ada puig", "ada@council", "Com es fa", "Tècnica", "Seient a prop")
    assert held_anywhere(*written) == []
    departure = Departure.objects.get()
    assert (departure.email, bool(departure.finished)) == ("", True)
    # What stays is right: one place, taken by who waited, and one figure of the past.
    assert session.registrations.count() == 2
    assert Session.objects.with_places().get(pk=session.pk).taken == 1
    assert past.session.registrations.holding().count() == 1


def test_the_address_is_kept_while_the_mail_server_is_away_and_then_forgotten(
    ada, smtp_server, work, time_machine
):
    work()
    smtp_server.down()
    leave(ADA, language="ca")
    call_command("sweep")
    work()
    assert held_anywhere(ADA)

    time_machine.shift(timedelta(hours=3))
    smtp_server.up()
    call_command("sweep")
    work()
    call_command("sweep")
    work()

    assert "CANCEL" in [e[0] for e in story(smtp_server.mails_to(ADA)) if e]
    assert held_anywhere(ADA, "Ada Puig") == []


def test_the_address_is_forgotten_in_three_days_even_if_no_mail_can_leave(
    ada, smtp_server, work, time_machine
):
    work()
    leave(ADA, language="ca")
    Message.objects.unsettled().update(next_try=timezone.now() + timedelta(days=9))
    time_machine.shift(timedelta(days=2, hours=23))
    assert departures.complete_due(10) == 0

    time_machine.shift(timedelta(hours=2))
    assert departures.complete_due(10) == 1
    assert departures.complete_due(10) == 0
    assert held_anywhere(ADA) == []


def test_what_waits_to_be_sent_is_dropped_but_for_what_clears_the_calendar(
    ada, smtp_server, work
):
    # Told, and about to be told that the session is moved; another one is cancelled.
    called_off = a_registration(a_session(), ADA)
    work()
    starts = ada.session.starts + timedelta(days=1)
    sessions.move(ada.session, starts=starts, ends=starts + timedelta(hours=1))
    sessions.cancel(called_off.session)
    next_one = a_session(series=ada.session.series)
    followers.tell_followers(next_one)
    before = len(smtp_server.mails_to(ADA))

    leave(ADA, language="ca")
    work()

    mails = smtp_server.mails_to(ADA)[before:]
    methods = sorted(entry[0] for entry in story(mails) if entry)
    assert methods == ["CANCEL", "CANCEL"]
    assert len(mails) == 3, "and goodbye"


def test_leaving_twice_is_leaving_once(ada, smtp_server, work):
    first = leave(ADA, language="ca")
    again = leave("ADA@council.example", language="ca")

    assert first == again
    work()
    assert Departure.objects.count() == 1
    texts = [mail["Subject"] for mail in smtp_server.mails_to(ADA)]
    assert len(texts) == len(set(texts))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_leave_at_once_are_one():
    first = a_registration(a_session(), ADA)
    second = a_registration(a_session(), ADA)

    together(*[lambda: leave(ADA, language="ca")] * 6)

    for row in (first, second):
        row.refresh_from_db()
        assert not row.is_active
    assert Departure.objects.count() == 1
    assert Message.objects.filter(kind="my_data_left").count() == 1
    assert Message.objects.filter(kind="registration_cancelled").count() == 2


def test_who_comes_back_while_being_forgotten_keeps_the_new_place(
    ada, smtp_server, work, time_machine
):
    leave(ADA, language="ca")
    time_machine.shift(timedelta(minutes=1))
    back = a_registration(ada.session, ADA, name="Ada Puig")
    work()

    back.refresh_from_db()
    ada.refresh_from_db()
    assert (back.email, back.erased) == (ADA, None)
    assert ada.erased


def test_a_mail_to_who_has_left_cannot_be_sent_again(ada, smtp_server, work):
    leave(ADA, language="ca")
    work()

    for row in Message.objects.all():
        assert row.recipient == ""
        assert not outbox.can_send_again(row)


def test_the_last_one_who_may_do_everything_cannot_leave(proven):
    boss = a_user(email=ADA, is_superuser=True)
    client = proven()

    refused = client.post(url("my_data_leave"))
    assert refused.status_code == 409
    boss.refresh_from_db()
    assert boss.is_active

    a_user(is_superuser=True)
    assert client.post(url("my_data_leave")).status_code == 302


def test_one_departure_that_breaks_does_not_hold_up_the_others(
    ada, smtp_server, work, monkeypatch, caplog
):
    other = a_registration(a_session(), "mar@council.example", name="Mar Soler")
    for address in (ADA, "mar@council.example"):
        leave(address, language="ca")
    [*_others, last] = holders.holders()

    def broken(address, until):
        if address == ADA:
            raise ValueError(address)
        last.erase(address, until)

    changed = holders.Holder(**{**vars(last), "erase": broken})
    monkeypatch.setitem(holders._holders, last.name, changed)
    work()

    other.refresh_from_db()
    ada.refresh_from_db()
    assert other.erased
    assert ada.email == ADA, "whole, or not at all"
    # What our house says; the mail server of the test knows her address.
    said = "".join(r.getMessage() for r in caplog.records if r.name != "mail.log")
    assert ADA not in said
    assert "ValueError" in said


def test_no_answer_with_the_data_is_kept_by_a_browser_or_found_by_a_search(ada, proven):
    client = proven()

    for name in ("my_data", "my_data_correct", "my_data_leave"):
        answer = client.get(url(name))
        assert "no-store" in answer.headers["Cache-Control"], name
        assert 'name="robots" content="noindex"' in answer.content.decode(), name
