"""A kind of case to try the engine with: the staff look at it, the worker counts
something, and the applicant says what she thinks of it. It has two ways, an old one and
the one that new cases go."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Process

from community.models import Unit, User
from workflows.engine import cases, flows, kinds
from workflows.engine.flows import CaseFlow
from workflows.engine.kinds import Kind, Outlook
from workflows.engine.models import Case, Entry
from workflows.engine.nodes import ApplicantTask, StaffTask, StepForm, WorkerTask


class Counting:
    """What the worker's step does: `act`, and then it notes that it was kept."""

    def __init__(self) -> None:
        self.act: Callable[[Case], Any] = lambda case: None
        self.made = 0
        self.kept: list[str] = []

    def make(self, case: Case) -> str:
        self.made += 1
        self.act(case)
        return case.number

    def keep(self, case: Case, number: str) -> None:
        cases.write(case, Entry.Way.NOTE, f"Comptat: {number}")


counting = Counting()


class Words(StepForm):
    text = forms.CharField(widget=forms.Textarea)
    way = Entry.Way.NOTE

    def apply(self, case: Case, by: User | None) -> None:
        cases.write(case, self.way, self.cleaned_data["text"], by)


class Opinion(Words):
    way = Entry.Way.IN

    def apply(self, case: Case, by: User | None) -> None:
        super().apply(case, by)
        cases.finish(case, "done")


def _staff(title: str) -> StaffTask:
    return StaffTask(Words, title=title, button="Fet", done=f"{title}: fet")


class OldWay(CaseFlow):
    """The first: look, count, opinion."""

    # Rows name a flow by where it is: in an app.
    __module__ = flows.__name__
    process_class = Process

    opened = flow.StartHandle(this.begin).Next(this.look)
    look = _staff("Mirar-ho").Next(this.counted)
    counted = WorkerTask(
        lambda case: counting.make(case),
        lambda case, made: counting.keep(case, made),
        title="Comptar-ho",
        done="Comptat",
    ).Next(this.opinion)
    opinion = ApplicantTask(Opinion, title="Dir-hi la vostra", button="Envia-ho").Next(
        this.closed
    )
    closed = flow.End()

    def begin(self, activation: Activation, case: Case) -> Process:
        return self.open_case(activation, case)


class NewWay(CaseFlow):
    """The second: weigh comes before look, and nothing is counted any more."""

    __module__ = flows.__name__
    process_class = Process

    opened = flow.StartHandle(this.begin).Next(this.weigh)
    weigh = _staff("Pesar-ho").Next(this.look)
    look = _staff("Mirar-ho").Next(this.opinion)
    opinion = ApplicantTask(Opinion, title="Dir-hi la vostra", button="Envia-ho").Next(
        this.closed
    )
    closed = flow.End()

    def begin(self, activation: Activation, case: Case) -> Process:
        return self.open_case(activation, case)


def know_it(monkeypatch: pytest.MonkeyPatch, *ways: type[CaseFlow]) -> Counting:
    """Have the kind be known, with these ways, the first for new cases."""
    kind = Kind(
        name="trial",
        prefix="TRI",
        label="Prova",
        flows=ways,
        outlook=lambda case: Outlook("Ho mirem", "Us ho direm."),
        outcomes={"done": "fet"},
    )
    monkeypatch.setitem(kinds._kinds, kind.name, kind)
    for way in (OldWay, NewWay):
        monkeypatch.setattr(flows, way.__name__, way, raising=False)
    counting.__init__()
    return counting


def a_trial(unit: Unit, **values: Any) -> Case:
    """A case of the kind that has just come in, on the way of new ones."""
    case = Case(
        kind="trial",
        number=cases.new_number("TRI"),
        unit=unit,
        **{
            "title": "Una prova",
            "name": "Ada Puig",
            "email": "ada@council.example",
            "language": "ca",
            **values,
        },
    )
    kinds.kind_of(case).flows[0].opened.run(case=case)
    return case
