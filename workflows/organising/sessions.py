"""Making a session with its page, and changing its texts.

What people must be told of is a verb of `events.sessions`.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Locale

from cms.models import SeriesPage, SessionPage
from community.models import LocalBody, User
from events import registrations, sessions
from events.announcing import Told
from events.meetings import sync as meetings
from events.models import Registration, Series, Session

# Nobody is told when one of these changes, so that a mended typo sends no mail.
UNTOLD = {
    "title",
    "summary",
    "topic",
    "provider",
    "join_url",
    "audience",
    "bodies",
    "approval",
    "opens",
    "closes",
    "listed",
    "notes",
}


def page_of(series: Series) -> SeriesPage | None:
    """The page of `series` in the language of the house, under which its sessions
    have theirs."""
    pages = SeriesPage.objects.filter(series=series, locale=Locale.get_default())
    return pages.order_by("-live", "path").first()


def create(
    session: Session,
    *,
    bodies: Iterable[LocalBody] = (),
    by: User | None = None,
) -> SessionPage:
    """Save the new `session`, a draft for the chosen `bodies`, and its page, which
    nobody sees yet.

    Raises ValidationError if its series has no page to put it under, or the
    session is not as it should be.
    """
    with transaction.atomic():
        session.save()
        session.bodies.set(bodies)
        log(session, "wagtail.create", user=by)
        return _make_page(session, by)


def duplicate(session: Session, *, by: User | None = None, **when: Any) -> Session:
    """A draft like `session`, with a page of its own. Takes and raises what
    `events.sessions.duplicate` does, and ValidationError as `create`."""
    with transaction.atomic():
        copy = sessions.duplicate(session, by=by, **when)
        _make_page(copy, by)
    return copy


def _make_page(session: Session, by: User | None) -> SessionPage:
    parent = page_of(session.series)
    if parent is None:
        raise ValidationError({"series": _("This series has no page yet.")})
    page = SessionPage(
        title=_in_language(session.title, settings.LANGUAGE_CODE),
        slug=session.code,
        session=session,
        owner=by,
        locale=parent.locale,
        live=False,
    )
    parent.add_child(instance=page)
    page.save_revision(user=by)
    return page


def announce(session: Session, *, by: User | None = None) -> list[Told]:
    """Publish the page of the draft `session` and open it to everybody. Returns and
    raises as `events.sessions.announce`."""
    with transaction.atomic():
        told = sessions.announce(session, by=by)
        pages = SessionPage.objects.filter(session=session, locale=Locale.get_default())
        for page in pages.filter(live=False):
            revision = page.get_latest_revision() or page.save_revision(user=by)
            # Whoever may announce a session may show its page.
            revision.publish(user=by, skip_permission_checks=True)
    return told


def edit(session: Session, *, by: User | None = None, **values: Any) -> None:
    """Change what nobody needs to be told of: see `UNTOLD`. TypeError for the rest,
    which only the verbs of `events.sessions` change."""
    if told := values.keys() - UNTOLD:
        raise TypeError(f"not changed here: {', '.join(sorted(told))}")
    bodies = values.pop("bodies", None)
    for name, value in values.items():
        setattr(session, name, value)
    with transaction.atomic():
        before = Session.objects.get(pk=session.pk).title
        # Only these columns: somebody may be moving the session at this moment.
        session.save(update_fields=[*values, "changed"])
        if bodies is not None:
            session.bodies.set(bodies)
        if "title" in values:
            _rename_pages(session, before, by)
        if values.keys() & {"title", "provider"}:
            meetings.wanted(session)
        log(session, "wagtail.edit", user=by)


def resize(
    session: Session,
    *,
    online: int | None,
    in_person: int | None,
    body_limit: int | None,
    by: User | None = None,
) -> list[Registration]:
    """Give `session` so many places, and so many to each body; None is no limit.
    Returns who of the waiting list got a place by it."""
    with transaction.atomic():
        held = registrations.locked(session)
        if held.body_limit != body_limit:
            held.body_limit = body_limit
            held.save(update_fields=["body_limit", "changed"])
        return sessions.resize(session, online=online, in_person=in_person, by=by)


def _rename_pages(session: Session, before: Any, by: User | None) -> None:
    """Give the pages of `session` its new title, in the language of each, unless
    somebody had given one a title of its own."""
    for page in SessionPage.objects.filter(session=session).select_related("locale"):
        language = page.locale.language_code
        old, new = (_in_language(text, language) for text in (before, session.title))
        draft = page.get_latest_revision_as_object()
        if old == new or draft.title != old:
            continue
        as_shown = page.live and not page.has_unpublished_changes
        draft.title = new
        revision = draft.save_revision(user=by)
        if as_shown:
            # Whoever may change the session's title changes it where it is shown.
            revision.publish(user=by, skip_permission_checks=True)


def _in_language(text: Any, language: str) -> str:
    with override(language):
        return str(text)
