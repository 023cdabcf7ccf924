"""What waits for those who moderate: proposals, within five working days, and comments.

Each of them gets one mail on a working day, with all that waits for her; none if
nothing does. What is past its term, or about to be, comes first, and the subject says
so. Nothing is planned: the mail in the outbox is what says that it was written.
"""

from datetime import date, datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task

from community.acting.mails import absolute
from community.cover import today
from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.models import Cover, Message, Unit, UnitMembership, User
from community.work import registry
from workflows.engine.access import units_of, workers_of
from workflows.engine.clock import calendar_of
from workflows.engine.inbox import office_steps
from workflows.engine.models import Case
from workflows.engine.terms import ONE_DAY

from .flows import ProposalFlow
from .models import Comment

# By the clock of the installation. What comes later waits for the next day.
HOUR = 8
# So many of each are named.
NAMED = 20


def tell_due(limit: int) -> int:
    """Tell at most `limit` moderators what waits for them since before eight, each once
    a day; returns how many were told."""
    eight = _eight()
    if timezone.now() < eight or calendar_of().off(today()):
        return 0
    told = _told_since(eight).values_list("about", flat=True)
    people = {person for unit in _units(eight) for person in _moderators(unit)}
    untold = sorted((p for p in people if p.pk not in set(told)), key=lambda p: p.pk)
    return sum(_tell(person, eight) for person in untold[:limit])


def _eight() -> datetime:
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    return now.replace(hour=HOUR, minute=0, second=0, microsecond=0)


def _told_since(moment: datetime) -> QuerySet[Message]:
    return Message.objects.filter(kind=TO_MODERATE.name, created__gte=moment)


def proposals_to_moderate() -> QuerySet[Task]:
    """The steps in which a proposal waits to be looked at."""
    return office_steps().filter(
        flow_task=ProposalFlow.moderate, process__case__state=Case.State.OPEN
    )


def _units(until: datetime) -> QuerySet[Unit]:
    """Those for which something has waited since before `until`."""
    steps = proposals_to_moderate().filter(created__lt=until)
    comments = Comment.objects.waiting().filter(created__lt=until)
    of_steps = Unit.objects.filter(pk__in=steps.values("process__case__unit"))
    of_comments = Unit.objects.filter(pk__in=comments.values("proposal__case__unit"))
    return of_steps | of_comments


def _moderators(unit: Unit) -> QuerySet[User]:
    """Who works for `unit` or covers for it; if nobody does, who sees all units."""
    everybody = workers_of(unit.pk)
    members = UnitMembership.objects.filter(unit=unit).values("user")
    covers = Cover.objects.running(today()).filter(unit=unit).values("user")
    near = everybody.filter(Q(pk__in=members) | Q(pk__in=covers))
    return near if near.exists() else everybody


def _tell(person: User, until: datetime) -> bool:
    with transaction.atomic():
        # Of two workers the second waits here, and finds that she was told.
        held = User.objects.select_for_update().get(pk=person.pk)
        was_told = _told_since(until).filter(about=held.pk).exists()
        if was_told or not Waiting(held, until):
            return False
        outbox.queue(
            [
                Message(
                    kind=TO_MODERATE.name,
                    about=held.pk,
                    recipient=held.email,
                    language=held.language,
                    dedupe_key=f"{TO_MODERATE.name}:{held.pk}",
                )
            ]
        )
    return True


class Waiting:
    """What waits for `person`, and no colleague has taken: all of it, or what has
    waited since before `until`."""

    def __init__(self, person: User, until: datetime | None = None) -> None:
        units = units_of(person)
        steps = proposals_to_moderate().filter(process__case__unit__in=units)
        comments = Comment.objects.waiting().filter(proposal__case__unit__in=units)
        if until:
            steps = steps.filter(created__lt=until)
            comments = comments.filter(created__lt=until)
        free = Q(owner=None) | Q(owner=person)
        steps = steps.filter(free).select_related("process__case")
        # What ends first, first; what has no term, last.
        first = F("process__case__due").asc(nulls_last=True)
        self.steps = list(steps.order_by(first, "pk"))
        self.comments = list(comments.select_related("proposal__case").order_by("pk"))

    def __bool__(self) -> bool:
        return bool(self.steps or self.comments)

    @property
    def late(self) -> int:
        """How many proposals are past their term."""
        return self._due_before(today())

    @property
    def soon(self) -> int:
        """How many more are past it after tomorrow."""
        return self._due_before(today() + 2 * ONE_DAY) - self.late

    def _due_before(self, day: date) -> int:
        ends = (step.process.case.due for step in self.steps)
        return sum(due is not None and due < day for due in ends)


def _waiting_for(row: Message) -> Waiting | None:
    person = User.objects.filter(pk=row.about or 0, is_active=True).first()
    return Waiting(person) if person else None


def _pointless(row: Message) -> str:
    return "" if _waiting_for(row) else "Nothing waits any more."


def _write(row: Message) -> EmailMultiAlternatives:
    waiting = _waiting_for(row)
    proposals = [
        {
            "title": step.process.case.title,
            "number": step.process.case.number,
            "due": step.process.case.due,
            "url": _link("cases:step", step.process.case.number, step.pk),
        }
        for step in waiting.steps[:NAMED]
    ]
    comments = [
        {
            "title": comment.proposal.title,
            "url": _link(
                "proposal_comments:comment", comment.proposal.case.number, comment.pk
            ),
        }
        for comment in waiting.comments[:NAMED]
    ]
    context = {
        "waiting": waiting,
        "proposals": proposals,
        "comments": comments,
        "more": len(waiting.steps[NAMED:]) + len(waiting.comments[NAMED:]),
        "today": today(),
        "links": {"all": _link("cases:index")},
    }
    return compose(
        "proposals_waiting",
        recipient=row.recipient,
        language=row.language,
        context=context,
    )


def _link(name: str, *args: object) -> str:
    return absolute(reverse(name, args=args))


TO_MODERATE = Kind(
    "proposals_to_moderate", _("What waits to be moderated"), _write, _pointless
)


def connect() -> None:
    """At start-up."""
    kinds.register(TO_MODERATE)
    registry.register("proposals to moderate", tell_due)
