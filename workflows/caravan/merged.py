"""A local body goes on as another: its stops, offers, practices and adaptations are the
other's."""

from typing import Any

from community.models import LocalBody

from .models import Adaptation, GoodPractice, Offer, Stop


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    Stop.objects.filter(body=body).update(body=into)
    GoodPractice.objects.filter(body=body).update(body=into)
    # Who has offered for both goes on with the offer that the other has.
    twice = Offer.objects.standing().filter(body=into).values("user")
    again = Offer.objects.standing().filter(body=body, user__in=twice)
    for offer in again:
        offer.withdrawn = offer.saved
        offer.save(update_fields=["withdrawn"])
    Offer.objects.filter(body=body).update(body=into)
    # A body adapts a practice once.
    known = Adaptation.objects.filter(body=into).values("practice")
    Adaptation.objects.filter(body=body, practice__in=known).delete()
    Adaptation.objects.filter(body=body).update(body=into)
