"""Demonstration data: the municipal accounts act for a small town, which has a request
that is carried out, with an appointment, one to be looked at, and a draft. Each is of a
resource that it can request on that day: of none, if it can none."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from viewflow.workflow.models import Task

from community.acting import memberships
from community.models import LocalBody, Membership, Role, User
from community.seed import CASE_WORKER, COORDINATOR, REPRESENTATIVE, TECHNICIAN
from events.meetings import providers
from events.models import Provider
from workflows.catalogue.models import Edition
from workflows.engine import desk, inbox
from workflows.engine.models import Case

from . import appointing, drafts, submitting
from .models import CatalogueRequest

# How many people live in a small town.
SMALL = (1_000, 3_000)

WRITTEN = {
    "subject": "Posar al dia la transparència municipal",
    "text": (
        "Som pocs a l’ajuntament, i volem saber com estem i per on hem de començar.\n\n"
        "Les dades i les persones d’aquest exemple són inventades."
    ),
    "answers": {},
}


def seed(say: Callable[[str], None]) -> None:
    """Plant them where there is no request yet."""
    with override("ca"):
        mayor, technician = _people()
        if mayor is None or technician is None or CatalogueRequest.objects.exists():
            return
        editions = _editions(mayor.body)
        if edition := next(editions, None):
            _carry_out(_send(edition, mayor))
        if edition := next(editions, None):
            _send(edition, mayor)
        if edition := next(editions, None):
            _draft(edition, technician)
    say("requests of a small town")


def _people() -> tuple[Membership | None, Membership | None]:
    """Who represents the town, and its technician; None if there is no such account, or
    she acts for a body already."""
    bodies = LocalBody.objects.standing().filter(kind=LocalBody.Kind.MUNICIPALITY)
    town = bodies.filter(population__range=SMALL).order_by("-population").first()
    mayor = _acting(REPRESENTATIVE, Role.REPRESENTATIVE, town)
    return mayor, _acting(TECHNICIAN, Role.TECHNICIAN, town)


def _acting(address: str, role: Role, body: LocalBody | None) -> Membership | None:
    user = User.objects.filter(email=address, is_active=True).first()
    if user is None or body is None or memberships.of(user).exists():
        return None
    how = Membership.How.APPROVED
    return memberships.give(
        address, body, role, how, name=user.name, language=user.language
    )


def _editions(body: LocalBody) -> Iterator[Edition]:
    """Those that `body` can request today and that ask for nothing but a text, one of
    each resource."""
    editions = Edition.objects.published().filter(
        criteria=None, year=timezone.localdate().year
    )
    for edition in editions.order_by("resource__code"):
        asks = edition.resource.questions.filter(required=True).exists()
        answered = submitting.can_request(body, edition)
        if not asks and answered.answer.tone in submitting.GOES_ON:
            yield edition


def _draft(edition: Edition, mine: Membership) -> CatalogueRequest:
    draft = drafts.begin(mine.body, edition, mine.user)
    return drafts.save(draft, WRITTEN, version=0, by=mine.user)


def _send(edition: Edition, mine: Membership) -> Case:
    draft = _draft(edition, mine)
    return submitting.submit(
        draft,
        by=mine.user,
        signs_as=CatalogueRequest.SignsAs.MAYOR,
        version=submitting.seen(draft),
    )


def _carry_out(case: Case) -> None:
    """The office admits it, grants it and arranges to meet."""
    worker, coordinator = (
        User.objects.filter(email=email).first() for email in (CASE_WORKER, COORDINATOR)
    )
    if worker is None or coordinator is None:
        return
    _do(case, worker, decision="admit")
    _do(case, worker, decision="grant")
    _do(case, coordinator)
    desk.claim(_step(case), worker)
    starts = _in_a_week()
    appointing.arrange(
        case,
        by=worker,
        title="Inici de la diagnosi",
        starts=starts,
        ends=starts + timedelta(hours=1),
        place="Casa de la vila",
        provider=_online(),
    )


def _do(case: Case, by: User, **answers: Any) -> None:
    task = _step(case)
    form = task.flow_task.form_class(answers, case=case)
    if not form.is_valid():
        raise ValueError(f"{case} {task}: {form.errors}")
    desk.complete(task, form.apply, by)
    case.refresh_from_db()


def _step(case: Case) -> Task:
    return inbox.office_steps().get(process=case.process_id)


def _online() -> Provider:
    """In development, somewhere to go in; a demonstration makes no real meeting."""
    here = Provider.HERE in providers.offered()
    return Provider.HERE if here else Provider.NONE


def _in_a_week() -> datetime:
    """At ten, a week from now or on the Monday after."""
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(10)))
