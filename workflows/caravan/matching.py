"""Who could tell of a stop: those who have offered, the best first, each with the
reasons. The coordinator chooses; only the same body is impossible."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import LocalBody, Membership

from .map import geometry
from .models import Field, Form, Offer, Pairing, PossibleDate, Side, Stop

State = Pairing.State

# How much each reason weighs, in favour and against.
FIELD, FORM, NEAR, AVAILABLE, LOAD, PAIRED = 4, 2, 3, 2, 2, 1


@dataclass
class Proposed:
    """An offer, its `points`, and why. Who has said no comes last."""

    offer: Offer
    points: int = 0
    reasons: list[str] = field(default_factory=list)
    is_out: bool = False

    def weigh(self, points: int, reason: str) -> None:
        self.points += points
        self.reasons.append(reason)


def could_tell(offer: Offer, stop: Stop) -> bool:
    """Whether that offer can tell of `stop`: it stands, is of another body, and of
    somebody who acts for it and not for the host."""
    return offers_for(stop).filter(pk=offer.pk).exists()


def offers_for(stop: Stop):
    """The offers that can tell of `stop`."""
    acting = Membership.objects.active()
    hosts = acting.filter(body=stop.body_id).values("user")
    offers = Offer.objects.standing().exclude(body=stop.body_id)
    offers = offers.exclude(user__in=hosts).filter(user__is_active=True)
    pairs = set(acting.values_list("user", "body"))
    keys = [
        key
        for key, user, body in offers.values_list("pk", "user", "body")
        if (user, body) in pairs
    ]
    return Offer.objects.filter(pk__in=keys)


def proposed(stop: Stop) -> list[Proposed]:
    """Who could tell of `stop`, the best first. So many queries however many there
    are."""
    offers = offers_for(stop).select_related("user", "body__parent")
    found = [Proposed(offer) for offer in offers]
    _weigh_interests(stop, found)
    _weigh_distance(stop, found)
    _weigh_days(stop, found)
    _weigh_load(found)
    _weigh_pairs(stop, found)
    return sorted(
        found,
        key=lambda one: (one.is_out, -one.points, one.offer.created, one.offer.pk),
    )


def _weigh_interests(stop: Stop, found: Iterable[Proposed]) -> None:
    of_field = Field(stop.field).label if stop.field else ""
    for one in found:
        if stop.field in one.offer.fields:
            one.weigh(FIELD, _("Is interested in the field: %s.") % of_field)
        elif one.offer.fields:
            one.weigh(0, _("Is interested in other fields."))
        if _does(one.offer.forms, stop.form):
            one.weigh(FORM, _("Makes visits of this form."))
        else:
            one.weigh(-FORM, _("Would rather make visits of another form."))


def _does(forms: list[str], form: str) -> bool:
    return not forms or form in forms or form == Form.HYBRID or Form.HYBRID in forms


def _weigh_distance(stop: Stop, found: Iterable[Proposed]) -> None:
    if stop.form == Form.ONLINE:
        return
    here = geometry.town_of(stop.body)
    for one in found:
        there = geometry.town_of(one.offer.body)
        apart = geometry.distance(here, there) if here and there else None
        most = one.offer.distance
        if apart is None:
            _weigh_county(stop.body, one)
        elif most is not None and apart > most:
            words = _("Is %(apart)d km away, and would go %(most)d km at most.")
            one.weigh(-NEAR, words % {"apart": apart, "most": most})
        else:
            near = NEAR if apart <= 30 else 1
            one.weigh(near, _("Is %(apart)d km away.") % {"apart": apart})


def _weigh_county(host: LocalBody, one: Proposed) -> None:
    if host.comarca and host.comarca == one.offer.body.comarca:
        one.weigh(1, _("Is of the same county."))


def _weigh_days(stop: Stop, found: Iterable[Proposed]) -> None:
    """Whether she can on some of the days that the host has marked."""
    rows = PossibleDate.objects.filter(
        stop=stop, side=Side.HOST, starts__gt=timezone.now()
    )
    days = {timezone.localdate(row.starts).isoformat() for row in rows}
    if not days:
        return
    for one in found:
        free = days - set(one.offer.away)
        if free:
            words = _("Can on %(free)d of the days of the host.")
            one.weigh(AVAILABLE, words % {"free": len(free)})
        else:
            one.weigh(-AVAILABLE, _("Cannot on any of the days of the host."))


def _weigh_load(found: Iterable[Proposed]) -> None:
    """How many stops she tells of, or is asked about, now."""
    load = Counter(Pairing.objects.under_way().values_list("offer__user", flat=True))
    for one in found:
        number = load[one.offer.user_id]
        if number:
            words = ngettext(
                "Has %(number)d stop under way.",
                "Has %(number)d stops under way.",
                number,
            )
            one.weigh(-LOAD * number, words % {"number": number})
        else:
            one.weigh(0, _("Has no other stop under way."))


def _weigh_pairs(stop: Stop, found: Iterable[Proposed]) -> None:
    """Whether the two bodies know each other, and whether she has said no."""
    between = Pairing.objects.filter(
        state=State.ACCEPTED, stop__body=stop.body_id
    ).exclude(stop=stop)
    knows = dict(
        between.values_list("offer__body").annotate(times=Count("pk")).order_by()
    )
    no = Pairing.objects.filter(
        Q(state=State.DECLINED) | Q(state=State.LEFT), stop=stop
    )
    refused = {row.offer_id: row for row in no.order_by("pk")}
    users = {row.offer.user_id: row for row in no.select_related("offer")}
    for one in found:
        if times := knows.get(one.offer.body_id):
            words = ngettext(
                "Her body has visited this one %(times)d time already.",
                "Her body has visited this one %(times)d times already.",
                times,
            )
            one.weigh(-PAIRED * times, words % {"times": times})
        row = refused.get(one.offer.pk) or users.get(one.offer.user_id)
        if row:
            one.is_out = True
            one.reasons.insert(0, _said_no(row))


def _said_no(row: Pairing) -> str:
    left = row.state == State.LEFT
    if row.reason:
        words = _("Left: %s") if left else _("Declined: %s")
        return words % row.reason
    return _("Left this stop.") if left else _("Declined this stop.")
