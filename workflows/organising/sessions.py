"""Making a session with its page, and changing its texts.

What people must be told of is a verb of `events.sessions`.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Locale

from cms.models import SeriesPage, SessionPage
from community.models import User
from events import sessions
from events.models import Series, Session

# Nobody is told when one of these changes, so that a mended typo sends no mail.
UNTOLD = {"title", "summary", "topic", "listed", "join_url", "opens", "closes", "notes"}


def page_of(series: Series) -> SeriesPage | None:
    """The page of `series` in the language of the house, under which its sessions
    have theirs."""
    pages = SeriesPage.objects.filter(series=series, locale=Locale.get_default())
    return pages.order_by("-live", "path").first()


def create(session: Session, *, by: User | None = None) -> SessionPage:
    """Save the new `session`, a draft, and its page, which nobody sees yet.

    Raises ValidationError if its series has no page to put it under, or the
    session is not as it should be.
    """
    parent = page_of(session.series)
    if parent is None:
        raise ValidationError({"series": _("This series has no page yet.")})
    with override(settings.LANGUAGE_CODE):
        title = str(session.title)
    with transaction.atomic():
        session.save()
        log(session, "wagtail.create", user=by)
        page = SessionPage(
            title=title,
            slug=session.code,
            session=session,
            owner=by,
            locale=parent.locale,
            live=False,
        )
        parent.add_child(instance=page)
        page.save_revision(user=by)
    return page


def announce(session: Session, *, by: User | None = None) -> None:
    """Publish the page of the draft `session` and open it to everybody. Raises
    ValidationError as `events.sessions.announce`."""
    with transaction.atomic():
        sessions.announce(session, by=by)
        pages = SessionPage.objects.filter(session=session, locale=Locale.get_default())
        for page in pages.filter(live=False):
            revision = page.get_latest_revision() or page.save_revision(user=by)
            # Whoever may announce a session may show its page.
            revision.publish(user=by, skip_permission_checks=True)


def edit(session: Session, *, by: User | None = None, **values: Any) -> None:
    """Change what nobody needs to be told of: see `UNTOLD`. TypeError for the rest,
    which only the verbs of `events.sessions` change."""
    if told := values.keys() - UNTOLD:
        raise TypeError(f"not changed here: {', '.join(sorted(told))}")
    for name, value in values.items():
        setattr(session, name, value)
    with transaction.atomic():
        # Only these columns: somebody may be moving the session at this moment.
        session.save(update_fields=[*values, "changed"])
        log(session, "wagtail.edit", user=by)
