"""Who is which side of a stop, and what that lets them do. Asked under the lock of
whatever changes it."""

from typing import NamedTuple

from django.db.models import Q

from community.acting import memberships
from community.models import Membership, Role, User

from .models import Offer, Pairing, Side, Stop, StopQuerySet

State = Pairing.State


class Party(NamedTuple):
    """Somebody as one side of a stop. `mine` is by what she acts for the body of that
    side; `pairing` is hers, where she is, or is asked to be, the rapporteur."""

    side: Side
    mine: Membership
    pairing: Pairing | None = None

    @property
    def is_host(self) -> bool:
        return self.side == Side.HOST

    @property
    def writes(self) -> bool:
        """Whether she answers for her side: of a host, who does not only read."""
        return not self.is_host or self.mine.role != Role.READER

    @property
    def is_asked(self) -> bool:
        """Whether she has yet to say that she comes."""
        return self.pairing is not None and self.pairing.state == State.ASKED

    @property
    def comes(self) -> bool:
        """Whether she is the rapporteur, and has said so."""
        return self.pairing is not None and self.pairing.state == State.ACCEPTED

    @property
    def writes_chronicle(self) -> bool:
        return self.comes


def party_of(stop: Stop, user: User | None) -> Party | None:
    """As which side `user` sees `stop`; None if as none.

    The host is whoever acts for its body; the rapporteur who was asked and neither
    declined nor left, while she acts for the body of her offer. Who is both, since the
    two bodies have become one, goes on as the rapporteur.
    """
    if user is None:
        return None
    asked = stop.pairings.standing()
    pairing = asked.filter(offer__user=user).select_related("offer__body").first()
    if pairing and (mine := memberships.for_body(user, pairing.offer.body)):
        return Party(Side.RAPPORTEUR, mine, pairing)
    host = memberships.for_body(user, stop.body)
    return Party(Side.HOST, host) if host else None


def was_asked(stop: Stop, user: User) -> bool:
    """Whether she was asked to be its rapporteur, whatever came of it."""
    return stop.pairings.filter(offer__user=user).exists()


def side_of(stop: Stop, user: User | None) -> Side | None:
    """Which side of `stop` she is; None if none."""
    party = party_of(stop, user)
    return party.side if party else None


def may_write(mine: Membership | None) -> bool:
    """Whether it lets one ask for a stop, or answer for the host: a reader only
    reads."""
    return mine is not None and mine.role != Role.READER


def told_by(mine: Membership) -> StopQuerySet:
    """Those of which she is, or is asked to be, the rapporteur for that body."""
    hers = Pairing.objects.standing().filter(
        offer__user=mine.user_id, offer__body=mine.body_id
    )
    return Stop.objects.submitted().filter(pairings__in=hers)


def stops_of(user: User) -> StopQuerySet:
    """Those that were sent and that `user` sees, of either side."""
    acting = memberships.of(user).values("body")
    asked = Pairing.objects.standing().filter(offer__user=user, offer__body__in=acting)
    mine = Q(body__in=acting) | Q(pk__in=asked.values("stop"))
    return Stop.objects.submitted().filter(mine)


def offer_of(mine: Membership) -> Offer | None:
    """What she has offered for that body, and has not withdrawn."""
    standing = Offer.objects.standing()
    return standing.filter(body=mine.body_id, user=mine.user_id).first()
