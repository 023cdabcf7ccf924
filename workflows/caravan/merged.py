"""A local body goes on as another: its stops, offers, practices and adaptations are the
other's."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from community.models import LocalBody
from workflows.engine.models import Case

from .models import Adaptation, GoodPractice, Offer, Pairing, Stop

ONE_BODY = "caravan.one_body"


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger. Whose two sides become one before the
    visit, the worker parts (`holding.release_due`); after it, that is only noted."""
    _note(_told_between(body, into))
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


def _told_between(body: LocalBody, into: LocalBody) -> Iterable[Pairing]:
    """Who has visited one of them for the other, where that still goes on."""
    either = Q(stop__body=body, offer__body=into) | Q(stop__body=into, offer__body=body)
    has_begun = Q(stop__held__isnull=False) | Q(
        stop__appointment__starts__lte=timezone.now()
    )
    return Pairing.objects.filter(
        either,
        has_begun,
        state=Pairing.State.ACCEPTED,
        stop__case__state__in=Case.ACTIVE,
    ).select_related("stop__case")


def _note(told: Iterable[Pairing]) -> None:
    """What was done stays done: the office reads it in the history of the case."""
    for pairing in told:
        log(pairing.stop.case, ONE_BODY)
