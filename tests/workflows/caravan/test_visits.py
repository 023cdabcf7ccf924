"""The visit in the calendars of host, rapporteur and team: as it is, each change once,
whoever they have become meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils.translation import override

from community.acting import memberships
from community.models import Message
from community.privacy import departures
from events.models import Provider
from tests.factories import caravan as make
from tests.factories.acting import representing
from tests.factories.cases import a_worker, do, open_task
from tests.mail import MailServer, entry, story
from workflows.caravan import stops, visiting
from workflows.caravan.models import Stop
from workflows.engine import desk

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
# Ten o'clock in Barcelona, before and after the change of clock.
FIRST = datetime(2026, 10, 15, 8, tzinfo=UTC)
SECOND = datetime(2026, 10, 22, 8, tzinfo=UTC)
THIRD = datetime(2026, 10, 29, 9, tzinfo=UTC)
FOURTH = datetime(2026, 11, 5, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def house(clock: Any) -> make.House:
    return make.a_house()


@pytest.fixture
def stop(house) -> Stop:
    """One whose date is fixed; what was told before is not looked at here."""
    found = make.at(make.DATES, house)
    Message.objects.all().delete()
    return make.dated(found, house, FIRST)


def heard(server: MailServer) -> dict[str, list]:
    """What the calendar of each address was told, in order."""
    return {
        to: [one for one in story(server.mails_to(to)) if one]
        for to in sorted(set(server.recipients))
    }


def three(house) -> list[str]:
    people = (house.technician.user, house.teller.user, house.coordinator)
    return sorted(one.email for one in people)


def moved(stop: Stop, house, to: datetime) -> None:
    said = make.as_typed(to)
    said.pop("provider")
    do(make.case_of(stop), house.coordinator, decision="fixed", **said)


def test_a_date_moved_thrice_is_one_entry_whose_sequence_grows(
    house, stop, clock, work, smtp_server
):
    work()
    for when in (SECOND, THIRD, FOURTH):
        moved(stop, house, when)
        work()
        clock.shift(61)
        call_command("sweep")
        work()

    told = [
        ("REQUEST", 0, FIRST),
        ("REQUEST", 1, SECOND),
        ("REQUEST", 2, THIRD),
        ("REQUEST", 3, FOURTH),
    ]
    assert heard(smtp_server) == dict.fromkeys(three(house), told)
    for to in three(house):
        entries = [entry(mail)[1] for mail in smtp_server.mails_to(to)]
        assert len({str(one["UID"]) for one in entries}) == 1
        assert {one["DTSTART"].dt.hour for one in entries} == {10}
        assert {str(one["ATTENDEE"]) for one in entries} == {f"mailto:{to}"}
        assert "Cita prèvia sense cues" in str(entries[0]["SUMMARY"])
    assert make.now(stop).appointment.starts == FOURTH


def test_a_date_that_stays_as_it_is_tells_nobody(house, stop, work, smtp_server):
    work()
    told = len(smtp_server.recipients)
    said = make.as_typed(FIRST)
    task = open_task(make.case_of(stop))
    form = task.flow_task.form_class(
        {**said, "decision": "fixed"}, case=make.case_of(stop)
    )
    assert form.is_valid()

    with override("en"), pytest.raises(visiting.ValidationError, match="already"):
        desk.complete(task, form.apply, house.coordinator)
    work()

    assert len(smtp_server.recipients) == told


def test_a_rapporteur_who_drops_out_the_day_before_takes_it_out_of_all_calendars(
    house, stop, clock, work, smtp_server
):
    work()
    clock.move_to(FIRST - timedelta(days=1))

    stops.drop_out(make.now(stop), "Tinc febre.", house.teller.user)
    work()

    told = [("REQUEST", 0, FIRST), ("CANCEL", 1, FIRST)]
    assert heard(smtp_server) == dict.fromkeys(three(house), told)
    for mail in smtp_server.mails_to(house.technician.user.email):
        assert "Tinc febre." not in mail.as_string(), "the office alone reads why"
    assert open_task(make.case_of(stop)).flow_task.name == "match"

    other = make.an_offer()
    found = make.matched(make.now(stop), house, other)
    stops.answer_pairing(found, True, "", other.user)
    make.dated(make.now(stop), house, SECOND)
    work()

    calendars = heard(smtp_server)
    assert calendars[other.user.email] == [("REQUEST", 0, SECOND)]
    assert calendars[house.technician.user.email][-1] == ("REQUEST", 0, SECOND)
    assert calendars[house.teller.user.email] == told, "she hears no more of it"


def test_putting_it_off_cancels_it_with_the_reason_and_a_new_date_invites_again(
    house, stop, work, smtp_server
):
    work()

    do(make.case_of(stop), house.coordinator, decision="redate", reason="Hi ha vaga.")
    work()
    make.dated(make.now(stop), house, SECOND)
    work()

    told = [("REQUEST", 0, FIRST), ("CANCEL", 1, FIRST), ("REQUEST", 0, SECOND)]
    assert heard(smtp_server) == dict.fromkeys(three(house), told)
    mails = smtp_server.mails_to(house.teller.user.email)
    bodies = [mail.get_body(("plain",)).get_content() for mail in mails]
    assert any("Hi ha vaga." in body for body in bodies)


@pytest.mark.parametrize("by", ["host", "office", "another rapporteur"])
def test_however_it_ends_calendars_hear_of_it_once(house, stop, work, smtp_server, by):
    work()
    if by == "host":
        stops.withdraw(make.now(stop), "No podem.", house.mayor.user)
    elif by == "office":
        desk.cancel(make.case_of(stop), "No tenim prou gent.", house.coordinator)
    else:
        stops.replace_rapporteur(make.now(stop), "No contesta.", house.coordinator)
    work()
    call_command("sweep")
    work()

    told = [("REQUEST", 0, FIRST), ("CANCEL", 1, FIRST)]
    assert heard(smtp_server) == dict.fromkeys(three(house), told)


def test_whoever_answers_for_the_host_or_has_the_step_now_is_invited_instead(
    house, stop, work, smtp_server
):
    colleague = a_worker(house.unit, role="Coordinators")
    boss = representing(house.host)
    work()
    desk.take_over(open_task(make.case_of(stop)), colleague)
    memberships.end(house.technician, by=boss.user)

    assert visiting.follow_due(10) == 1
    assert visiting.follow_due(10) == 0, "it was so already"
    work()

    calendars = heard(smtp_server)
    for gone in (house.technician.user, house.coordinator):
        assert calendars[gone.email][-1] == ("CANCEL", 1, FIRST)
    for new in (house.mayor.user, boss.user, colleague):
        assert calendars[new.email] == [("REQUEST", 0, FIRST)]
    assert calendars[house.teller.user.email] == [("REQUEST", 0, FIRST)]


def test_who_leaves_the_site_is_expected_no_more_and_somebody_else_is_looked_for(
    house, stop, work, smtp_server
):
    work()

    departures.leave(house.teller.user.email, language="ca")
    work()

    assert heard(smtp_server)[house.teller.user.email][-1] == ("CANCEL", 1, FIRST)
    assert open_task(make.case_of(stop)).flow_task.name == "match"
    assert make.now(stop).rapporteur is None


def test_a_visit_online_has_a_meeting_and_a_door_for_each(
    house, clock, work, smtp_server, settings
):
    settings.MEETINGS_HERE = True
    found = make.at(make.DATES, house, form="online", place="")
    Message.objects.all().delete()
    said = make.as_typed(FIRST, provider=Provider.HERE, place="")

    do(found.case, house.coordinator, **said)
    work()

    doors = set()
    for to in three(house):
        [mail] = [m for m in smtp_server.mails_to(to) if story([m])[0]]
        _method, event = entry(mail)
        doors.add(str(event["LOCATION"]))
    assert len(doors) == 3
    assert all("/join/" in door or "http" in door for door in doors)


def test_the_mail_leads_each_to_the_page_that_is_hers(house, stop, work, smtp_server):
    work()

    def links(to: str) -> str:
        [mail] = [m for m in smtp_server.mails_to(to) if story([m])[0]]
        return mail.get_body(("plain",)).get_content()

    for side in (house.technician.user, house.teller.user):
        assert f"/caravan/stops/{stop.key}/" in links(side.email)
    assert f"/cases/{make.case_of(stop).number}/" in links(house.coordinator.email)
