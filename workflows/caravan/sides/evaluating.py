"""What both sides think of a stop, once its good practice is published."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community.models import User
from workflows.caravan import parties
from workflows.caravan.models import Stop, StopEvaluation


def is_open(stop: Stop) -> bool:
    """Whether it can be said: what came of it was published."""
    practice = getattr(stop, "practice", None)
    return practice is not None and practice.published is not None


@transaction.atomic
def evaluate(stop: Stop, *, by: User, score: int, text: str) -> StopEvaluation:
    """The side of `by` thinks so of `stop`; what it said before, it says anew. Raises
    PermissionDenied and ValidationError."""
    rows = Stop.objects.select_for_update(of=("self",)).select_related("practice")
    found = rows.get(pk=stop.pk)
    party = parties.party_of(found, by)
    if party is None or not party.writes:
        raise PermissionDenied
    if not is_open(found):
        raise ValidationError(_("You can say it once the good practice is published."))
    row, _is_new = StopEvaluation.objects.update_or_create(
        stop=found, side=party.side, defaults={"score": score, "text": text}
    )
    return row
