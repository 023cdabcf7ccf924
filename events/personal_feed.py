"""The calendar that one address subscribes to: turning it on and off, and what is in
it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from community.privacy.addresses import of_address

from .models import Invitation, PersonalFeed, Registration, new_token

# As much as of the public feeds; then registrations become figures.
BEHIND = timedelta(days=365)


def feed_of(address: str) -> PersonalFeed | None:
    """The feed of `address`; None as long as it has turned none on."""
    return of_address(PersonalFeed.objects.all(), address).first()


def renew(address: str, language: str) -> None:
    """Give the feed of `address` a new token, and turn it on if it is not. From then
    on the token of before opens nothing."""
    fresh = {"token": new_token(), "language": language}
    if of_address(PersonalFeed.objects.all(), address).update(**fresh):
        return
    # The second click of two comes when the first has turned it on.
    with suppress(IntegrityError), transaction.atomic():
        PersonalFeed.objects.create(email=address, **fresh)


def end(address: str) -> None:
    """Turn the feed of `address` off."""
    of_address(PersonalFeed.objects.all(), address).delete()


def places_in(feed: PersonalFeed, now: datetime) -> Iterable[Registration]:
    """What `feed` shows, the earliest first: every session that the address was given
    a place in, once, from a year ago on. Those it gave up too, since a program that
    subscribes takes away only what it sees cancelled; not those it waits for, since a
    calendar with an entry says that one is expected."""
    invited = Invitation.objects.filter(registration=OuterRef("pk"))
    found = (
        Registration.objects.of_address(feed.email)
        .filter(Exists(invited), session__ends__gt=now - BEHIND)
        .select_related("session")
        .prefetch_related("invitations")
        .order_by("session__starts", "pk")
    )
    shown: dict[int, Registration] = {}
    for row in found:
        # Who gave a place up and came back is expected.
        if row.is_active or row.session_id not in shown:
            shown[row.session_id] = row
    return shown.values()
