"""The appointments of a request that is carried out: both sides find them in their
calendars as they are, each change once, whoever they have become meanwhile."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page

from community.acting import memberships
from community.messages import outbox
from community.models import Membership, Message, Role
from community.privacy import departures
from events import answers
from events import privacy as events_privacy
from events.models import Answer, Appointment, Guest, Provider
from tests.browser.signing_in import lend
from tests.calendar_readers import DATED, READERS, Verdicts, marks
from tests.factories import in_two_weeks
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import a_unit, a_worker, do, open_task
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_home
from tests.factories.requests import a_request
from tests.killing import Deadly
from tests.mail import MailServer, calendar_parts, entry, story
from tests.replies import a_file, a_mail
from tests.workflows.requesting.pages import browser, url, words
from workflows.engine import desk, retention
from workflows.engine.models import Case
from workflows.requesting import appointing, requests
from workflows.requesting import retention as of_requests
from workflows.requesting.models import RequestAppointment

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
# Ten o'clock in Barcelona, before and after the change of clock.
SUMMER = datetime(2026, 10, 22, 8, tzinfo=UTC)
WINTER = datetime(2026, 10, 29, 9, tzinfo=UTC)

Work = Callable[[], None]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def house(clock: Any) -> SimpleNamespace:
    return a_house()


def a_house() -> SimpleNamespace:
    """A request that was granted, with whom it is carried out."""
    unit = a_unit("Govern obert")
    town = a_town("Rubí")
    mayor = representing(town, "ona@rubi.example", name="Ona Puig")
    case = a_request(a_resource(unit=unit), by=mayor)
    worker = a_worker(unit, name="Berta Soler", email="berta@diputacio.example")
    do(case, worker, decision="admit")
    do(case, worker, decision="grant", grounds="")
    do(case, a_worker(role="Coordinators"))
    assert case.request.is_granted
    # What was told until now is not looked at here.
    Message.objects.all().delete()
    return SimpleNamespace(unit=unit, town=town, mayor=mayor, case=case, worker=worker)


def arranged(house: SimpleNamespace, **values: Any) -> Appointment:
    starts = values.pop("starts", SUMMER)
    defaults = {"title": "Inici de la diagnosi", "place": "Sala 2", "by": house.worker}
    values = {"ends": starts + HOUR, **defaults, **values}
    return appointing.arrange(house.case, starts=starts, **values)


def moved(house: SimpleNamespace, appointment: Appointment, to: datetime) -> bool:
    where = {"starts": to, "ends": to + HOUR, "place": "Sala 2"}
    return appointing.move(house.case, appointment, **where, by=house.worker)


def heard(server: MailServer) -> dict[str, list]:
    """What the calendar of each address was told, in order."""
    return {to: story(server.mails_to(to)) for to in sorted(set(server.recipients))}


def staff(house: SimpleNamespace) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.worker)
    return client


def address(name: str, house: SimpleNamespace, *more: Any) -> str:
    return reverse(f"appointments:{name}", args=[house.case.number, *more])


def form_of(house: SimpleNamespace, **values: str) -> dict[str, str]:
    asked = staff(house).get(address("arrange", house)).context["form"]
    return {
        "key": str(asked["key"].value()),
        "purpose": "start",
        "date": "22/10/2026",
        "start_time": "10:00",
        "end_time": "11:00",
        "place": "Sala 2",
        "provider": "none",
        **values,
    }


# What calendars hear ------------------------------------------------------------------


def test_both_sides_hear_of_each_change_once_and_in_order(
    house, clock, work, smtp_server
):
    ona, berta = house.mayor.user.email, house.worker.email
    appointment = arranged(house)
    work()
    assert moved(house, appointment, WINTER)
    assert not moved(house, appointment, WINTER), "it is there already"
    work()
    clock.shift(61)
    call_command("sweep")
    work()
    appointing.cancel(house.case, appointment, "Hi ha vaga.", house.worker)
    work()
    call_command("sweep")
    work()

    story = [("REQUEST", 0, SUMMER), ("REQUEST", 1, WINTER), ("CANCEL", 2, WINTER)]
    assert heard(smtp_server) == {berta: story, ona: story}
    for who in (ona, berta):
        entries = [entry(mail)[1] for mail in smtp_server.mails_to(who)]
        assert len({str(one["UID"]) for one in entries}) == 1
        assert {str(one["ATTENDEE"]) for one in entries} == {f"mailto:{who}"}
        assert str(entries[0]["DTSTART"].params["TZID"]) == "Europe/Madrid"
        assert entries[0]["DTSTART"].dt.hour == 10
        assert entries[1]["DTSTART"].dt.hour == 10
    last = smtp_server.mails_to(ona)[-1]
    assert "Hi ha vaga." in last.get_body(("plain",)).get_content()
    assert [mail["Subject"].strip() for mail in smtp_server.mails_to(ona)] == [
        "Teniu una cita: Inici de la diagnosi, dijous 22 d’octubre de 2026",
        "La cita ha canviat: Inici de la diagnosi, dijous 29 d’octubre de 2026",
        "La cita queda anul·lada: Inici de la diagnosi, dijous 29 d’octubre de 2026",
    ]


def test_what_changes_before_it_is_told_is_told_as_it_is_then(house, work, smtp_server):
    appointment = arranged(house)
    moved(house, appointment, WINTER)
    gone = arranged(house, title="Seguiment")
    appointing.cancel(house.case, gone, "Massa aviat", house.worker)
    work()

    assert set(map(str, heard(smtp_server).values())) == {str([("REQUEST", 0, WINTER)])}


def test_whoever_acts_for_the_body_or_has_the_step_now_is_invited_instead(
    house, work, smtp_server
):
    other = representing(house.town, "pau@rubi.example")
    colleague = a_worker(house.unit, email="carla@diputacio.example")
    arranged(house)
    work()
    memberships.end(house.mayor, by=other.user)
    task = open_task(house.case)
    desk.claim(task, house.worker)
    desk.hand_over(open_task(house.case), colleague, house.worker)

    assert appointing.follow_due(10) == 1
    assert appointing.follow_due(10) == 0, "it was so already"
    work()

    invited, taken_out = ("REQUEST", 0, SUMMER), ("CANCEL", 1, SUMMER)
    # The house tells of who acts for the body too.
    calendars = {
        to: [one for one in told if one] for to, told in heard(smtp_server).items()
    }
    assert calendars == {
        "ona@rubi.example": [invited, taken_out],
        "berta@diputacio.example": [invited, taken_out],
        "pau@rubi.example": [invited],
        "carla@diputacio.example": [invited],
    }


@pytest.mark.parametrize("how", ["finish", "renounce", "close"])
def test_what_lies_ahead_is_cancelled_once_the_case_ends(
    house, clock, work, smtp_server, how
):
    held = arranged(house, starts=NOW + HOUR)
    work()
    clock.shift(3 * 60 * 60)
    ahead = arranged(house)
    work()

    if how == "finish":
        do(house.case, house.worker, outcome="finished", text="Fet.")
    elif how == "renounce":
        requests.give_up(house.case, "No en tenim temps.", house.mayor.user)
    else:
        desk.cancel(house.case, "No es pot fer.", house.worker)
    work()

    assert not Appointment.objects.get(pk=ahead.pk).takes_place
    assert Appointment.objects.get(pk=held.pk).takes_place
    told = heard(smtp_server)[house.worker.email]
    assert [one[0] for one in told] == ["REQUEST", "REQUEST", "CANCEL"]
    with pytest.raises(ValidationError):
        arranged(house)


@pytest.mark.parametrize("change", ["arranged", "cancelled"])
def test_a_worker_killed_at_any_line_writes_one_mail_to_each(
    house, work, smtp_server, monkeypatch, change
):
    """Killed before or after each row that it writes, and before or after it hands a
    mail over: the mail that follows is the very same."""
    deadly = Deadly(monkeypatch)
    lines = 0
    for line in range(1, 100):
        appointment = arranged(house, starts=SUMMER + line * HOUR)
        if change == "cancelled":
            outbox.send_due(10)
            appointing.cancel(house.case, appointment, "No pot ser", house.worker)
        smtp_server.octets.clear()
        smtp_server.recipients.clear()
        died = deadly.killed(lambda: outbox.send_due(10), line)
        Message.objects.filter(state="running").update(lease_until=timezone.now())
        outbox.send_due(10)

        sent = set(zip(smtp_server.recipients, smtp_server.octets, strict=True))
        assert len(sent) == 2, line
        if not died:
            break
        lines = line
    assert lines > 10, "it has so many lines to die at"
    assert not Message.objects.unsettled().exists()


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ({}, "declined"),
        ({"sender": "other@rubi.example"}, ""),
        ({"address": "other@rubi.example"}, ""),
        ({"stamp": NOW - HOUR}, "accepted"),
    ],
)
def test_the_office_sees_what_they_answer_in_their_calendars(
    house, work, smtp_server, reply, shown
):
    arranged(house)
    work()
    guest = Guest.objects.get(user=house.mayor.user)
    ona = {"address": house.mayor.user.email, "stamp": NOW}

    def answer(status: str, **values: Any) -> None:
        values = {**ona, **values}
        sender = values.pop("sender", house.mayor.user.email)
        assert answers.read(a_mail(a_file(guest.uid, status, **values), sender))

    if shown == "accepted":
        answer("ACCEPTED")
    answer("DECLINED", **reply)

    guest.refresh_from_db()
    assert guest.rsvp == shown
    page = staff(house).get(reverse("cases:case", args=[house.case.number])).text
    said = re.findall(r">(accepted|declined)<", page)
    assert said == ([shown] if shown else [])


@pytest.mark.parametrize(("believe", "shown"), [("1", "declined"), ("", "accepted")])
def test_an_answer_from_another_address_waits_for_the_office_to_settle_it(
    house, work, smtp_server, believe, shown
):
    appointment = arranged(house)
    work()
    ona, other = house.mayor.user.email, "other@rubi.example"
    guest = Guest.objects.get(user=house.mayor.user)

    def reply(status: str, sender: str, **values: Any) -> None:
        file = a_file(guest.uid, status, address=ona, stamp=NOW, **values)
        assert answers.read(a_mail(file, sender))

    reply("ACCEPTED", ona)
    for _twice in range(2):
        reply("DECLINED", other)
    answer = Answer.objects.get(outcome="doubtful")
    page = staff(house).get(reverse("cases:case", args=[house.case.number])).text
    assert "to be settled" in page
    assert f"It came from {other}" in page
    settle = address("settle", house, answer.pk)
    assert staff(house).get(settle).status_code == 405
    stranger = Client()
    stranger.force_login(a_worker(a_unit("Un altre")))
    assert stranger.post(settle, {"believe": "1"}).status_code == 404
    for _twice in range(2):
        staff(house).post(settle, {"believe": believe})

    guest.refresh_from_db()
    assert guest.rsvp == shown
    page = staff(house).get(reverse("cases:case", args=[house.case.number])).text
    assert "to be settled" not in page
    said = "believed" if believe else "left aside"
    assert page.count(f"Answer of a calendar {said}") == 1
    moved(house, appointment, WINTER)
    assert not Message.objects.filter(kind="registration_declined_in_calendar").exists()


def test_what_is_doubtful_of_one_case_is_not_settled_from_another(
    house, work, smtp_server
):
    arranged(house)
    work()
    guest = Guest.objects.get(user=house.mayor.user)
    file = a_file(guest.uid, "DECLINED", address=guest.email, stamp=NOW)
    answers.read(a_mail(file, "other@rubi.example"))
    answer = Answer.objects.get()
    house.case = a_request(a_resource(unit=house.unit))

    answered = staff(house).post(address("settle", house, answer.pk), {"believe": "1"})

    assert answered.status_code == 404
    assert Answer.objects.get().is_doubtful


# Whose data it is ---------------------------------------------------------------------


def test_who_asks_is_shown_her_appointments_and_what_was_answered(
    house, work, smtp_server
):
    arranged(house)
    work()
    guest = Guest.objects.get(user=house.mayor.user)
    other = "other@rubi.example"
    file = a_file(guest.uid, "DECLINED", address=guest.email, stamp=NOW)
    answers.read(a_mail(file, other))

    def held(address: str) -> dict[str, list]:
        parts = events_privacy.show(address)
        return {part.name: part.records for part in parts if part.records}

    mine = held(guest.email.upper())
    assert [str(one.title) for one in mine["appointments"]] == [
        "Inici de la diagnosi, 22 d’octubre de 2026"
    ]
    [(_label, door)] = mine["appointments"][0].links
    assert guest.join_token in door
    facts = {fact.name: fact.value for fact in mine["answers"][0].facts}
    assert (facts["answer"], facts["sender"]) == ("declined", other)
    assert set(held(other)) == {"answers"}
    assert "appointments" not in held("ningu@rubi.example")


def test_who_leaves_has_it_taken_out_of_the_calendar_and_is_no_guest_any_more(
    house, clock, work, smtp_server
):
    arranged(house)
    work()
    representing(house.town, "pau@rubi.example")
    ona = house.mayor.user.email
    assert of_requests.foresee(ona)
    assert not of_requests.foresee("pau@rubi.example")

    for _twice in range(2):
        departures.leave(ona, language="ca")
    work()
    clock.shift(61)
    call_command("sweep")
    work()

    told = [one for one in heard(smtp_server)[ona] if one]
    assert told == [("REQUEST", 0, SUMMER), ("CANCEL", 1, SUMMER)]
    who = set(Guest.objects.values_list("user__email", flat=True))
    assert who == {house.worker.email, "pau@rubi.example"}


def by_readers(test: Callable) -> Callable:
    """A test by calendar programs that this project did not write."""
    for mark in marks:
        test = mark(test)
    return test


@by_readers
def test_every_reader_accepts_all_that_leaves(
    house, clock, work, smtp_server, tmp_path
):
    title = {"ca": "L’inici; de la “diagnosi”, pas a pas"}
    online = {"provider": Provider.LINK, "join_url": "https://meet.example/x"}
    appointment = arranged(house, title=title, **online)
    work()
    moved(house, appointment, WINTER)
    clock.shift(61)
    call_command("sweep")
    work()
    page = browser(house.mayor).get(ics_of(house, appointment))
    appointing.cancel(house.case, appointment, "Hi ha vaga.", house.worker)
    work()
    parts = [
        part.get_payload(decode=True)
        for mail in smtp_server.mails_to(house.mayor.user.email)
        for part in calendar_parts(mail)
    ]
    files = {
        "invited": ("REQUEST", "20261022T080000Z"),
        "moved": ("REQUEST", "20261029T090000Z"),
        "cancelled": ("CANCEL", "20261029T090000Z"),
        "saved": ("", "20261029T090000Z"),
    }
    octets = dict(zip(files, [*parts, page.content], strict=True))
    verdicts = Verdicts(octets, tmp_path)
    verdicts.assert_complete()
    for name, (method, start) in files.items():
        for reader in READERS:
            verdicts.assert_accepts(reader, name)
        for reader in DATED:
            verdicts.assert_shows(reader, name, method, start)


# Who may ------------------------------------------------------------------------------


def test_only_who_looks_after_the_case_arranges_and_only_while_it_is_carried_out(
    house,
):
    with pytest.raises(PermissionDenied):
        arranged(house, by=a_worker(a_unit("Un altre")))
    assert not RequestAppointment.objects.exists()
    fresh = a_request(a_resource(unit=house.unit))
    house.case = fresh
    with pytest.raises(ValidationError):
        arranged(house)
    answer = staff(house).get(address("arrange", house), follow=True)
    assert "It is not being carried out." in answer.text


def test_one_of_another_case_is_not_reached_by_the_address_of_this(house):
    theirs = arranged(house)
    house.case = a_request(a_resource(unit=house.unit))

    assert staff(house).get(address("move", house, theirs.pk)).status_code == 404


# The office's screens -----------------------------------------------------------------


def test_the_mails_are_shown_first_and_the_same_form_is_one_appointment(house):
    client, sent = staff(house), form_of(house)

    shown = client.post(address("arrange", house), sent)

    assert "2 mails leave:" in shown.text
    assert house.mayor.user.email in shown.text
    assert "Govern obert" in shown.context["mails"][0].html
    assert not Appointment.objects.exists()
    assert not Message.objects.exists()
    for _twice in range(2):
        client.post(address("arrange", house), {**sent, "confirm": "1"})
    made = Appointment.objects.get()
    assert made.title.localize("ca") != made.title.localize("en")
    assert Guest.objects.count() == Message.objects.count() == 2
    page = client.get(reverse("cases:case", args=[house.case.number])).text
    assert "Appointment arranged" in page

    to = {"date": "29/10/2026", "start_time": "10:00", "place": "Sala 3"}
    shown = client.post(address("move", house, made.pk), to)
    assert "2 mails leave:" in shown.text, "as those that wait will be read"
    client.post(address("move", house, made.pk), {**to, "confirm": "1"})
    made.refresh_from_db()
    assert (made.starts, str(made.place)) == (WINTER, "Sala 3")

    why = {"reason": "Hi ha vaga."}
    assert client.post(address("cancel", house, made.pk), {}).status_code == 422
    shown = client.post(address("cancel", house, made.pk), why)
    assert "Nobody gets a mail for it." in shown.text, "nobody has heard of it yet"
    client.post(address("cancel", house, made.pk), {**why, "confirm": "1"})
    page = client.get(reverse("cases:case", args=[house.case.number])).text
    assert "Hi ha vaga." in page
    assert not Appointment.objects.get().takes_place


def test_finishing_shows_whom_it_tells_that_nobody_meets_any_more(
    house, work, smtp_server
):
    arranged(house)
    work()
    task = open_task(house.case)
    step = reverse("cases:step", args=[house.case.number, task.pk])

    shown = staff(house).post(step, {"outcome": "finished", "text": "Fet."})

    subjects = [mail.mail.subject for mail in shown.context["mails"]]
    assert len(subjects) == 3
    assert Appointment.objects.get().takes_place


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"date": "01/09/2026"}, "date"),
        ({"end_time": "09:00"}, None),
        ({"place": ""}, "place"),
        ({"provider": "link"}, "join_url"),
        ({"purpose": ""}, "title"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(house, said, field):
    answer = staff(house).post(address("arrange", house), form_of(house, **said))

    assert answer.status_code in (409, 422)
    errors = answer.context["form"].errors
    assert field in errors if field else errors
    assert not Appointment.objects.exists()


def test_its_mails_stand_in_the_time_line_for_who_looks_after_the_case(
    house, work, smtp_server
):
    appointment = arranged(house)
    work()
    moved(house, appointment, WINTER)
    page = staff(house).get(reverse("cases:case", args=[house.case.number]))

    told = [one for one in page.context["events"] if one.mail]
    shown = Counter((one.who, one.mail.words) for one in told)
    both = house.mayor.user.email, house.worker.email
    became = "sent", "about to leave"
    assert shown == {(f"to {to}", words): 1 for to in both for words in became}
    other = a_worker(a_unit("Un altre"))
    administrator = a_worker(role="Administrators")
    for one in told:
        address = reverse("messages:message", args=[one.mail.pk])
        assert staff(house).get(address).status_code == 200
        for who in (other, administrator):
            client = Client()
            client.force_login(who)
            assert client.get(address).status_code == 404, who


def test_one_that_could_not_be_sent_stands_among_the_problems_until_it_is_tried_again(
    house, work
):
    appointment = arranged(house)
    Message.objects.update(state=Message.State.FAILED)
    first, _second = Message.objects.order_by("pk")
    problems, fix = (
        reverse("cases:problems"),
        reverse("messages:message", args=[first.pk]),
    )
    other = Client()
    other.force_login(a_worker(a_unit("Un altre")))
    client = staff(house)

    assert f'<a href="{fix}">' in client.get(problems).content.decode()
    assert house.case.number not in other.get(problems).content.decode()

    client.post(reverse("messages:send_again", args=[first.pk]))
    assert house.case.number in client.get(problems).content.decode(), "the other one"
    moved(house, appointment, WINTER)

    assert house.case.number not in client.get(problems).content.decode()


# The body's page ----------------------------------------------------------------------


def page_of(house: SimpleNamespace, member: Membership) -> str:
    return words(
        browser(member).get(url("body_request", house.town.code, house.case.number))
    )


def ics_of(house: SimpleNamespace, appointment: Appointment) -> str:
    return url("body_appointment", house.town.code, house.case.number, appointment.pk)


def test_its_people_see_them_and_add_them_to_a_calendar(house):
    online = {"provider": Provider.LINK, "join_url": "https://meet.example/x"}
    appointment = arranged(house, **online)
    reader = acting(house.town, Role.READER)

    for member in (house.mayor, reader):
        answer = browser(member).get(ics_of(house, appointment))
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["DTSTART"].dt == SUMMER
        assert "ATTENDEE" not in event
        assert "Inici de la diagnosi" in page_of(house, member)
    mine = browser(house.mayor).get(
        url("body_request", house.town.code, house.case.number)
    )
    token = Guest.objects.get(user=house.mayor.user).join_token
    assert token in mine.text
    assert "meet.example" not in mine.text
    stranger = representing(a_town("Lluny"))
    assert browser(stranger).get(ics_of(house, appointment)).status_code == 404
    appointing.cancel(house.case, appointment, "Hi ha vaga.", house.worker)
    assert "Hi ha vaga." in page_of(house, reader)


@pytest.mark.parametrize(
    ("minutes", "opens"), [(-16, False), (-14, True), (59, True), (61, False)]
)
def test_the_own_door_leads_in_while_the_appointment_is_on(
    house, clock, minutes, opens
):
    online = {"provider": Provider.LINK, "join_url": "https://meet.example/x"}
    appointment = arranged(house, **online)
    guest = Guest.objects.get(user=house.mayor.user)
    clock.move_to(SUMMER + timedelta(minutes=minutes))

    page = Client().get(reverse("join", args=[guest.join_token]))
    led = Client().get(reverse("enter", args=[guest.join_token]))

    assert page.status_code == 200
    assert "meet.example" not in page.text
    assert (led.url == "https://meet.example/x") == opens
    appointment.guests.update(expected=False)
    assert "meet.example" not in Client().get(led.wsgi_request.path).url


def test_with_the_words_of_the_case_goes_who_was_there(house, clock):
    arranged(house)
    do(house.case, house.worker, outcome="finished", text="Fet.")
    clock.shift(retention.CASE_KEPT + timedelta(days=1))

    of_requests.forget(timezone.now(), 10)

    assert not Guest.objects.exists()
    assert Case.objects.exists()


# Looked at ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_screens_and_pages_can_be_read_by_everybody(
    page: Page, live_server: Any, assert_accessible: Any, width: int
):
    a_home()
    house = a_house()
    starts = in_two_weeks()
    online = {"provider": Provider.LINK, "join_url": "https://meet.example/x"}
    gone = arranged(house, starts=starts)
    appointing.cancel(house.case, gone, "Hi ha vaga.", house.worker)
    met = arranged(house, starts=starts, title="Seguiment", **online)
    guest = met.guests.get(user=house.mayor.user)
    doubtful = {"rsvp": "declined", "sender": "a.name@that-is-long.rubi.example"}
    now = timezone.now()
    guest.answers.create(sequence=0, stamp=now, outcome="doubtful", **doubtful)
    page.set_viewport_size({"width": width, "height": 900})

    def looked_at(path: str) -> None:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    lend(page.context, browser(house.mayor), live_server.url)
    looked_at(url("body_request", house.town.code, house.case.number))
    looked_at(reverse("join", args=[guest.join_token]))
    page.context.clear_cookies()
    lend(page.context, staff(house), live_server.url)
    looked_at(reverse("cases:case", args=[house.case.number]))
    looked_at(address("arrange", house))
    looked_at(address("cancel", house, met.pk))
    looked_at(address("move", house, met.pk))
    page.locator("#id_place").fill("Sala 3")
    page.locator("main form button[type=submit]").first.click()
    page.locator("iframe.staff-mail").first.wait_for()
    assert_accessible(page)
