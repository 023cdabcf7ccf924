"""Looking at pages again: when, who does, and who is told that the day has come."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page
from wagtail.signals import page_published

from cms.models.reviews import Review, ReviewQuerySet
from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message
from community.models import User
from community.work import registry

# What a page that was looked at gets, unless somebody says another day.
INTERVAL = timedelta(days=365)

# Stored in the history of pages.
REVIEWED = "cms.reviewed"
HANDED_OVER = "cms.handed_over"


def start() -> None:
    """Listen and have the worker look; called once, when the site starts."""
    kinds.register(TO_REVIEW)
    registry.register("reviews", tell_due)
    page_published.connect(_plan_first, dispatch_uid="reviews")


def plan(page: Page, by: date | None) -> None:
    """Have `page` be looked at on the day `by`, or by nobody."""
    Review.objects.update_or_create(page_id=page.pk, defaults={"by": by, "told": None})


def hand_over(page: Page, to: User | None, *, by: User) -> None:
    """Have `to` look after `page` from now on."""
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(owner=to)
        # Who takes it over has not been told of its day.
        Review.objects.filter(page_id=page.pk).update(told=None)
        log(page, HANDED_OVER, user=by)


def confirm(page: Page, *, by: User) -> date:
    """`by` has looked at `page` and changes nothing. Returns the next day."""
    following = timezone.localdate() + INTERVAL
    with transaction.atomic():
        plan(page, following)
        log(page, REVIEWED, user=by)
    return following


def tell_due(limit: int) -> int:
    """Tell people of those of their pages whose day has come, each of them once and in
    one mail. Returns how many people were told, `limit` at most."""
    untold = _untold().values_list("page__owner", flat=True)
    owners = User.objects.filter(pk__in=untold, is_active=True)
    return sum(_tell(owner) for owner in owners.order_by("pk")[:limit])


def _untold() -> ReviewQuerySet:
    return Review.objects.due(timezone.localdate()).filter(told=None)


def _tell(owner: User) -> bool:
    with transaction.atomic():
        mine = _untold().filter(page__owner=owner)
        # Of two workers the second waits here, and finds nothing left to tell.
        keys = [review.pk for review in mine.select_for_update(of=("self",))]
        Review.objects.filter(pk__in=keys).update(told=timezone.now())
        if keys:
            outbox.queue([_mail_to(owner)])
    return bool(keys)


def _mail_to(owner: User) -> Message:
    return Message(
        kind=TO_REVIEW.name,
        about=owner.pk,
        recipient=owner.email,
        language=owner.language,
        dedupe_key=f"{TO_REVIEW.name}:{owner.pk}",
    )


def _due_of(row: Message) -> ReviewQuerySet:
    """What whom `row` is for has to look at today."""
    due = Review.objects.due(timezone.localdate())
    return due.filter(page__owner=row.about, page__owner__is_active=True)


def _pointless(row: Message) -> str:
    return "" if _due_of(row).exists() else "There is nothing to look at any more."


def _write(row: Message) -> EmailMultiAlternatives:
    pages = [
        {
            "title": review.page.get_admin_display_title(),
            "by": review.by,
            "url": _link("wagtailadmin_pages:edit", review.page_id),
        }
        for review in _due_of(row).select_related("page").order_by("by", "pk")
    ]
    mine = f"{_link('reviews:index')}?owner={row.about}"
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context={"pages": pages, "links": {"report": mine}},
    )


def _link(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _plan_first(instance: Page, **kwargs: Any) -> None:
    """Give a page that is published its first day; nobody need look at what is made
    from another, such as a translation: that is done with the other."""
    # Wagtail has pages of a type that is none of ours.
    is_reviewed = instance.live and getattr(instance, "is_reviewed", False)
    if is_reviewed and not _is_made_from_another(instance):
        by = timezone.localdate() + INTERVAL
        Review.objects.get_or_create(page_id=instance.pk, defaults={"by": by})


def _is_made_from_another(page: Page) -> bool:
    first = Locale.get_default()
    if page.alias_of_id or page.locale_id == first.pk:
        return bool(page.alias_of_id)
    return page.get_translations().filter(locale=first).exists()


TO_REVIEW = Kind("pages_to_review", _("Pages to review"), _write, _pointless)
