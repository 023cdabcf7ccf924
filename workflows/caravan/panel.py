"""What the office sees of a stop besides what every case has."""

from collections.abc import Mapping
from typing import Any

from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.models import User
from events import links
from workflows.engine.access import may_work
from workflows.engine.models import Case

from . import deciding, reading, visiting
from .models import Pairing, Stop
from .sides import chronicle


class StopPanel(Component):
    """Who shows what, who was asked to tell of it, when it can be and is, what is told
    of it, and what the two sides thought."""

    template_name = "caravan/panel.html"

    def __init__(self, case: Case, user: User, task: Task | None = None) -> None:
        self.case, self.user = case, user
        self.step = task.flow_task.name if task else ""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = Stop.objects.select_related(
            "body", "appointment", "rapporteur__body", "rapporteur__user", "practice"
        )
        stop = rows.get(case=self.case)
        stop.case = self.case
        practice = getattr(stop, "practice", None)
        pairings = list(stop.pairings.select_related("offer__user", "offer__body"))
        works = may_work(self.user, self.case) and self.case.is_active
        return {
            "case": self.case,
            "stop": stop,
            "pairings": pairings,
            "may_replace": works
            and any(one.state in Pairing.STANDING for one in pairings)
            and not self.step
            and not reading.is_published(stop),
            "possible": [] if stop.held else visiting.possible(stop),
            "meetings": self._meetings(stop),
            "chronicle": (found := chronicle.of(stop)),
            "told": chronicle.told(found.sent, found.before),
            "kit": list(stop.kit.select_related("version__tool", "done_by")),
            "may_mend": self.user.has_perm("caravan.change_tool"),
            "files": stop.files.sent().select_related("file"),
            "practice": practice,
            "obstacles": deciding.obstacles(stop) if practice else [],
            "evaluations": list(stop.evaluations.all()),
        }

    def _meetings(self, stop: Stop) -> list[dict[str, Any]]:
        """Those of the stop, the planned one first, each with who is expected at it and
        the own door of who looks."""
        found = []
        rows = stop.appointments.select_related("appointment")
        for row in rows.prefetch_related("appointment__guests__user"):
            guests = list(row.appointment.guests.all())
            mine = [g for g in guests if g.user_id == self.user.pk and g.stands]
            found.append(
                {
                    "appointment": row.appointment,
                    "guests": [guest for guest in guests if guest.expected],
                    "door": links.guest_link(mine[0]) if mine else "",
                }
            )
        return sorted(found, key=lambda one: not one["appointment"].takes_place)
