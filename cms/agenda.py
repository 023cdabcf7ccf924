"""What a reader of the agenda may choose, and what comes of it."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.choosing import Choice, Chosen, Filter, pick
from cms.showing import coming_of, past_of
from community.models import Topic
from events.models import Series, Session, SessionQuerySet

PER_PAGE = 24
PAST = "past"


class Agenda(Chosen):
    """The sessions that `asked`, the query of the address, chooses."""

    ASKS = ("when", "series", "topic", "format", "page")

    def __init__(self, asked: QueryDict) -> None:
        self.is_past = asked.get("when") == PAST
        filters = [
            pick(asked, "series", _("Series"), _("All"), _series()),
            pick(asked, "topic", _("Topic"), _("All"), _topics()),
            pick(asked, "format", _("How it is held"), _("Any way"), _formats()),
        ]
        rows = (past_of if self.is_past else coming_of)(_chosen(filters))
        words = {"when": PAST} if self.is_past else {}
        super().__init__(asked, filters, rows, PER_PAGE, words)

    def months(self) -> list[tuple[date, list[Session]]]:
        """The page's sessions under the first day of each month."""

        def month(session: Session) -> date:
            return timezone.localtime(session.starts).date().replace(day=1)

        return [(day, list(held)) for day, held in groupby(self.rows, key=month)]


def _chosen(filters: Iterable[Filter]) -> SessionQuerySet:
    sessions = Session.objects.all()
    columns = {"series": "series__code", "topic": "topic__code"}
    for each in filters:
        if each.chosen:
            column = columns.get(each.name, each.name)
            sessions = sessions.filter(**{column: each.chosen.value})
    return sessions


def _series() -> Iterable[Choice]:
    return (Choice(s.code, str(s.title)) for s in Series.objects.all())


def _topics() -> Iterable[Choice]:
    return (Choice(t.code, str(t.name)) for t in Topic.objects.all())


def _formats() -> Iterable[Choice]:
    return (Choice(str(f.value), str(f.label)) for f in Session.Format)
