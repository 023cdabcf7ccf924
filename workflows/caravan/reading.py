"""Who reads what we write about a stop, and where."""

from collections.abc import Iterable

from django.urls import reverse

from community.acting import memberships
from community.models import Membership, Role, User
from workflows.engine.kinds import OfBody
from workflows.engine.models import Case

from .models import Pairing, Stop


def page(case: Case) -> str:
    """Where both sides find it, in the active language."""
    return reverse("caravan_stop", args=[case.stop.key])


def readers(case: Case) -> Iterable[User]:
    """Of the host: whoever wrote it and still acts for the body or, if nobody of them
    does, all who represent it."""
    stop = case.stop
    acting = Membership.objects.active().filter(body=case.body)
    acting = acting.exclude(role=Role.READER).select_related("user").order_by("pk")
    wrote = {stop.begun_by_id, stop.saved_by_id} - {None}
    found = acting.filter(user__in=wrote) or acting.representatives()
    return [membership.user for membership in found]


def paired(stop: Stop) -> Pairing | None:
    """The pairing of who is asked to be its rapporteur, or is."""
    standing = stop.pairings.filter(
        state__in=(Pairing.State.ASKED, Pairing.State.ACCEPTED)
    )
    return standing.select_related("offer__user", "offer__body").first()


def rapporteurs(stop: Stop) -> list[User]:
    """Who is its rapporteur, or is asked to be, while she acts for her body."""
    pairing = paired(stop)
    if pairing is None:
        return []
    user, body = pairing.offer.user, pairing.offer.body
    return [user] if memberships.for_body(user, body) else []


OF_BODY = OfBody(page, readers)
