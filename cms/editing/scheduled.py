"""Pages that go live, or are taken away, at their hour.

In the place of Wagtail's `publish_scheduled`, which stops for good at the first page
that cannot be published, does half of one if it is killed, and does it twice beside
another.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message
from community.models import User
from community.work import registry

logger = logging.getLogger(__name__)

# Stored in the history of pages.
REFUSED = "cms.publish_refused"


def start() -> None:
    """Have the worker look at the hour; called once, when the site starts."""
    kinds.register(UNPUBLISHED)
    registry.register("scheduled pages", run_due)


def run_due(limit: int) -> int:
    """Take away and publish the pages whose hour has come, `limit` at most. Returns how
    many. One that cannot be published waits for its editor, who is told, and keeps no
    other waiting."""
    now = timezone.now()
    over = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
    due = Revision.objects.filter(approved_go_live_at__lt=now)
    due = due.order_by("approved_go_live_at")
    done = sum(
        _attempt(_take_away, key, now)
        for key in list(over.values_list("pk", flat=True)[:limit])
    )
    return done + sum(
        _attempt(_publish, key, now)
        for key in list(due.values_list("pk", flat=True)[: limit - done])
    )


def _attempt(act: Callable[[int, datetime], bool], key: int, now: datetime) -> bool:
    """All of `act` or nothing of it: a worker may be killed at any moment."""
    try:
        with transaction.atomic():
            return act(key, now)
    except Exception:
        logger.exception("%s %d", act.__name__, key)
        return False


def _take_away(key: int, now: datetime) -> bool:
    # Of two workers the second waits here, and finds it done.
    pages = Page.objects.select_for_update().filter(live=True, expire_at__lt=now)
    page = pages.filter(pk=key).first()
    if page:
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return page is not None


def _publish(key: int, now: datetime) -> bool:
    due = Revision.objects.select_for_update().filter(approved_go_live_at__lt=now)
    revision = due.filter(pk=key).first()
    if revision is None:
        return False
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError:
        refuse(revision)
    return True


def refuse(revision: Revision) -> None:
    """What was right when it was written is not any more: its address, say, was given
    to another page since. It loses its hour, and who wrote it and who looks after the
    page are told."""
    page = revision.content_object
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    log(page, REFUSED, revision=revision)
    people = User.objects.filter(pk__in=(revision.user_id, page.owner_id))
    outbox.queue(
        Message(
            kind=UNPUBLISHED.name,
            about=revision.pk,
            recipient=person.email,
            language=person.language,
        )
        for person in people.filter(is_active=True)
    )


def _gone(row: Message) -> str:
    revision = Revision.objects.filter(pk=row.about).first()
    there = revision and revision.content_object
    return "" if there else "The page was deleted."


def _write(row: Message) -> EmailMultiAlternatives:
    revision = Revision.objects.get(pk=row.about)
    page = revision.content_object
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])
    context = {
        "title": page.get_admin_display_title(),
        "reasons": _reasons(revision, row.language),
        "links": {"edit": f"{settings.SITE_URL}{path}"},
    }
    return compose(
        row.kind, recipient=row.recipient, language=row.language, context=context
    )


def _reasons(revision: Revision, language: str) -> list[str]:
    """What keeps it from being published now, in `language`."""
    with override(language):
        page = revision.as_object()
        # Some may be a draft as they are, and not be read.
        page.live = True
        try:
            page.full_clean()
        except ValidationError as fault:
            return fault.messages
    return []


UNPUBLISHED = Kind("page_unpublished", _("Page not published"), _write, _gone)
