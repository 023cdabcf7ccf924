"""A topic is proposed."""

import uuid
from dataclasses import dataclass

from community.models import LocalBody, Topic
from events.models import Series
from workflows.engine import cases, deadlines, letters
from workflows.engine.models import Case, Entry
from workflows.engine.terms import Measure

from . import mails
from .flows import ProposalFlow
from .kind import NAME, PREFIX
from .models import Proposal
from .proposals import in_words

# Within so many working days somebody has looked at it.
MODERATED_IN = 5


@dataclass(frozen=True)
class Wish:
    """What somebody proposes for `series`, and who."""

    series: Series
    title: str
    wanted: str
    why: str
    urgency: str
    name: str
    email: str
    language: str
    topic: Topic | None = None
    shares: bool = False
    body: LocalBody | None = None


def propose(wish: Wish, *, form_key: uuid.UUID | None = None) -> Case:
    """Open a case for `wish` in the unit of its series, and tell who proposed it. The
    same `form_key` once more gives the case that is there."""

    def begin(number: str) -> Case:
        case = Case(
            kind=NAME,
            number=number,
            unit=wish.series.unit,
            title=wish.title,
            name=wish.name,
            email=wish.email,
            language=wish.language,
            body=wish.body,
            form_key=form_key,
        )
        told = ("series", "title", "wanted", "why", "topic", "urgency", "shares")
        proposal = Proposal(**{name: getattr(wish, name) for name in told})
        ProposalFlow.proposed.run(case=case, proposal=proposal)
        deadlines.start(case, Measure.WORKING_DAYS, MODERATED_IN)
        cases.write(case, Entry.Way.IN, in_words(proposal))
        letters.tell(mails.RECEIVED, case)
        return case

    return cases.open_once(PREFIX, form_key, begin)
