"""What a reader of the proposals may choose, and what comes of it."""

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cms.choosing import Choice, Chosen, pick
from cms.search.site import topics
from events.models import Series

from .models import Proposal

PER_PAGE = 20
# What is looked for is no longer.
WORDS = 100
COLUMNS = {"state": "state", "topic": "topic__code", "series": "series__code"}


class Shelf(Chosen):
    """The proposals that `asked`, the query of the address, chooses."""

    def __init__(self, asked: QueryDict) -> None:
        self.looked_for = asked.get("words", "").strip()[:WORDS]
        every = list(Series.objects.all())
        filters = [
            pick(asked, "state", _("State"), _("All"), _states()),
            pick(asked, "topic", _("Topic"), _("All"), _topics()),
            pick(asked, "series", _("Series"), _("All"), _series(every)),
            pick(asked, "sort", _("Order"), _("Most wanted first"), _orders()),
        ]
        by = {f.name: f.chosen.value for f in filters if f.chosen}
        rows = Proposal.objects.public().ranked()
        if by.pop("sort", None):
            rows = rows.order_by("-published", "-pk")
        rows = rows.filter(**{COLUMNS[name]: value for name, value in by.items()})
        if self.looked_for:
            rows = rows.matching(self.looked_for)
        rows = rows.select_related("case", "series", "topic")
        words = {"words": self.looked_for} if self.looked_for else {}
        super().__init__(asked, filters, rows, PER_PAGE, words)
        here = by.get("series")
        # Where to propose another: the series that is chosen, or each of them.
        self.series = [
            each for each in every if each.takes_proposals and here in (None, each.code)
        ]


def _states() -> list[Choice]:
    states = Proposal.State
    return [Choice(s.value, str(s.label)) for s in states if s != states.RECEIVED]


def _topics() -> list[Choice]:
    return [Choice(topic.code, str(topic.name)) for topic in topics().values()]


def _series(every: Iterable[Series]) -> list[Choice]:
    return [Choice(series.code, str(series)) for series in every]


def _orders() -> list[Choice]:
    return [Choice("new", str(_("Newest first")))]
