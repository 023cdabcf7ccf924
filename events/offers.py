"""Answering an offered place, and what comes of an offer that nobody answers.

`line.fill` makes the offers. An open offer and a registration in the state *offered*
are one thing: whoever comes first under the session's lock ends both, so of two at the
same second one wins, and the other finds it done.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from community.models import Heartbeat, User
from community.work.heartbeat import RESTORED

from . import mails
from .line import back_to_the_line, end_offers, fill, give
from .models import Offer, Registration, Session
from .models.places import State
from .registrations import cancel, end, locked

Reason = Registration.Reason

# After a restore.
GRACE = timedelta(hours=1)


def accept(registration: Registration, *, now: datetime | None = None) -> bool:
    """Take the place that is offered to `registration`.

    Who comes too late has it all the same as long as it has not passed on: nobody else
    has it. Returns False if it is not offered any more, or the session is over.
    """
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        over = session.ends <= (now or timezone.now())
        if registration.state != State.OFFERED or over:
            return False
        end_offers([registration], Offer.Outcome.ACCEPTED)
        give([registration])
        mails.tell("registration_confirmed", [registration])
    return True


def decline(registration: Registration, *, now: datetime | None = None) -> bool:
    """Do not take the place that is offered to `registration`; it passes on. Returns
    False if it is not offered any more."""
    with transaction.atomic():
        locked(registration.session)
        registration.refresh_from_db()
        if registration.state != State.OFFERED:
            return False
        return cancel(registration, Reason.REFUSED, now=now)


def take_back(
    registration: Registration, *, by: User, reason: str, now: datetime | None = None
) -> bool:
    """Offer the place of `registration` to somebody else, for a `reason` that is kept.

    It waits again, where it was, and is passed over this once. Returns False if the
    place is not offered any more.
    """
    with transaction.atomic():
        session = locked(registration.session)
        registration.refresh_from_db()
        if registration.state != State.OFFERED:
            return False
        back_to_the_line(session.registrations.filter(pk=registration.pk))
        log(registration, "events.take_back", user=by, data={"reason": reason})
        mails.tell("offer_withdrawn", [registration])
        fill(session, passing_over=registration, now=now)
        registration.refresh_from_db()
    return True


def expire_due(limit: int) -> int:
    """Pass on at most `limit` places whose offers were not answered in time; returns
    how many. None within the hour after the site was restored: who had answered what
    it knows nothing of can answer once more."""
    now = timezone.now()
    restored = Heartbeat.objects.filter(name=RESTORED, at__lte=now)
    if restored.filter(at__gt=now - GRACE).exists():
        return 0
    late = Offer.objects.open().filter(expires__lte=now).order_by("expires", "pk")
    found = list(late.select_related("registration__session")[:limit])
    for offer in found:
        _expire(offer, now)
    return len(found)


def _expire(offer: Offer, now: datetime) -> None:
    with transaction.atomic():
        session = locked(offer.registration.session)
        # As it is now: it may have been answered, or another worker be at it.
        late = Offer.objects.open().filter(pk=offer.pk, expires__lte=now)
        if not late.exists():
            return
        registration = Registration.objects.get(pk=offer.registration_id)
        end(registration, Reason.EXPIRED, None)
        mails.tell("offer_expired", [registration])
        fill(session, now=now)


def next_answer(session: Session) -> datetime | None:
    """When the first of the open offers of `session` is to be answered; None if there
    are none."""
    expiring = Offer.objects.open().filter(registration__session=session)
    return expiring.order_by("expires").values_list("expires", flat=True).first()
