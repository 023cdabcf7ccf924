"""The steps of a case: those that wait for a person, and those that the worker does.

The office's wait in lists for who looks after the unit; the applicant's are on the
personal page; those of another party, on a page that the slice has for it. Neither is
ever a task's owner: deleting the account would delete the step (Viewflow's `Task.owner`
cascades).
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process
from viewflow.workflow.nodes.job import AbstractJob, AbstractJobActivation
from viewflow.workflow.status import STATUS

from community.models import User
from community.work import tasks

from .models import Case, Job

Words = str | Promise


class StepForm(forms.Form):
    """What a step asks. `apply` records the answer: it is called once, with the case
    locked, in the transaction that moves it on. `by` is nobody for the applicant."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.case = case
        super().__init__(*args, **kwargs)

    def apply(self, case: Case, by: User | None) -> None:
        raise NotImplementedError


class _Worded:
    """`title` says what is to be done, `button` what does it, and `done`, for the time
    line, what was."""

    def __init__(
        self,
        form_class: type[StepForm],
        *,
        title: Words,
        button: Words,
        done: Words = "",
        **more: Any,
    ) -> None:
        super().__init__(**more)
        self.form_class = form_class
        self.task_title = title
        self.done = done
        self.button = button


class StaffTask(_Worded, nodes.View):
    """A step of the office.

    `can_undo` says that whoever did it may take it back, where it told nobody: all
    that it changes is the unit, notes, and what the same step decides anew.
    """

    def __init__(
        self, form_class: type[StepForm], *, can_undo: bool = False, **words: Words
    ) -> None:
        super().__init__(form_class, view=None, **words)
        self.can_undo = can_undo


class ApplicantTask(_Worded, nodes.Handle):
    """A step of the applicant; or of the calendar, when nothing came in time.

    `asked` is its title as the applicant reads it, where `title`, which the staff read,
    is no way to talk to somebody.
    """

    # Not Viewflow's HUMAN: it is in no list of the staff.
    task_type = "APPLICANT"

    def __init__(
        self, form_class: type[StepForm], *, asked: Words = "", **words: Words
    ) -> None:
        super().__init__(form_class, func=_take, **words)
        self.asked = asked or self.task_title


class PartyTask(_Worded, nodes.Handle):
    """A step of somebody outside who is not the applicant, and `who` that is, in words.
    The slice asks for it on a page of its own, and does it with `answers.give`."""

    task_type = "PARTY"

    def __init__(
        self,
        form_class: type[StepForm],
        *,
        who: Words,
        asked: Words = "",
        **words: Words,
    ) -> None:
        super().__init__(form_class, func=_take, **words)
        self.who = who
        self.asked = asked or self.task_title


def _take(activation: Activation, apply: Callable[[Case], None]) -> Process:
    apply(activation.process.case)
    return activation.process


class WorkerActivation(AbstractJobActivation):
    """Viewflow's own would keep the words of a fault, and whatever was at hand when it
    came: here nothing of it is written, and the row alone says what became of it."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        self.task.save()
        Job.objects.create(task=self.task)
        tasks.wake()

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        self.complete()
        # A fault in what follows undoes the step, which is then tried again.
        self.activate_next()

    @Activation.status.transition(source=STATUS.SCHEDULED, target=STATUS.ERROR)
    def error(self) -> None:
        self._over()

    @Activation.status.transition(source=STATUS.ERROR, target=STATUS.SCHEDULED)
    def retry(self) -> None:
        self.task.finished = None
        self.task.save()

    @Activation.status.transition(
        source=[STATUS.SCHEDULED, STATUS.ERROR], target=STATUS.CANCELED
    )
    def cancel(self) -> None:
        self._over()
        undone = Job.objects.filter(task=self.task).exclude(state=Job.State.DONE)
        undone.update(state=Job.State.DROPPED, lease_until=None, settled=timezone.now())

    def _over(self) -> None:
        self.task.finished = timezone.now()
        self.task.save()


class WorkerTask(AbstractJob):
    """A step that the worker does, soon and by itself.

    `make` does what may be slow, outside any transaction, of the case as it is then;
    `keep` records what `make` returned, in the transaction that moves the case on: it
    is called once. `make` may be called again, where a worker died or a fault came, so
    it changes nothing. It raises what `community.work.rows` knows.
    """

    activation_class = WorkerActivation

    def __init__(
        self,
        make: Callable[[Case], Any],
        keep: Callable[[Case, Any], object],
        *,
        title: Words,
        done: Words,
    ) -> None:
        super().__init__()
        self.make = make
        self.keep = keep
        self.task_title = title
        self.done = done
