"""Who has seen what people wrote is known to who answers for it."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.messages.kinds import Kind, register
from community.models import Message, Unit, User
from community.privacy import runs
from events.models import Registration, Session
from events.registrations import Needs
from tests.factories import a_registration, a_series, a_session
from workflows.organising import disclosure

REPORT = reverse("disclosures:index")
RETENTION = reverse("retention:index")


@pytest.fixture
def session(series) -> Session:
    session = a_session(series=series, title={"en": "Open data", "ca": "Dades"})
    a_registration(session, "ada@council.example", name="Ada Puig")
    return session


@pytest.fixture
def registration(session) -> Registration:
    return session.registrations.get()


def written(action: str) -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action=action))


# What is written --------------------------------------------------------------------


def test_opening_a_person_is_written_once_in_an_hour(
    session, registration, sign_in, time_machine
):
    time_machine.move_to(timezone.now())
    client = sign_in()
    address = reverse("sessions:registration", args=[registration.pk])

    client.get(address)
    client.get(address)
    [entry] = written(disclosure.PERSON_OPENED)
    assert entry.user == client.user
    assert entry.data == {"session": session.pk, "registration": registration.pk}
    assert "Ada" not in entry.label

    time_machine.shift(timedelta(minutes=61))
    sign_in("Readers").get(address)
    client.get(address)
    assert len(written(disclosure.PERSON_OPENED)) == 3


def test_reading_a_mail_is_written_and_so_is_going_through_them(
    session, registration, sign_in, smtp_server, work
):
    client = sign_in()
    mail = Message.objects.get(about=registration.pk)
    address = reverse("messages:message", args=[mail.pk])

    client.get(address)
    assert written(disclosure.MAIL_READ) == [], "it is not written yet"
    work()
    client.get(address)
    client.get(reverse("messages:index"))
    client.get(reverse("messages:index_results"))

    [read] = written(disclosure.MAIL_READ)
    assert read.data == {"session": session.pk, "registration": registration.pk}
    [listed] = written(disclosure.MAILS_LISTED)
    assert listed.user == client.user


def test_the_list_its_files_and_its_paper_are_written(session, sign_in):
    client = sign_in()
    people = reverse("sessions:people", args=[session.pk])

    client.get(people)
    b"".join(client.get(people, {"export": "csv"}).streaming_content)
    client.get(reverse("sessions:print_people", args=[session.pk]))

    assert len(written(disclosure.OPENED)) == 1
    taken = [entry.data for entry in written(disclosure.TAKEN_OUT)]
    assert sorted(data["how"] for data in taken) == ["csv", "print"]
    assert {data["people"] for data in taken} == {1}


def test_who_was_refused_has_seen_nothing(session, registration, sign_in):
    editor = sign_in("Editors")
    stranger = sign_in(unit=Unit.objects.create(code="other", name="Una altra"))

    for client in (editor, stranger):
        client.get(reverse("sessions:people", args=[session.pk]))
        client.get(reverse("sessions:registration", args=[registration.pk]))

    assert not disclosure.entries().exists()


# Who reads it -------------------------------------------------------------------------


def test_coordinators_and_administrators_see_who_has_seen_people(session, sign_in):
    nuria = sign_in()
    nuria.get(reverse("sessions:people", args=[session.pk]))
    elsewhere = a_session(series=a_series())

    for role in ("Coordinators", "Administrators"):
        page = sign_in(role, unit=None).get(REPORT)
        text = page.content.decode()
        assert page.status_code == 200
        assert "Núria Prova" in text, role
        assert "List of people opened" in text
        assert "Open data" in text
        assert "Ada Puig" not in text
    disclosure.opened(elsewhere, by=nuria.user)
    assert len(sign_in("Coordinators").get(REPORT).context["object_list"]) == 2


@pytest.mark.parametrize("role", ["Case workers", "Readers", "Editors"])
@pytest.mark.parametrize("address", [REPORT, RETENTION])
def test_the_reports_are_nobody_elses(session, sign_in, role, address):
    client = sign_in(role)

    assert client.get(address).url == reverse("wagtailadmin_home")
    assert client.get(f"{address}results/").url == reverse("wagtailadmin_home")
    assert client.get(address, {"export": "csv"}).url == reverse("wagtailadmin_home")
    assert address not in client.get("/admin/").content.decode()


def test_the_report_is_narrowed_by_person_session_action_and_date(
    session, registration, sign_in, time_machine
):
    time_machine.move_to(timezone.now())
    nuria, marta = sign_in(), sign_in("Readers")
    User.objects.filter(pk=marta.user.pk).update(name="Marta Prova")
    nuria.get(reverse("sessions:people", args=[session.pk]))
    time_machine.shift(timedelta(days=3))
    marta.get(reverse("sessions:registration", args=[registration.pk]))
    other = a_session(series=session.series)
    marta.get(reverse("sessions:people", args=[other.pk]))
    coordinator = sign_in("Coordinators")

    def found(**query) -> list[str]:
        rows = coordinator.get(REPORT, query).context["object_list"]
        return [f"{row.user.name} {row.action}" for row in rows]

    opened = "Núria Prova events.list_people"
    person = "Marta Prova events.open_person"
    listed = "Marta Prova events.list_people"
    assert found() == [listed, person, opened]
    assert found(user=nuria.user.pk) == [opened]
    assert found(session=session.pk) == [person, opened]
    assert found(action=disclosure.PERSON_OPENED) == [person]
    today = timezone.localdate().isoformat()
    assert found(timestamp_from=today) == [listed, person]
    assert found(user="x", session="'\"") == [listed, person, opened]


def test_the_report_may_be_the_first_thing_asked_of_a_new_process(
    sign_in, forget_log_actions
):
    coordinator = sign_in("Coordinators")

    forget_log_actions()

    assert "Open the list" in coordinator.get(REPORT).content.decode()


def test_the_report_is_taken_out_as_a_file(session, sign_in):
    nuria = sign_in()
    b"".join(
        nuria.get(
            reverse("sessions:people", args=[session.pk]), {"export": "csv"}
        ).streaming_content
    )

    answer = sign_in("Coordinators").get(REPORT, {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    [row] = rows
    assert (row["Who"], row["Session or case"]) == ("Núria Prova", session.code)
    assert (row["How"], row["People"]) == ("CSV file", "1")


def test_the_report_asks_as_much_with_one_entry_as_with_many(
    session, registration, sign_in, django_assert_max_num_queries
):
    coordinator = sign_in("Coordinators")
    staff = [sign_in().user for _ in range(20)]
    disclosure.opened(session, by=staff[0])
    coordinator.get(REPORT)
    with django_assert_max_num_queries(40) as with_one:
        coordinator.get(REPORT)
    for one in staff:
        disclosure.opened(session, by=one)
        disclosure.person_opened(registration, by=one)

    with django_assert_max_num_queries(len(with_one.captured_queries)):
        coordinator.get(REPORT)


def test_the_name_of_who_has_gone_is_not_in_the_report(session, sign_in):
    from community.privacy import accounts

    nuria = sign_in()
    nuria.get(reverse("sessions:people", args=[session.pk]))
    accounts.erase(nuria.user)

    text = sign_in("Coordinators").get(REPORT).content.decode()

    assert "Núria Prova" not in text.partition("<main")[2].partition("</main>")[0] or (
        # The coordinator of this test has the same name.
        f"erased account {nuria.user.pk}" in text
    )


def test_what_was_seen_is_forgotten_after_two_years(session, sign_in, time_machine):
    time_machine.move_to(timezone.now())
    sign_in().get(reverse("sessions:people", args=[session.pk]))

    time_machine.shift(timedelta(days=729))
    runs.run_all()
    assert disclosure.entries().count() == 1
    time_machine.shift(timedelta(days=2))
    runs.run_all()
    assert disclosure.entries().count() == 0


# The retention register ---------------------------------------------------------


def test_the_register_is_shown_with_what_is_due(session, sign_in, time_machine):
    time_machine.move_to(timezone.now())
    a_registration(session, needs=Needs(telephone=True))
    time_machine.move_to(session.ends + timedelta(days=31))

    for role in ("Coordinators", "Administrators"):
        page = sign_in(role, unit=None).get(RETENTION)
        rows = {row.entry.name: row for row in page.context["object_list"]}
        assert (rows["needs"].rows, rows["needs"].due) == (1, 1)
        assert (rows["registrations"].rows, rows["registrations"].due) == (2, 0)
        assert rows["speakers"].due is None
        assert "30 days after the session" in page.content.decode()
        assert "not yet" in page.content.decode()
    runs.run_all()

    page = sign_in("Coordinators").get(RETENTION)
    assert "1 row ended" in page.content.decode()
    rows = {row.entry.name: row for row in page.context["object_list"]}
    assert rows["needs"].due == 0
    assert rows["needs"].next_day == timezone.localdate() + timedelta(days=1)


def test_the_register_is_taken_out_as_a_file(session, sign_in):
    answer = sign_in("Administrators").get(RETENTION, {"export": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    [needs] = [row for row in rows if "sign language" in row["What is held"]]
    assert needs["Until when"] == "30 days after the session"
    assert needs["Legal basis"].startswith("Express consent")


def test_who_may_see_the_register_is_given_to_a_group_in_the_admin(session, sign_in):
    page = sign_in("Administrators").get(
        reverse("wagtailusers_groups:edit", args=[Group.objects.get(name="Readers").pk])
    )

    assert "view_retentionrun" in page.content.decode() or (
        "retention run" in page.content.decode().lower()
    )


# An erased person ---------------------------------------------------------------


def test_the_screens_say_that_a_person_is_erased(session, registration, sign_in):
    from events import retention

    retention.erase([registration])
    client = sign_in()

    people = client.get(reverse("sessions:people", args=[session.pk]))
    one = client.get(reverse("sessions:registration", args=[registration.pk]))
    printed = client.get(reverse("sessions:print_people", args=[session.pk]))

    for page in (people, one, printed):
        assert "Data erased" in page.content.decode()
        assert "Ada Puig" not in page.content.decode()
    assert one.context["actions"] == []


def test_a_mail_whose_text_is_erased_says_so(session, registration, sign_in, work):
    mail = Message.objects.get(about=registration.pk)
    Message.objects.filter(pk=mail.pk).update(
        state=Message.State.DONE, settled=timezone.now(), mime=None, recipient=""
    )

    text = sign_in().get(reverse("messages:message", args=[mail.pk])).content.decode()

    assert "Its text has been erased" in text
    assert "an address that has been forgotten" in text


def test_a_secret_mail_is_not_read_by_opening_it(session, sign_in):
    register(Kind("test_secret", "Secret", secret=True))
    row = Message.objects.create(
        kind="test_secret", recipient="ada@council.example", language="ca", mime=b"x"
    )
    client = sign_in("", is_superuser=True)

    assert client.get(reverse("messages:message", args=[row.pk])).status_code == 200
    assert written(disclosure.MAIL_READ) == []
    assert isinstance(client, Client)
