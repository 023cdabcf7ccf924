"""Cases to test with: consultations, as the public form makes them."""

from collections.abc import Iterable
from copy import copy
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.base import ModelState
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from community.messages.models import new_message_id
from community.models import Message, Unit, UnitMembership, User
from community.models.bodies import search_key
from events.models import new_token
from tests.factories import a_user
from workflows.consultation.asking import Question, ask
from workflows.consultation.models import Consultation, ConsultationSettings
from workflows.engine import desk
from workflows.engine.models import Case, Entry

_numbers = count(1)


def a_unit(name: str = "Govern obert") -> Unit:
    return Unit.objects.create(code=f"team-{next(_numbers)}", name=name)


def a_worker(*units: Unit, role: str = "Case workers", **values: Any) -> User:
    """Somebody of the staff who works for `units`."""
    worker = a_user(**{"name": f"Persona {next(_numbers)}", **values})
    worker.groups.add(Group.objects.get(name=role))
    for unit in units:
        UnitMembership.objects.create(unit=unit, user=worker)
    return worker


def a_consultation(unit: Unit | None = None, **values: Any) -> Case:
    """A question that has just come in, which `unit` sorts."""
    settings = ConsultationSettings.load()
    settings.unit = unit or settings.unit or a_unit()
    settings.save()
    defaults = {
        "title": "Publicar les actes",
        "text": "Hem de publicar les actes del ple?",
        "name": "Ada Puig",
        "email": f"ada-{next(_numbers)}@council.example",
        "language": "ca",
    }
    return ask(Question(**{**defaults, **values}))


def open_task(case: Case) -> Task:
    """The step of the office that waits in `case`."""
    return case.process.task_set.get(
        flow_task_type="HUMAN", status__in=(STATUS.NEW, STATUS.ASSIGNED)
    )


def do(case: Case, by: User, **answers: Any) -> None:
    """Have `by` do the open step, as the screen does with what its form says."""
    task = open_task(case)
    form = task.flow_task.form_class(answers, case=case)
    assert form.is_valid(), form.errors
    desk.complete(task, form.apply, by)
    case.refresh_from_db()


def sorted_to(unit: Unit, **values: Any) -> Case:
    """A consultation that waits for the answer of `unit`."""
    case = a_consultation(unit, **values)
    do(case, a_worker(unit), unit=unit.pk)
    return case


def waiting_for_reply(unit: Unit, by: User, **values: Any) -> Case:
    """A consultation about which `by` has asked its applicant something."""
    case = sorted_to(unit, **values)
    do(case, by, decision="ask", text="De quin any?")
    return case


def mails_of(case: Case) -> list[str]:
    """The kinds of the mails to the applicant, in order."""
    rows = Message.objects.filter(order_key=case.thread).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def copies(case: Case, number: int) -> list[Case]:
    """So many more cases just like `case`, with its steps, terms, texts and mails: in
    so few statements that thousands take seconds."""
    case.refresh_from_db()
    processes = _again(
        Process.objects.filter(pk=case.process_id), [{} for _each in range(number)]
    )
    cases = _again([case], [_own(case, process) for process in processes])
    steps = Task.objects.filter(process=case.process_id)
    _again(steps, [{"process": process} for process in processes])
    of_case = [{"case": made} for made in cases]
    _again(Consultation.objects.filter(case=case), of_case)
    _again(Entry.objects.filter(case=case), of_case)
    for term in case.deadlines.all():
        terms = _again([term], of_case)
        _again(term.suspensions.all(), [{"deadline": made} for made in terms])
    for mail in Message.objects.filter(order_key=case.thread):
        _again([mail], [_mail_of(made) for made in cases])
    return cases


def _own(case: Case, process: Process) -> dict[str, Any]:
    number = f"{case.number[:9]}{next(_numbers) + 10_000}"
    old, new = search_key(case.number), search_key(number)
    return {
        "process": process,
        "number": number,
        "search_key": case.search_key.replace(old, new, 1),
        "token": new_token(),
        "form_key": None,
    }


def _mail_of(case: Case) -> dict[str, Any]:
    return {
        "about": case.pk,
        "order_key": case.thread,
        "message_id": new_message_id(),
    }


def _again(rows: Iterable[Model], each: list[dict[str, Any]]) -> list[Any]:
    """A copy of each of `rows` with each of those values."""
    made = []
    for row in rows:
        for values in each:
            one = copy(row)
            one.pk, one._state = None, ModelState()
            for name, value in values.items():
                setattr(one, name, value)
            made.append(one)
    return type(made[0]).objects.bulk_create(made, batch_size=500) if made else []
