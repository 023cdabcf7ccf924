"""Which cases wait for whom, and which are in trouble. Each list adds a fixed number of
queries, however many cases there are."""

from collections.abc import Iterable

from django.contrib.auth.backends import ModelBackend
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Lower, RowNumber
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from community.cover import ALL_UNITS, today
from community.models import Cover, Message, UnitMembership, User

from . import letters
from .access import CHANGE, cases_of
from .kinds import mails_of_one
from .models import Case, CaseQuerySet
from .nodes import ApplicantTask, PartyTask, StaffTask, WorkerTask

OPEN = (STATUS.NEW, STATUS.ASSIGNED)
# … or the worker's: about to be done, or failed.
UNDONE = (*OPEN, STATUS.SCHEDULED, STATUS.ERROR)


def office_steps() -> QuerySet[Task]:
    """The open steps of the office."""
    return Task.objects.filter(flow_task_type=StaffTask.task_type, status__in=OPEN)


def _with(steps: QuerySet[Task]) -> Q:
    """Cases with one of `steps`."""
    # These are found once for all cases; EXISTS would look again for each.
    return Q(process__in=steps.order_by().values("process"))


def held_by(user: User) -> CaseQuerySet:
    """The cases with a step that `user` has claimed or been given."""
    return cases_of(user).filter(_with(office_steps().filter(owner=user)))


def unclaimed(user: User) -> CaseQuerySet:
    """The cases of `user` with a step that nobody has."""
    return cases_of(user).filter(_with(office_steps().filter(owner=None)))


def counts(user: User) -> dict[str, int]:
    """How many cases `user` has (`mine`), and how many nobody has (`queue`)."""
    # By the steps: they do not grow with the archive. And by their processes: over a
    # join, SQLite would look for the cases of each.
    mine = cases_of(user).order_by().values("process")
    return (
        office_steps()
        .filter(process__in=mine)
        .aggregate(
            mine=Count("process", distinct=True, filter=Q(owner=user)),
            queue=Count("process", distinct=True, filter=Q(owner=None)),
        )
    )


def _steps() -> QuerySet[Task]:
    nodes = (StaffTask, ApplicantTask, PartyTask, WorkerTask)
    types = [node.task_type for node in nodes]
    found = Task.objects.filter(flow_task_type__in=types)
    return found.select_related("owner", "job").order_by("pk")


def steps_of(case: Case) -> list[Task]:
    """Every step of `case` that is a person's or the worker's, open or done, the oldest
    first."""
    return list(_steps().filter(process=case.process_id))


def undone(steps: Iterable[Task]) -> list[Task]:
    """Those of `steps` that wait to be done: people's, and then the worker's."""
    waiting = (task for task in steps if task.status in UNDONE)
    return sorted(waiting, key=lambda task: task.flow_task_type == WorkerTask.task_type)


def with_steps(cases: CaseQuerySet) -> CaseQuerySet:
    """`cases` with what a list shows of each; `case.process.open_steps` are its open
    steps."""
    steps = _steps().filter(status__in=UNDONE)
    return cases.select_related("unit", "body", "process").prefetch_related(
        Prefetch("process__task_set", steps, to_attr="open_steps")
    )


def akin_to(case: Case, user: User, most: int) -> CaseQuerySet:
    """The latest other cases of `user` that have to do with `case`: at most so many of
    the same person (`is_hers`), and as many of the same local body."""
    hers = Q(as_one=Lower(Value(case.email)), erased=None) & ~Q(email="")
    of_body = Q(body=case.body_id) if case.body_id else Q(pk=None)
    nth = Window(RowNumber(), partition_by="is_hers", order_by=("-created", "-pk"))
    cases = cases_of(user).exclude(pk=case.pk).alias(as_one=Lower("email"))
    found = cases.annotate(is_hers=ExpressionWrapper(hers, BooleanField()))
    near = found.filter(Q(is_hers=True) | of_body).annotate(nth=nth)
    return near.filter(nth__lte=most).order_by("-created", "-pk")


def in_trouble(user: User) -> CaseQuerySet:
    """The cases of `user` that stand still until somebody mends something: `is_stuck`,
    the step is with somebody who cannot do it (`with_stuck` says which); `is_broken`, a
    step failed; `is_adrift`, it has no step at all; `unsent`, the first mail that could
    not be sent, by key."""
    steps = Task.objects.filter(status__in=(*OPEN, STATUS.SCHEDULED))
    active = Q(state__in=Case.ACTIVE)
    cases = cases_of(user).annotate(
        is_stuck=_with(_out_of_hands()),
        is_broken=Q(erased=None) & _with(Task.objects.filter(status=STATUS.ERROR)),
        is_adrift=active & ~_with(steps),
        unsent=_first_unsent(),
    )
    return cases.filter(
        Q(is_stuck=True) | Q(is_broken=True) | Q(is_adrift=True) | _is_unsent()
    )


def _unsent() -> QuerySet[Message]:
    return Message.objects.needing_somebody().order_by("pk")


def _first_unsent() -> Subquery:
    """The first mail about a case that could not be sent, by key."""
    about_it = Q(kind__in=letters.names(), about=OuterRef("pk"))
    for name, about in mails_of_one().items():
        about_it |= Q(kind=name, about__in=about.of(OuterRef(OuterRef("pk"))))
    return Subquery(_unsent().filter(about_it).values("pk")[:1])


def _is_unsent() -> Q:
    """The cases of the mails that could not be sent: found once for all of them."""
    keys = _unsent().order_by().values("about")
    found = Q(pk__in=keys.filter(kind__in=letters.names()))
    for name, about in mails_of_one().items():
        found |= Q(pk__in=about.cases(keys.filter(kind=name)))
    return found


def with_stuck(cases: CaseQuerySet) -> CaseQuerySet:
    """`cases`; `case.process.stuck_steps` are those of its steps that somebody has who
    cannot do them."""
    return cases.prefetch_related(
        Prefetch(
            "process__task_set",
            _out_of_hands().select_related("owner"),
            to_attr="stuck_steps",
        )
    )


def _out_of_hands() -> QuerySet[Task]:
    """Steps that somebody has who may do none, or does not look after their unit any
    more."""
    here = {"unit": OuterRef("process__case__unit"), "user": OuterRef("owner")}
    everywhere = ModelBackend().with_perm(ALL_UNITS)
    looks_after = (
        Exists(UnitMembership.objects.filter(**here))
        | Exists(Cover.objects.running(today()).filter(**here))
        | Q(owner__in=everywhere.values("pk"))
    )
    able = ModelBackend().with_perm(CHANGE)
    theirs = Q(owner__in=able.values("pk")) & looks_after
    return office_steps().exclude(owner=None).filter(~theirs)
