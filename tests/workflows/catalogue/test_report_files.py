"""The report of all bodies is made by the worker, once, and handed out to who asked."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories import a_body, a_user
from tests.factories.catalogue import a_resource
from tests.together import together
from workflows.catalogue import report, report_files, requested
from workflows.catalogue.models import Report
from workflows.catalogue.report_files import make_due, private_storage

pytestmark = pytest.mark.django_db

State = Report.State


@pytest.fixture
def bodies(settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path
    a_resource(code="GO-1", most=20_000, limit=1)
    figures = {"population_year": 2025, "population_source": "Padró"}
    a_body("Petita", code="08001", population=100, **figures)
    a_body("Gran", code="08002", population=30_000, **figures)
    a_body("Comarca", code="08003", kind="county_council")


def address(kind: str = "xlsx") -> str:
    return reverse("resource:report_file", args=[kind])


def ask(desk: Client, kind: str = "xlsx") -> str:
    """Ask for it; what the screen says then."""
    return desk.post(reverse("resource:report"), {"kind": kind}, follow=True).text


def lying() -> list[str]:
    """What lies in the folder."""
    storage = private_storage()
    there = storage.exists(report_files.FOLDER)
    return storage.listdir(report_files.FOLDER)[1] if there else []


def octets(answer: FileResponse) -> bytes:
    return b"".join(answer.streaming_content)


def fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("Ada Exemple")

    monkeypatch.setattr(report, "table", broken)


def due_again() -> None:
    """Whatever waits is due, and the lease of who died is over."""
    now = timezone.now()
    Report.objects.filter(state__in=Report.WAITING).update(next_try=now)
    running = Report.objects.filter(state=State.RUNNING)
    running.update(lease_until=now - timedelta(seconds=1))


def test_it_says_of_each_body_what_it_can_request(bodies, monkeypatch):
    made = {"08001": {"GO-1": {timezone.localdate().year: ("S-1",)}}}

    head, *rows = report.table()
    assert head[2:] == ["GO-1"]
    assert dict(row[1:] for row in rows) == {
        "Comarca": "no: tipus",
        "Gran": "no: població",
        "Petita": "sí",
    }

    monkeypatch.setattr(requested, "by_each", lambda codes: made)
    assert dict(row[1:] for row in report.table()[1:])["Petita"] == (
        "ara no: ja demanat"
    )


def test_the_worker_makes_it_and_who_asked_fetches_it(bodies, desk, work):
    assert "S’està fent" in ask(desk)
    assert desk.get(address()).status_code == 404

    work()

    shown = desk.get(reverse("resource:report")).text
    assert address() in shown
    assert address("csv") not in shown
    answer = desk.get(address())
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    [_head, first, *_others] = load_workbook(io.BytesIO(octets(answer))).active.values
    assert first == ("08003", "Comarca", "no: tipus")


def test_nobody_else_fetches_it(bodies, desk, editor, work):
    other = a_user()
    other.groups.add(Group.objects.get(name="Coordinators"))
    ask(desk)
    work()
    client = Client()

    client.force_login(other)
    assert client.get(address()).status_code == 404
    editor.groups.set([Group.objects.get(name="Readers")])
    # Who may not keep the catalogue any more is led away.
    assert desk.get(address()).status_code == 302


def test_asked_twice_it_is_made_once_and_again_when_it_is_there(
    bodies, desk, work, monkeypatch
):
    made = []
    table = report.table
    monkeypatch.setattr(report, "table", lambda: made.append(1) or table())

    for _each in range(2):
        ask(desk)
    assert len(made) == 0
    work()
    assert (len(made), len(lying())) == (1, 1)

    ask(desk)
    assert desk.get(address()).status_code == 404
    work()
    assert (len(made), Report.objects.count()) == (2, 1)
    assert octets(desk.get(address()))


def test_what_fails_is_said_and_tried_again(bodies, desk, monkeypatch):
    table = report.table
    fail(monkeypatch)
    ask(desk)
    make_due(1)
    assert "es torna a provar" in desk.get(reverse("resource:report")).text

    for _each in range(Report.MAX_ATTEMPTS):
        due_again()
        make_due(1)

    shown = desk.get(reverse("resource:report")).text
    assert "No s’ha pogut fer" in shown
    assert "Ada Exemple" not in shown
    assert "Torna-ho a provar" in shown
    monkeypatch.setattr(report, "table", table)
    ask(desk)
    make_due(1)
    assert octets(desk.get(address()))


@pytest.mark.parametrize(
    "line", ["table", "as_csv", "save", "note", "settle"], ids=lambda line: line
)
def test_a_worker_that_dies_at_any_line_leaves_it_to_another(
    bodies, desk, monkeypatch, line
):
    class Dead(BaseException):
        pass

    def die(*_args, **_values) -> None:
        raise Dead

    owner = {
        "table": report,
        "as_csv": report_files,
        "save": type(private_storage()),
        "note": Report,
        "settle": Report,
    }[line]
    ask(desk, "csv")
    with monkeypatch.context() as patch:
        patch.setattr(owner, line, die)
        with pytest.raises(Dead):
            make_due(1)
    make_due(1)
    assert Report.objects.get().state == State.RUNNING

    due_again()
    assert make_due(1) == 1

    assert b"Comarca" in octets(desk.get(address("csv")))
    assert (Report.objects.get().state, make_due(1)) == (State.DONE, 0)


def test_after_a_day_it_is_gone(bodies, desk, editor):
    for kind in ("xlsx", "csv"):
        ask(desk, kind)
    make_due(2)
    # What somebody who died has left, too.
    private_storage().save(f"{report_files.FOLDER}/left", ContentFile(b"x"))
    assert len(lying()) == 3

    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        make_due(1)
        assert not Report.objects.exists()
        # Who is fetching it gets it whole.
        assert len(lying()) == 3
    with time_machine.travel(timezone.now() + timedelta(hours=25, minutes=1)):
        make_due(1)
        assert lying() == []


def test_a_file_that_the_disk_has_lost_is_not_found(bodies, desk):
    ask(desk)
    make_due(1)
    for name in lying():
        private_storage().delete(f"{report_files.FOLDER}/{name}")

    assert desk.get(address()).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_press_and_two_who_make_it_at_once_make_one(
    transactional_db, monkeypatch
):
    by = a_user()
    made = []
    monkeypatch.setattr(report, "table", lambda: made.append(1) or [["x"]])

    together(*[lambda: report_files.ask(by, "csv")] * 2)
    assert Report.objects.count() == 1
    assert sorted(together(*[lambda: make_due(1)] * 2)) == [0, 1]

    assert (len(made), Report.objects.get().state) == (1, State.DONE)
