"""The way of a case, drawn: its steps, which are done and where it is now. The time
line tells the same in words."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.base import Node
from viewflow.workflow.chart import Cell, Edge, calc_layout_data
from viewflow.workflow.models import Task
from viewflow.workflow.nodes import End, If, Start, StartHandle, Switch
from viewflow.workflow.status import STATUS

from workflows.engine.models import Case
from workflows.engine.nodes import ApplicantTask, PartyTask, StaffTask, WorkerTask

# In a box: letters of a line, and pixels from one line to the next.
LETTERS, LINE = 20, 16
WHO = (
    (StaffTask, gettext_lazy("the office")),
    (ApplicantTask, gettext_lazy("the applicant")),
    (PartyTask, gettext_lazy("another party")),
    (WorkerTask, gettext_lazy("the site")),
)
LOOKS = (
    (Start | StartHandle, "start"),
    (End, "end"),
    (If | Switch, "question"),
)
OVER = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)


class Shape(NamedTuple):
    """A node of the drawing. `state` is *done*, *here* or nothing; `lines` are heights
    and words."""

    x: int
    y: int
    width: int
    height: int
    look: str
    state: str
    who: str
    lines: list[tuple[int, str]]


class Arrow(NamedTuple):
    """From one to another; `points` as in the path of an SVG."""

    points: str
    label: str
    at: tuple[int, int] | None


def svg(case: Case, theme: str) -> str:
    """The drawing of `case`; `theme` is that of the admin: light, dark or system."""
    tasks = list(case.process.task_set.all())
    grid = calc_layout_data(case.process.flow_class)
    states = _states(tasks)
    context = {
        "title": in_words(tasks),
        "theme": theme,
        "width": grid.width,
        "height": grid.height,
        "shapes": [_shape(cell, states) for cell in grid.cells],
        "arrows": [_arrow(edge) for edge in grid.edges],
    }
    return render_to_string("cases/drawing.svg", context)


def in_words(tasks: list[Task]) -> str:
    """What the drawing shows, for who does not see it; `tasks` are those of a case."""
    waiting = (task for task in tasks if task.status not in OVER)
    nodes = (task.flow_task for task in waiting)
    here = [str(node.task_title) for node in nodes if _first(WHO, node)]
    if not here:
        return _("The steps of the case. It has come to its end.")
    return _("The steps of the case. It is now at: %s.") % ", ".join(here)


def _states(tasks: list[Task]) -> dict[str, str]:
    """By the name of each node where the case was: *here* beats *done*."""
    states: dict[str, str] = {}
    for task in tasks:
        if task.status not in OVER:
            states[task.flow_task.name] = "here"
        elif task.status == STATUS.DONE:
            states.setdefault(task.flow_task.name, "done")
    return states


def _shape(cell: Cell, states: dict[str, str]) -> Shape:
    node, box = cell.node, cell.shape
    # Another party has a name of its own.
    who = str(getattr(node, "who", "") or _first(WHO, node))
    # Viewflow titles by its name what nobody has titled.
    is_titled = isinstance(node.task_title, Promise)
    words = wrap(str(node.task_title), LETTERS) if is_titled else []
    first = box.height // 2 + 5 - (len(words) - 1) * LINE // 2
    return Shape(
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        look="step" if who else _first(LOOKS, node) or "fork",
        state=states.get(node.name, ""),
        who=who,
        lines=[(first + number * LINE, line) for number, line in enumerate(words)],
    )


def _first(table: Iterable[tuple[Any, Any]], node: Node) -> Any:
    """What `table` says of the class of `node`; "" if nothing."""
    return next((said for kind, said in table if isinstance(node, kind)), "")


def _arrow(edge: Edge) -> Arrow:
    points = " L".join(f"{x},{y}" for x, y in edge.segments)
    # Viewflow's own words.
    label = {"yes": _("yes"), "no": _("no")}.get(edge.label, "")
    return Arrow(f"M{points}", label, edge.label_pos)
