"""Each thing that the worker does for requests happens once and whole, at whichever
line it dies and begins again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from community.acting import memberships
from community.cover import today
from community.messages import outbox
from community.models import Message
from events.models import Guest
from tests.factories import in_two_weeks
from tests.factories.acting import a_town, representing
from tests.factories.cases import a_unit, a_worker, do, mails_of
from tests.factories.catalogue import a_resource
from tests.factories.requests import a_request
from tests.killing import Deadly
from workflows.engine import jobs
from workflows.engine.models import Case, Entry, Job
from workflows.requesting import appointing, silence

pytestmark = pytest.mark.django_db

Facts = Callable[[], Any]


def mail(smtp_server: Any) -> tuple[Callable, Facts]:
    """The mail that says it came."""
    case = a_request()
    to = case.email

    def facts() -> Any:
        # A mail that left before its worker died may come again: the very same one.
        same = set(zip(smtp_server.recipients, smtp_server.octets, strict=True))
        smtp_server.octets.clear()
        smtp_server.recipients.clear()
        rows = Message.objects.filter(order_key=case.thread)
        return [who for who, _mail in same] == [to], list(rows.values_list("state"))

    return lambda: outbox.send_due(10), facts


def receipt(smtp_server: Any) -> tuple[Callable, Facts]:
    case = a_request()

    def facts() -> Any:
        steps = case.process.task_set.filter(flow_task_type="JOB")
        files = case.files.filter(entry=None).values_list("name", flat=True)
        return list(files), list(steps.values_list("status", "job__state"))

    return lambda: jobs.run_due(10), facts


def lapse(smtp_server: Any) -> tuple[Callable, Facts]:
    """What is not amended in time ends."""
    unit = a_unit()
    case = a_request(a_resource(unit=unit))
    do(case, a_worker(unit), decision="amend", parts=["text"], text="Falta dir-ho.")
    Case.objects.filter(pk=case.pk).update(answer_by=today() - timedelta(days=1))

    def facts() -> Any:
        case.refresh_from_db()
        open_steps = case.process.task_set.filter(finished=None, flow_task_type="HUMAN")
        written = case.entries.filter(way=Entry.Way.OUT).count()
        return case.outcome, mails_of(case), written, open_steps.count()

    return lambda: silence.end_due(10), facts


def invitations(smtp_server: Any) -> tuple[Callable, Facts]:
    """Whoever acts for the body now is invited, and who does not any more taken out."""
    unit, town = a_unit(), a_town()
    mayor, worker = representing(town), a_worker(unit)
    case = a_request(a_resource(unit=unit), by=mayor)
    do(case, worker, decision="admit")
    do(case, worker, decision="grant")
    do(case, a_worker(role="Coordinators"))
    starts = in_two_weeks()
    when = {"starts": starts, "ends": starts + timedelta(hours=1)}
    appointing.arrange(case, by=worker, title="Inici", **when)
    Message.objects.all().delete()
    memberships.end(mayor, by=representing(town).user)

    def facts() -> Any:
        told = Message.objects.filter(kind="request_appointment")
        guests = Guest.objects.values_list("user", "expected")
        return sorted(guests), sorted(told.values_list("recipient", flat=True))

    return lambda: appointing.follow_due(10), facts


@pytest.mark.parametrize("work", [mail, receipt, lapse, invitations])
def test_a_worker_killed_at_any_line_does_it_once_all_the_same(
    smtp_server, monkeypatch, work
):
    act, facts = work(smtp_server)
    before = facts()
    with transaction.atomic():
        act()
        once = facts()
        transaction.set_rollback(True)
    assert once != before
    deadly = Deadly(monkeypatch)
    for line in range(1, 200):
        with transaction.atomic():
            died = deadly.killed(act, line)
            for row in (Message, Job):
                held = row.objects.filter(state="running")
                held.update(lease_until=timezone.now())
            act()
            assert facts() == once, line
            transaction.set_rollback(True)
        if not died:
            break
    assert line > 5, "it has so many lines to die at"
