"""All that somebody has asked, of any kind, for who has shown their address."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from community.privacy.addresses import of_address
from workflows.engine import kinds
from workflows.engine.kinds import Kind, Outlook, kind_of
from workflows.engine.models import Case

# Once it is settled, people still look up what they were told.
LINK_KEPT = timedelta(days=90)
# Of the newest so many; all of them are in *Your data*.
SHOWN = 20


class Asked(NamedTuple):
    """A case as who asked for it reads of it in a list."""

    case: Case
    kind: Kind
    outlook: Outlook


def asked_by(address: str, now: datetime) -> list[Asked]:
    """What `address` has asked and can still open: first what waits for an answer of
    theirs, then what goes on, then what was settled; of each the newest first."""
    known = [kind.name for kind in kinds.known() if not kind.is_internal]
    rows = of_address(Case.objects.of_somebody(), address).filter(kind__in=known)
    # Those of a body are in the list of the body.
    rows = rows.exclude(kind__in=kinds.of_bodies())
    rows = rows.filter(Q(finished=None) | Q(finished__gte=now - LINK_KEPT))
    whose_turn = {Case.State.WAITING: 0, Case.State.OPEN: 1}
    cases = sorted(rows[:SHOWN], key=lambda case: whose_turn.get(case.state, 2))
    return [Asked(case, kind_of(case), kind_of(case).outlook(case)) for case in cases]
