"""What both sides think of a stop, once its good practice is published."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.acting import memberships
from community.models import User
from workflows.caravan import parties, reading, stops
from workflows.caravan.models import Side, Stop, StopEvaluation
from workflows.caravan.parties import Party

# In the history of a case.
SAID = "caravan.side_evaluated"


def is_open(stop: Stop) -> bool:
    """Whether it can be said: what came of it was published."""
    practice = getattr(stop, "practice", None)
    return practice is not None and practice.published is not None


def party_of(stop: Stop, user: User | None) -> Party | None:
    """For which side `user` can say it; None if for none. Where a rapporteur does not
    act for her body any more, her colleagues say it in her place."""
    if found := parties.party_of(stop, user):
        return found if found.writes else None
    pairing = reading.paired(stop)
    if pairing is None or reading.rapporteurs(stop):
        return None
    mine = memberships.for_body(user, pairing.offer.body)
    return Party(Side.RAPPORTEUR, mine) if parties.may_write(mine) else None


def evaluate(stop: Stop, *, by: User, score: int, text: str) -> StopEvaluation:
    """The side of `by` thinks so of `stop`; what it said before, it says anew. Once all
    have said it, the case is settled. Raises PermissionDenied and ValidationError."""
    with stops.case_locked(stop) as found:
        party = party_of(found, by)
        if party is None:
            raise PermissionDenied
        with memberships.locked(party.mine.body):
            party = party_of(found, by)
            if party is None:
                raise PermissionDenied
            return _say(found, Side(party.side), by, {"score": score, "text": text})


def _say(stop: Stop, side: Side, by: User, said: dict[str, object]) -> StopEvaluation:
    if not is_open(stop):
        raise ValidationError(_("You can say it once the good practice is published."))
    row, is_new = StopEvaluation.objects.update_or_create(
        stop=stop, side=side, defaults=said
    )
    if is_new:
        log(stop.case, SAID, user=by, data={"reason": str(side.label)})
    stops.evaluated(stop)
    return row
