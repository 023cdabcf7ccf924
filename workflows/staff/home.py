"""What of the cases one finds on the first screen of the admin."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from community.cover import today
from community.models import User
from workflows.engine import inbox
from workflows.engine.access import VIEW, cases_of
from workflows.engine.kinds import Words

from .counting import waiting


class Count(NamedTuple):
    """What of some kind of case waits for somebody, and where it is listed."""

    words: Words
    number: int
    address: str


_counts: dict[str, Callable[[User], Count | None]] = {}


def register(name: str, count: Callable[[User], Count | None]) -> None:
    """Have what `count` finds for a user, if anything, among the cases. A name is taken
    once."""
    if _counts.setdefault(name, count) is not count:
        raise ValueError(f"count {name!r} is registered twice")


class CasesPanel(Component):
    """How many cases wait for one, and for anybody, and what each kind of case counts
    besides. Empty if there are none."""

    name = "cases"
    template_name = "cases/home_cases.html"
    order = 30

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        user = self.request.user
        if not user.has_perm(VIEW):
            return {}
        counts = {
            **waiting(self.request),
            "overdue": cases_of(user).overdue(today()).count(),
            "trouble": inbox.in_trouble(user).count(),
        }
        found = (count(user) for count in _counts.values())
        more = [one for one in found if one and one.number]
        return {**counts, "more": more, "any": more or any(counts.values())}
