"""What the applicant does with the steps that are hers."""

from collections.abc import Callable, Iterable

from django.db import transaction
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.log_actions import log

from community.models import User

from . import cases, desk, letters
from .models import Case, Entry, File
from .nodes import ApplicantTask

WITHDRAWN = "engine.case_withdrawn"
# Stored in `Case.outcome`, whatever the kind.
BY_APPLICANT = "withdrawn"


def open_step(case: Case) -> Task | None:
    """What `case` waits for from the applicant; None if for nothing."""
    return case.process.task_set.filter(
        flow_task_type=ApplicantTask.task_type, status=STATUS.NEW
    ).first()


def give(task: Task, apply: Callable[[Case], None]) -> bool:
    """Do the applicant's step: `apply` records the answer, and the case moves on.
    Returns False if the step is over, so that nothing is done twice."""
    with task.activation() as activation:
        if task.status != STATUS.NEW:
            return False
        # Locked already: the same lock once more is the same transaction's.
        activation.flow_task.run(task, apply=apply)
    return True


def send(case: Case, text: str, files: Iterable[File], by: User | None = None) -> bool:
    """The applicant, or somebody (`by`) of the body whose case it is, sends something
    besides what was asked. Returns False if nobody looks after the case any more."""
    flow = case.process.flow_class
    with flow.lock(case.process_id), transaction.atomic():
        found = Case.objects.get(pk=case.pk)
        if not found.is_active:
            return False
        cases.write(found, Entry.Way.IN, text, by, files)
    return True


def withdraw(case: Case) -> bool:
    """The applicant wants no more of it. Returns False if it was settled already."""
    with desk.ended(case) as found:
        if found is None:
            return False
        cases.cancel(found, outcome=BY_APPLICANT)
        log(found, WITHDRAWN)
        letters.tell(letters.WITHDRAWN, found)
    return True
