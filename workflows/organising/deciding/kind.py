"""What the engine and the screens have to know of registrations that need somebody."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.messages import suppressions
from community.models import User
from events import line, mails
from events.models import Registration, Session
from workflows.engine.kinds import Kind, Queued
from workflows.engine.models import Case
from workflows.organising import disclosure, labels, post
from workflows.organising.models import Decision

from . import outcomes
from .flows import DecisionFlow
from .following import NAME, PREFIX

SEES = "events.view_registration"
# Of the sessions of before that the person had registered for.
EARLIER = 3


def decision_of(case: Case) -> Decision:
    """What is to be decided, with all it is about; asked for once."""
    if not Case.decision.is_cached(case):
        rows = Decision.objects.select_related(
            "registration__session__series", "registration__body"
        )
        case.decision = rows.get(case=case)
    return case.decision


def thread(case: Case) -> str:
    """Of the mails to who is registered."""
    return decision_of(case).registration.thread


def queued(case: Case, key: int) -> Queued:
    """The mails to the people of the session: one's place may be another's."""
    letters = post.queued_since(decision_of(case).registration.session, key)
    return [
        (letter.language, mails.preview(letter.kind, letter.registration))
        for letter in letters
    ]


class DecisionPanel(Component):
    """Whose registration it is and for what; on the page of a step, all that one has
    to know to decide. Empty for who may not see people."""

    template_name = "organising/decision.html"

    def __init__(self, case: Case, user: User, task: Task | None) -> None:
        self.case = case
        self.user = user
        self.is_whole = task is not None

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.user.has_perm(SEES):
            return {}
        decision = decision_of(self.case)
        registration = decision.registration
        context = {
            "registration": registration,
            "session": registration.session,
            "is_open": self.case.is_active,
            "tone": labels.REGISTRATION_TONES.get(registration.state, ""),
        }
        if not self.is_whole or registration.erased:
            return context
        disclosure.person_opened(registration, by=self.user)
        return context | _all_one_needs(decision)


def _all_one_needs(decision: Decision) -> dict[str, Any]:
    registration = decision.registration
    mark = None
    if decision.cause == Decision.Cause.ADDRESS:
        mark = suppressions.suppression_of(registration.email)
    return {
        "is_whole": True,
        "modes": _places(registration.session),
        "position": registration.queue_position,
        "of_body": line.held_by_body_of(registration),
        "suppression": mark,
        "suppression_words": mark and labels.SUPPRESSION[mark.reason],
        "earlier": _earlier(registration),
    }


def _places(session: Session) -> list[tuple[str, int, int | None, int]]:
    """Each mode, how many have a place, how many places there are, and how many wait
    for one."""
    states = Registration.State
    found = (
        session.registrations.order_by()
        .values("mode")
        .annotate(
            taken=Count("pk", filter=Q(state__in=Registration.HOLDING)),
            waiting=Count("pk", filter=Q(state=states.WAITING)),
        )
    )
    counts = {row["mode"]: (row["taken"], row["waiting"]) for row in found}
    return [
        (mode.label, taken, session.capacity_of(mode), waiting)
        for mode in session.modes
        for taken, waiting in [counts.get(mode, (0, 0))]
    ]


def _earlier(registration: Registration) -> QuerySet[Registration]:
    """The last registrations of the same address for past sessions of the unit, and
    when the person went into each online meeting, as far as that is known."""
    mine = Registration.objects.of_address(registration.email).filter(
        session__series__unit=registration.session.series.unit_id,
        session__ends__lte=timezone.now(),
    )
    mine = mine.select_related("session").annotate(came=Min("invitations__joined"))
    return mine.order_by("-session__starts")[:EARLIER]


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=_("Registration to decide on"),
    flows=(DecisionFlow,),
    outlook=None,
    outcomes=outcomes.WORDS,
    panel=DecisionPanel,
    thread=thread,
    queued=queued,
)
