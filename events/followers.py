"""Hearing of the next session of a series: asking, confirming and leaving."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from community.messages import outbox
from community.messages.models import Message

from . import mails
from .announcing import Told
from .models import Announcement, Follower, Series, Session
from .retention import QUESTION_KEPT


class TooLate(Exception):
    """The question was asked too long ago to be answered with yes."""


def follow(
    series: Series, email: str, language: str, *, confirmed: bool = False
) -> None:
    """Have `email` told when a session of `series` is announced.

    The address is asked first, by mail, unless it is `confirmed`: somebody who
    registers with it hears of that anyway. Asking again changes nothing that can be
    seen, so nobody learns who follows.
    """
    with transaction.atomic():
        # A double click is two at once: the second finds what the first one wrote.
        Series.objects.select_for_update().get(pk=series.pk)
        follower = series.followers.filter(email__iexact=email).first()
        if follower is None:
            follower = Follower(series=series, email=email)
        follower.language = language
        follower.confirmed = follower.confirmed or confirmed
        if not follower.confirmed:
            # The question runs out by the newest time it was asked.
            follower.created = timezone.now()
        follower.save()
        if not follower.confirmed:
            outbox.queue([_message("follow_confirm", follower, follower.pk)])


def confirm(follower: Follower) -> None:
    """The address says that it wants to hear. Raises TooLate if it was asked too
    long ago: the link may have come into other hands."""
    if not can_confirm(follower):
        raise TooLate
    follower.confirmed = True
    follower.save(update_fields=["confirmed"])


def can_confirm(follower: Follower) -> bool:
    """Whether the question still stands."""
    return follower.confirmed or follower.created > timezone.now() - QUESTION_KEPT


def leave(follower: Follower) -> None:
    """The address wants to hear no more. Nothing of it is kept."""
    follower.delete()


def tell_followers(session: Session) -> list[Told]:
    """Queue the news of `session` to those who follow its series and have not had
    it. The caller holds the session's lock."""
    if not session.listed or session.starts <= timezone.now():
        return []
    new = session.series.followers.filter(confirmed=True).exclude(
        announcements__session=session
    )
    told = Announcement.objects.bulk_create(
        [Announcement(follower=follower, session=session) for follower in new]
    )
    outbox.queue(_message("session_announced", each.follower, each.pk) for each in told)
    return [
        Told(each.follower.language, partial(mails.preview_news, each)) for each in told
    ]


def _message(kind: str, follower: Follower, about: int) -> Message:
    return Message(
        kind=kind,
        about=about,
        recipient=follower.email,
        language=follower.language,
        dedupe_key=f"{kind}:{about}",
    )
