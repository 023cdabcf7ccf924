"""A backup is the site again, and nobody hears anything twice."""

import json
import os
import stat
import tarfile
from collections import namedtuple
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage, send_mail
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from community.backup.folder import MANIFEST, described
from community.messages.backend import SIGN_IN
from community.models import Message, UnitMembership
from events import registrations, sessions
from events.models import Registration, Session
from tests.factories import a_registration, a_session, a_user, an_applicant
from tests.mail import entry
from tests.together import another, meanwhile, url_of

State = Message.State
LIST = "/admin/messages/"

# What commits, because another connection or another process has to see it.
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    (tmp_path / "private" / "cases").mkdir(parents=True)
    (tmp_path / "private" / "cases" / "x").write_text("Una acta")
    folder = tmp_path / "media" / "documents"
    folder.mkdir(parents=True)
    (folder / "guia.txt").write_text("Guia de dades obertes")
    return tmp_path / "media"


@pytest.fixture
def place(tmp_path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def back_up(place: Path) -> Path:
    call_command("backup", str(place), stdout=StringIO())
    [made] = [path for path in place.iterdir() if not path.name.startswith(".")]
    return made


def restore(made: Path, *options: str) -> str:
    out = StringIO()
    call_command("restore", str(made), *options, stdout=out)
    return out.getvalue()


def staff_of(session: Session, role: str = "Coordinators") -> Client:
    user = a_user(language="en")
    user.groups.add(Group.objects.get(name=role))
    UnitMembership.objects.create(user=user, unit=session.series.unit)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.user = user
    return client


def sequences(server, address: str) -> list[int]:
    """The SEQUENCE of each calendar mail to `address`, in order."""
    return [int(entry(mail)[1]["SEQUENCE"]) for mail in server.mails_to(address)]


@pytest.fixture
def past(smtp_server, work, place) -> SimpleNamespace:
    """A backup of a site where Ada's invitation has left, Mar's was written and
    refused for now, and Jan's was not written yet; and what happened after it: both
    left, all were moved twice, Jo came and Ada went."""
    with time_machine.travel(timezone.now()) as clock:
        session = a_session(3)
        ada = a_registration(session, "ada@council.example")
        work()
        smtp_server.answers["mar@council.example"] = "451 later"
        mar = a_registration(session, "mar@council.example")
        work()
        smtp_server.answers.clear()
        jan = a_registration(session, "jan@council.example")
        pol = a_registration(session, "pol@council.example")
        send_mail("Avís", "Bon dia.", None, ["nuria@placa.example"])
        code = EmailMessage("Codi", "123 456", to=["codi@council.example"])
        code.outbox_kind = SIGN_IN.name
        code.send()
        staff = staff_of(session)
        places = list(session.registrations.values_list("email", "state", "arrival"))

        made = back_up(place)

        clock.shift(61)
        call_command("sweep")
        work()
        for days in (1, 2):
            session.refresh_from_db()
            sessions.move(
                session,
                starts=session.starts + timedelta(days=days),
                ends=session.ends + timedelta(days=days),
            )
            clock.shift(61)
            call_command("sweep")
            work()
        registrations.cancel(ada, Registration.Reason.PERSON)
        a_registration(session, "jo@council.example")
        work()
        assert not Message.objects.unsettled().exists()
        yield SimpleNamespace(
            made=made,
            session=session,
            ada=ada,
            mar=mar,
            jan=jan,
            pol=pol,
            staff=staff,
            places=places,
            server=smtp_server,
            clock=clock,
        )


# The whole of it ---------------------------------------------------------------


@committed
def test_a_restored_site_repeats_no_mail_by_itself(past, work):
    left = len(past.server.octets)

    said = restore(past.made, "--replace")
    for _minute in range(120):
        past.clock.shift(60)
        call_command("sweep")
        work()

    assert len(past.server.octets) == left
    # The places of Mar and Jan, Pol's waiting, and the notice; not the code.
    assert "4 mails are on hold" in said
    assert Message.objects.held().count() == 4
    code = Message.objects.get(kind=SIGN_IN.name)
    assert (code.state, code.mime, code.subject) == (State.DROPPED, None, "")


@committed
def test_nobody_is_reminded_twice_because_a_site_was_restored(smtp_server, work, place):
    starts = timezone.now() + timedelta(days=2)
    with time_machine.travel(timezone.now()) as clock:
        a_registration(a_session(starts=starts), "ada@council.example")
        work()
        made = back_up(place)

        def remind(before: timedelta) -> int:
            clock.move_to(starts - before)
            call_command("sweep")
            work()
            return len(smtp_server.octets)

        assert remind(timedelta(days=1)) == 2
        restore(made, "--replace")

        assert remind(timedelta(hours=23)) == 2
        assert remind(timedelta(hours=1)) == 3


@committed
def test_places_are_those_of_the_backup_and_go_on_from_there(past):
    restore(past.made, "--replace")

    session = Session.objects.get(pk=past.session.pk)
    rows = session.registrations.values_list("email", "state", "arrival")
    assert list(rows) == past.places
    assert session.arrivals == len(past.places)
    assert a_registration(session).arrival == len(past.places) + 1
    assert registrations.cancel(past.ada, Registration.Reason.PERSON)
    past.pol.refresh_from_db()
    assert past.pol.state == Registration.State.CONFIRMED


@committed
def test_what_calendars_are_told_after_it_is_newer_than_all_they_heard(past, work):
    heard = {
        address: max(sequences(past.server, address))
        for address in (
            "ada@council.example",
            "mar@council.example",
            "jan@council.example",
        )
    }
    public = past.session.revision
    restore(past.made, "--replace")

    session = Session.objects.get(pk=past.session.pk)
    assert session.revision > public + 1
    sessions.move(
        session,
        starts=session.starts + timedelta(days=7),
        ends=session.ends + timedelta(days=7),
    )
    past.clock.shift(61)
    call_command("sweep")
    work()

    for address, last in heard.items():
        assert sequences(past.server, address)[-1] > last, address


@committed
def test_the_same_backup_restored_twice_still_counts_on(past, work):
    for _ in range(2):
        restore(past.made, "--replace")
        session = Session.objects.get(pk=past.session.pk)
        sessions.move(
            session,
            starts=session.starts + timedelta(days=7),
            ends=session.ends + timedelta(days=7),
        )
        past.clock.shift(61)
        call_command("sweep")
        work()

    *_, first, second, third = sequences(past.server, "ada@council.example")
    assert first < second < third


@committed
def test_an_invitation_that_may_have_left_is_taken_back_all_the_same(past, work):
    """The backup knows of none to Jan, whose calendar has it."""
    restore(past.made, "--replace")

    jan = Registration.objects.get(pk=past.jan.pk)
    registrations.cancel(jan, Registration.Reason.PERSON)
    call_command("sweep")
    work()

    method, event = entry(past.server.mails_to("jan@council.example")[-1])
    assert method == "CANCEL"
    invited = entry(past.server.mails_to("jan@council.example")[0])[1]
    assert event["UID"] == invited["UID"]


@committed
def test_staff_see_what_is_on_hold_and_send_one_or_all(past, work):
    restore(past.made, "--replace")
    left = len(past.server.octets)
    staff = staff_of(past.session)
    home = staff.get("/admin/").content.decode()
    assert "4 mails are on hold" in home
    assert "could not be sent" not in home
    mar = Message.objects.held().order_by("pk").first()

    staff.post(f"{LIST}{mar.pk}/again/")
    work()
    assert past.server.recipients[left:] == ["mar@council.example"]
    heard = sequences(past.server, "mar@council.example")
    assert heard[-1] > max(heard[:-1])

    page = staff.get(f"{LIST}held/").content.decode()
    assert "3 mails are on hold" in page
    staff.post(f"{LIST}held/", {"do": "send"})
    work()

    assert sorted(past.server.recipients[left + 1 :]) == [
        "jan@council.example",
        "nuria@placa.example",
        "pol@council.example",
    ]
    assert not Message.objects.held().exists()
    # What had been written before is sent as it was, under the same name.
    notices = past.server.mails_to("nuria@placa.example")
    assert len({mail["Message-ID"] for mail in notices}) == 1


@committed
def test_staff_put_all_aside(past, work):
    restore(past.made, "--replace")
    left = len(past.server.octets)
    staff = staff_of(past.session)

    staff.post(f"{LIST}held/", {"do": "aside"})
    work()

    assert len(past.server.octets) == left
    assert not Message.objects.needing_somebody().exists()
    assert "on hold" not in staff.get("/admin/").content.decode()


@committed
def test_only_who_may_change_registrations_decides_about_mails_on_hold(past):
    restore(past.made, "--replace")
    reader = staff_of(past.session, "Readers")
    stranger = staff_of(a_session(), "Case workers")

    assert reader.post(f"{LIST}held/", {"do": "send"}).status_code in (302, 403, 404)
    assert "0 mails" in stranger.get(f"{LIST}held/").content.decode() or (
        "No mail is on hold" in stranger.get(f"{LIST}held/").content.decode()
    )
    stranger.post(f"{LIST}held/", {"do": "send"})

    assert Message.objects.held().count() == 4


@committed
def test_nobody_stays_signed_in_and_the_site_answers(past, client):
    assert past.staff.get("/admin/").status_code == 200

    restore(past.made, "--replace")

    assert past.staff.get("/admin/").status_code == 302
    assert client.get(f"/s/{past.session.code}/").status_code == 200
    assert client.get(f"/r/{past.ada.token}/").status_code == 200
    assert client.get("/health/ready").json()["status"] != "fail"


# The folder ---------------------------------------------------------------------


@committed
def test_uploads_come_back_and_newer_ones_stay(place, uploads):
    made = back_up(place)
    (uploads / "documents" / "guia.txt").write_text("Una altra cosa")
    (uploads / "nou.txt").write_text("Nou")

    said = restore(made, "--replace")

    assert (uploads / "documents" / "guia.txt").read_text() == "Guia de dades obertes"
    assert (uploads / "nou.txt").read_text() == "Nou"
    assert "1 uploads are newer" in said


@pytest.mark.django_db
def test_a_backup_is_its_owners_alone(place):
    made = back_up(place)

    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.iterdir()} == {0o600}
    words = json.loads((made / MANIFEST).read_text())
    assert words["database"] == connection.vendor
    assert set(words["files"]) == {path.name for path in made.iterdir()} - {MANIFEST}


@pytest.fixture
def empty(tmp_path):
    """The address of a database that holds nothing."""
    if connection.vendor == "sqlite":
        yield url_of(str(tmp_path / "empty.sqlite3"))
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored_elsewhere")
    yield url_of("restored_elsewhere")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE restored_elsewhere")


@committed
def test_a_new_machine_becomes_the_site(place, empty, tmp_path):
    session = a_session()
    a_registration(session)
    made = back_up(place)
    media = tmp_path / "elsewhere"

    done = another("restore", str(made), url=empty, media=media)
    again = another("restore", str(made), url=empty, media=media)
    asked = another(
        "shell",
        "-v0",
        "-c",
        "from events.models import Registration as R; print(R.objects.count())",
        url=empty,
        media=media,
    )

    assert "1 mails are on hold" in done.stdout, done.stderr
    assert asked.stdout.strip() == "1"
    assert (media / "documents" / "guia.txt").is_file()
    assert (tmp_path / "elsewhere-private" / "cases" / "x").is_file()
    assert again.returncode == 1
    assert "There is a site already" in again.stderr


# What is refused ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_site_is_not_lost_unasked(place):
    made = back_up(place)
    session = a_session()

    with pytest.raises(CommandError, match="There is a site already"):
        restore(made)

    assert Session.objects.filter(pk=session.pk).exists()


@pytest.mark.parametrize("name", ["database", "media", "private"])
@pytest.mark.django_db
def test_a_damaged_backup_changes_nothing(place, name):
    made = back_up(place)
    session = a_session()
    [file] = [path for path in made.iterdir() if path.stem == name]
    octets = bytearray(file.read_bytes())
    octets[len(octets) // 2] ^= 1
    file.write_bytes(octets)

    with pytest.raises(CommandError, match="damaged"):
        restore(made, "--replace")

    assert Session.objects.filter(pk=session.pk).exists()


@committed
def test_a_restoring_that_breaks_halfway_changes_nothing(place, monkeypatch):
    from community.backup import restoring

    made = back_up(place)
    session = a_session()
    late = [("UPDATE no_such_table SET a = %s", [1])]
    monkeypatch.setattr(restoring, "statements", lambda gap: late)

    with pytest.raises(Exception, match="no_such_table"):
        restore(made, "--replace")

    connections.close_all()
    assert Session.objects.filter(pk=session.pk).exists()


def changed(made: Path, **words) -> None:
    manifest = made / MANIFEST
    found = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**found, **words}))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"format": 99}, "another release"),
        ({"database": "oracle"}, "of oracle"),
        ({"migrations": ["events.9999_future"]}, "newer"),
        ({"files": 3}, "no backup"),
    ],
)
@pytest.mark.django_db
def test_a_backup_of_something_else_is_refused(place, words, why):
    made = back_up(place)
    changed(made, **words)

    with pytest.raises(CommandError, match=why):
        restore(made, "--replace")


@pytest.mark.django_db
def test_nothing_lands_outside_the_uploads(place, tmp_path):
    made = back_up(place)
    (tmp_path / "evil").write_text("x")
    with tarfile.open(made / "media.tar", "w") as tar:
        tar.add(tmp_path / "evil", arcname="../../evil-outside")
    file = described(made / "media.tar")
    files = json.loads((made / MANIFEST).read_text())["files"]
    files["media.tar"] = {"bytes": file.bytes, "sha256": file.sha256}
    changed(made, files=files)

    with pytest.raises(CommandError):
        restore(made, "--replace")

    assert not (tmp_path.parent / "evil-outside").exists()


@pytest.mark.django_db
def test_too_little_room_is_said_before_anything_is_written(place, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10, 9, 1))

    with pytest.raises(CommandError, match="needs about"):
        back_up(place)

    assert list(place.iterdir()) == []


@committed
def test_a_disk_that_fills_up_meanwhile_leaves_no_half_backup(place, uploads):
    """Every file may have 100 kB: as if the disk were full there."""
    (uploads / "large.bin").write_bytes(os.urandom(300_000))
    at = connection.settings_dict["NAME"]

    done = another(
        "backup", str(place), url=url_of(at), media=uploads, RLIMIT_FSIZE=100_000
    )

    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert list(place.iterdir()) == []


@pytest.mark.django_db
def test_a_backup_is_not_put_where_the_uploads_are_handed_out(uploads):
    with pytest.raises(CommandError, match="among the uploads"):
        call_command("backup", str(uploads))


@pytest.mark.django_db
def test_a_place_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        call_command("backup", str(tmp_path / "nowhere"))


@committed
def test_people_can_register_while_it_is_made(place):
    """Writers are not kept out, and what they write is there whole or not at all."""
    session = a_session()

    def register() -> None:
        for _ in range(20):
            registrations.place(session, an_applicant())

    with meanwhile(register):
        made = back_up(place)
    restore(made, "--replace")

    session.refresh_from_db()
    assert session.arrivals == session.registrations.count()
    assert Message.objects.count() == session.arrivals
