"""What the office sees of a request besides what every case has."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.utils import timezone
from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.acting import memberships
from community.models import LocalBody, User
from events import links
from events.models import Answer, Appointment, Guest
from workflows.catalogue import eligibility, offers
from workflows.catalogue.models import Resource
from workflows.catalogue.offers import Answered
from workflows.engine.access import may_work
from workflows.engine.models import Case

from . import amending, appointing, content
from .models import CatalogueRequest, Document, Submission


class Said(NamedTuple):
    """A part of a request in words; `before`, where it was amended, what it said."""

    label: str
    text: str
    before: str | None = None
    documents: tuple[Document, ...] = ()


class Met(NamedTuple):
    """An appointment, those who are expected at it, and the own `door` of who looks."""

    appointment: Appointment
    guests: list[Guest]
    is_ahead: bool
    door: str


class RequestPanel(Component):
    """What is requested and by whom, whether the body can, what was amended, and what
    is prepared."""

    template_name = "requesting/panel.html"

    def __init__(self, case: Case, user: User, task: Task | None = None) -> None:
        self.case, self.user = case, user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        case = self.case
        rows = CatalogueRequest.objects.select_related("resource", "edition", "body")
        request = rows.get(case=case)
        sent = list(request.submissions.select_related("signer", "by"))
        criteria = request.edition.criteria.all()
        return {
            "case": case,
            "csrf_token": parent_context.get("csrf_token"),
            "request": request,
            "sent": sent[-1] if sent else None,
            "signs": sent and _signs(sent[-1], request.body),
            "said": list(_said(request, sent)) if sent else [],
            "answered": _answered(request, case),
            "points": [(one, request.points.get(str(one.pk))) for one in criteria],
            "prepared": _prepared(request, case),
            "appointments": _appointments(request, self.user),
            "may_arrange": appointing.may_arrange(case) and may_work(self.user, case),
        }


def _signs(sent: Submission, body: LocalBody) -> bool:
    """Whether who signed it still represents the body."""
    mine = memberships.for_body(sent.signer, body)
    return mine is not None and mine.signs


def _prepared(request: CatalogueRequest, case: Case) -> str:
    """What is decided and not told yet; "" if nothing is."""
    told = request.released or not case.is_active
    final = (request.Decision.GRANT, request.Decision.DENY)
    is_ready = not told and request.decision in final
    return request.decision if is_ready else ""


def _appointments(request: CatalogueRequest, user: User) -> list[Met]:
    """Its appointments, the next ones first, each with whom it is with."""
    rows = request.appointments.select_related("appointment")
    doubts = Answer.objects.filter(outcome=Answer.Outcome.DOUBTFUL)
    of_guests = Prefetch("appointment__guests__answers", doubts, to_attr="doubts")
    rows = list(rows.prefetch_related("appointment__guests__user", of_guests))
    found = [_met(row.appointment, user) for row in rows]
    return sorted(found, key=lambda met: (not met.is_ahead, met.appointment.starts))


def _met(appointment: Appointment, user: User) -> Met:
    guests = list(appointment.guests.all())
    mine = [one for one in guests if one.user_id == user.pk and one.stands]
    return Met(
        appointment,
        [one for one in guests if one.expected],
        is_ahead=appointment.takes_place and appointment.starts > timezone.now(),
        door=links.guest_link(mine[0]) if mine else "",
    )


def _answered(request: CatalogueRequest, case: Case) -> Answered:
    """Whether the body could request it when it did, besides what else it has
    requested."""
    offer = offers.find(Resource.objects.filter(pk=request.resource_id))[0]
    [body] = offers.bodies(LocalBody.objects.filter(pk=request.body_id))
    of_body = CatalogueRequest.objects.filter(body=request.body)
    others = of_body.counting().filter(edition=request.edition).exclude(case=case)
    numbers = tuple(others.order_by("pk").values_list("case__number", flat=True))
    answer = eligibility.answer(body, offer.terms, case.created, numbers)
    return Answered(offer, body, answer, with_numbers=True)


# What was sent, and what was amended of it ------------------------------------------


def _said(request: CatalogueRequest, sent: list[Submission]) -> Iterator[Said]:
    """Each part as it was sent last, beside what it said first."""
    first, last = sent[0].content, sent[-1].content
    for name in amending.WRITTEN:
        yield _changed(amending.label_of(name), first[name], last[name])
    documents = list(
        request.documents.select_related("file", "submission").order_by("pk")
    )
    before = {one["question"]: one for one in amending.answers_of(sent[0])}
    for answer in amending.answers_of(sent[-1]):
        key = answer["question"]
        label = content.question_in_words(answer)
        its = tuple(one for one in documents if str(one.question_id) == key)
        if answer["kind"] == content.Kind.FILE:
            yield Said(label, "", documents=its)
        else:
            old = content.in_words(before[key]) if key in before else ""
            yield _changed(label, old, content.in_words(answer))
    if others := tuple(one for one in documents if one.question_id is None):
        label = amending.label_of(amending.DOCUMENTS)
        yield Said(label, "", documents=others)


def _changed(label: str, before: str, now: str) -> Said:
    return Said(label, now, before if before != now else None)
