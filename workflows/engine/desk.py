"""What the staff do with the steps of a case. Of two people at once one wins; the other
gets `Taken` or `Gone`, and nothing of hers is done."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Task
from viewflow.workflow.nodes import If, Switch
from viewflow.workflow.status import STATUS
from wagtail.log_actions import log

from community.models import LocalBody, Message, Unit, User

from . import cases, deadlines, letters
from .access import may_work, may_work_for
from .kinds import kind_of, settled_as
from .models import Case, Entry, File
from .nodes import StaffTask

CLAIMED = "engine.case_claimed"
RETURNED = "engine.case_returned"
HANDED_OVER = "engine.case_handed_over"
TAKEN_OVER = "engine.case_taken_over"
CANCELLED = "engine.case_cancelled"
CLOSED = "engine.case_closed"
UNDONE = "engine.step_taken_back"
CORRECTED = "engine.case_corrected"


# In a step that is done: of which unit the case was until then.
WAS_OF = "unit"


class Taken(Exception):
    """Somebody else has the step."""

    def __init__(self, by: User) -> None:
        super().__init__()
        self.by = by


class Gone(Exception):
    """The step is not there to be done any more."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task


@contextmanager
def _at(task: Task, by: User) -> Iterator[Activation]:
    """`task` as it is now, locked with its case, for `by` to do something with it.

    Raises PermissionDenied if the case is not hers, `Gone` if the step is over.
    """
    with task.activation() as activation:
        if not may_work(by, activation.process.case):
            raise PermissionDenied
        if task.status not in (STATUS.NEW, STATUS.ASSIGNED):
            raise Gone(task)
        yield activation


def claim(task: Task, by: User) -> bool:
    """Take a step that nobody has. Returns False if one has it already. Raises `Taken`,
    and as `_at`."""
    with _at(task, by) as activation:
        return _claim(activation, by)


def _claim(activation: Activation, by: User) -> bool:
    task = activation.task
    if task.owner_id == by.pk:
        return False
    if task.owner is not None:
        raise Taken(task.owner)
    _give(activation, by)
    _say(activation, CLAIMED, by)
    return True


def give_back(task: Task, by: User) -> bool:
    """Let anybody of the unit take the step, whoever has it. Returns False if nobody
    has it. Raises as `_at`."""
    with _at(task, by) as activation:
        if task.owner_id is None:
            return False
        activation.unassign()
        _say(activation, RETURNED, by)
        return True


def hand_over(task: Task, to: User, by: User) -> bool:
    """Give the step to `to`, whoever has it, if she looks after the case. Returns False
    if she has it already. Raises PermissionDenied, and as `_at`."""
    with _at(task, by) as activation:
        if not may_work(to, activation.process.case):
            raise PermissionDenied
        if task.owner_id == to.pk:
            return False
        _give(activation, to)
        _say(activation, HANDED_OVER, by, to=to.pk)
        return True


def take_over(task: Task, by: User) -> bool:
    """Take the step from whoever has it. Returns as `hand_over`."""
    with _at(task, by) as activation:
        if task.owner_id == by.pk:
            return False
        _give(activation, by)
        _say(activation, TAKEN_OVER, by)
        return True


def complete(task: Task, apply: Callable[[Case, User], None], by: User) -> None:
    """Do the step: `apply` records what was decided, and the case moves on. A step that
    nobody has is claimed by doing it. Raises `Taken`, and as `_at`."""
    with _at(task, by) as activation:
        _claim(activation, by)
        # Viewflow asks for a request that it does not read.
        activation.start(None)
        case = activation.process.case
        task.data = {**task.data, WAS_OF: case.unit_id}
        apply(case, by)
        activation.execute()


def can_undo(task: Task, by: User) -> bool:
    """Whether `by`, who did the step, may take it back: its kind allows it, the
    applicant was told nothing by it, and nobody has taken up what follows."""
    return bool(_what_followed(task, by)) and may_work_for(by, task.data.get(WAS_OF))


def undo(task: Task, by: User) -> None:
    """Have the step to be done again, by `by`, who did it, and the case with the unit
    that it was of. What was written stays. Raises PermissionDenied, and `Gone` unless
    `can_undo`."""
    with task.activation() as activation:
        followed = _what_followed(task, by)
        if not followed:
            raise Gone(task)
        if not may_work_for(by, task.data.get(WAS_OF)):
            raise PermissionDenied
        *gateways, waits = (one.flow_task.activation_class(one) for one in followed)
        waits.cancel()
        for gateway in reversed(gateways):
            gateway.undo()
        activation.undo()
        again = activation.revive()
        again.flow_task.activation_class(again).assign(by)
        unit = Unit.objects.get(pk=task.data[WAS_OF])
        cases.touch(activation.process.case, unit=unit)
        log(activation.process.case, UNDONE, user=by, data={"task": task.pk})


def _what_followed(task: Task, by: User) -> list[Task]:
    """What came of a step of `by` and would go with it, the nearest first: the last is
    the office's step that waits now. Empty if it cannot go."""
    node = task.flow_task
    is_hers = task.status == STATUS.DONE and task.owner_id == by.pk
    if not (is_hers and isinstance(node, StaffTask) and node.can_undo):
        return []
    followed = _line_from(task)
    if not followed:
        return []
    waits = followed[-1]
    is_open = waits.status in (STATUS.NEW, STATUS.ASSIGNED)
    if not is_open or waits.owner_id not in (None, by.pk):
        return []
    case = task.process.case
    meanwhile = (task.started, task.finished)
    mails = Message.objects.filter(order_key=kind_of(case).thread(case))
    told = mails.filter(created__range=meanwhile)
    return [] if told.exists() else followed


def _line_from(task: Task) -> list[Task]:
    """What followed `task`, one after the other, as far as the office's next step;
    empty if it is not one line of decisions that leads there."""
    line: list[Task] = []
    one = task
    while True:
        following = list(one.leading.all())
        if len(following) != 1:
            return []
        one = following[0]
        line.append(one)
        if isinstance(one.flow_task, StaffTask):
            return line
        if not isinstance(one.flow_task, If | Switch):
            return []


def cancel(case: Case, reason: str, by: User) -> bool:
    """End the case without settling it, and tell the applicant why. One of which only
    opinions are still to come is settled, and nobody told. Returns False if it has
    ended already. Raises PermissionDenied."""
    with ended(case) as found:
        if not may_work(by, found or case):
            raise PermissionDenied
        if not found:
            return False
        if outcome := settled_as(found):
            cases.finish(found, outcome)
            log(found, CLOSED, user=by, data={"reason": reason})
            return True
        cases.cancel(found, reason=reason)
        log(found, CANCELLED, user=by, data={"reason": reason})
        letters.tell(letters.CANCELLED, found)
    return True


@transaction.atomic
def correct(case: Case, title: str, body: LocalBody | None, by: User) -> bool:
    """Put right what the case is about and for which local body, by whose holidays its
    terms are counted again. Returns False if it was so already, is anonymous, or is of
    a body, which asked it itself.
    Raises PermissionDenied."""
    case = _locked(case, by)
    is_so = (case.title, case.body) == (title, body)
    if case.erased or kind_of(case).of_body or is_so:
        return False
    before = _told_of(case)
    # In the name of another body she has not asked.
    on_behalf = case.on_behalf and case.body == body
    case.title, case.body = title, body
    columns = {"title": title, "body": body, "on_behalf": on_behalf}
    cases.touch(case, **columns, search_key=case.found_by)
    deadlines.reckon_for(case)
    after = _told_of(case)
    changes = {name: [before[name], after[name]] for name in after}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    log(case, CORRECTED, user=by, data={"changes": changes})
    return True


def _told_of(case: Case) -> dict[str, str]:
    """What correcting may change, in words."""
    return {
        "title": case.title,
        "body": case.body.name if case.body else "",
        "due": case.due.isoformat() if case.due else "",
        "answer_by": case.answer_by.isoformat() if case.answer_by else "",
    }


@transaction.atomic
def send(case: Case, text: str, files: Iterable[File], by: User) -> bool:
    """Write `text` to the applicant, with files, beside the steps. Returns False if the
    case is anonymous. Raises PermissionDenied."""
    case = _locked(case, by)
    if case.erased:
        return False
    cases.write(case, Entry.Way.OUT, text, by, files)
    letters.tell(letters.SENT, case)
    return True


@transaction.atomic
def note(case: Case, text: str, files: Iterable[File], by: User) -> bool:
    """Write what only the staff read, with files. Returns False if the case is
    anonymous: nobody would forget it. Raises PermissionDenied."""
    case = _locked(case, by)
    if case.erased:
        return False
    cases.write(case, Entry.Way.NOTE, text, by, files)
    return True


@transaction.atomic
def extend(case: Case, days: int, reason: str, by: User) -> date | None:
    """Make our own deadline longer, as `deadlines.extend` does, and tell the applicant,
    as the law asks (Law 39/2015, art. 32.1). Returns the last day, None while it stands
    still. Raises PermissionDenied and ValidationError."""
    case = _locked(case, by)
    due = deadlines.extend(case, days, reason=reason, by=by).due
    cases.touch(case)
    letters.tell(letters.EXTENDED, case)
    return due


def _locked(case: Case, by: User) -> Case:
    """`case` as it is now, locked until the end of the transaction, for `by` to do
    something beside its steps. Raises PermissionDenied."""
    found = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not may_work(by, found):
        raise PermissionDenied
    return found


@contextmanager
def ended(case: Case) -> Iterator[Case | None]:
    """The case as it is now, locked, its open steps cancelled; None if it was settled
    already."""
    flow = case.process.flow_class
    with flow.lock(case.process_id), transaction.atomic():
        found = Case.objects.select_related("process").get(pk=case.pk)
        if found.is_active:
            flow.instance.cancel(found.process)
        yield found if found.is_active else None


def _give(activation: Activation, to: User) -> None:
    if activation.task.status == STATUS.NEW:
        activation.assign(to)
    else:
        activation.reassign(to)


def _say(activation: Activation, action: str, by: User, **data: object) -> None:
    case = activation.process.case
    cases.touch(case)
    log(case, action, user=by, data={"task": activation.task.pk, **data})
