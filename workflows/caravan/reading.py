"""Who reads what we write about a stop, and where."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from viewflow.workflow.models import Task

from community.acting import memberships
from community.models import Membership, Role, User
from workflows.engine import inbox
from workflows.engine.access import may_work, workers_of
from workflows.engine.kinds import OfBody
from workflows.engine.models import Case

from .models import Pairing, Side, Stop


def page(case: Case) -> str:
    """Where both sides find it, in the active language."""
    return reverse("caravan_stop", args=[case.stop.key])


def readers(case: Case) -> Iterable[User]:
    """Of the host: whoever wrote it and still acts for the body or, if nobody of them
    does, all who represent it."""
    stop = case.stop
    acting = Membership.objects.active().filter(body=case.body)
    acting = acting.exclude(role=Role.READER).select_related("user").order_by("pk")
    wrote = {stop.begun_by_id, stop.saved_by_id} - {None}
    found = acting.filter(user__in=wrote) or acting.representatives()
    return [membership.user for membership in found]


def paired(stop: Stop) -> Pairing | None:
    """The pairing of who is asked to be its rapporteur, or is."""
    rows = stop.pairings.standing().select_related("offer__user", "offer__body")
    return rows.first()


def rapporteurs(stop: Stop) -> list[User]:
    """Who is its rapporteur, or is asked to be, while she acts for her body."""
    pairing = paired(stop)
    if pairing is None:
        return []
    user, body = pairing.offer.user, pairing.offer.body
    return [user] if memberships.for_body(user, body) else []


def why_released(stop: Stop) -> str:
    """Why who is its rapporteur, or is asked to be, cannot be it any more, in the
    language of the house; "" if she can."""
    pairing = paired(stop)
    with override(settings.LANGUAGE_CODE):
        if pairing is None:
            return ""
        if not rapporteurs(stop):
            return gettext("Does not act for that body any more.")
        of_host = memberships.for_body(pairing.offer.user, stop.body)
        if of_host and not _has_begun(stop):
            return gettext("Host and rapporteur are of the same body now.")
    return ""


def _has_begun(stop: Stop) -> bool:
    """Whether its visit was held, or is going on."""
    meeting = stop.appointment
    return bool(stop.held) or bool(meeting and meeting.starts <= timezone.now())


# Once it is published -----------------------------------------------------------------


def is_published(stop: Stop) -> bool:
    """Whether what came of it is published: only what both sides think of it is still
    to come."""
    return stop.decision == Stop.Decision.PUBLISH


def unheard(stop: Stop) -> list[Side]:
    """The sides that have not said yet how it went. Nobody is asked in place of a
    rapporteur who had left before."""
    said = set(stop.evaluations.values_list("side", flat=True))
    sides = [Side.HOST, Side.RAPPORTEUR] if paired(stop) else [Side.HOST]
    return [side for side in sides if side not in said]


def awaited(stop: Stop) -> list[User]:
    """Who can say how it went of the sides that have not. Of a rapporteur who does not
    act for her body any more, those who represent it."""
    sides = unheard(stop)
    found = list(readers(stop.case)) if Side.HOST in sides else []
    if Side.RAPPORTEUR in sides and (pairing := paired(stop)):
        body = pairing.offer.body_id
        others = Membership.objects.representatives().filter(body=body)
        found += rapporteurs(stop) or [row.user for row in others.select_related()]
    return found


# The office ---------------------------------------------------------------------------


def office(case: Case) -> list[User]:
    """Who of the office hears of it: whoever has its step or, if nobody has, all who
    work for its unit."""
    step = _office_step(case)
    if step and step.owner and may_work(step.owner, case):
        return [step.owner]
    ours = workers_of(case.unit_id)
    return list(ours.filter(unit_memberships__unit=case.unit_id))


def office_page(case: Case) -> str:
    """The step that waits for the office; the case itself if none does."""
    step = _office_step(case)
    if step is None:
        return reverse("cases:case", args=[case.number])
    return reverse("cases:step", args=[case.number, step.pk])


def _office_step(case: Case) -> Task | None:
    steps = inbox.office_steps().filter(process=case.process_id)
    return steps.select_related("owner").first()


OF_BODY = OfBody(page, readers)
