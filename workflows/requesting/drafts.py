"""Drafts of requests: what the people of a body write together until one of them
signs it.

Each verb holds the lock of the body's people (`memberships.locked`): it asks there
whether who acts still may, and what two colleagues do at once comes one after the
other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.acting import memberships
from community.models import LocalBody, Membership, Role, User
from community.privacy.register import YEAR
from events.models import new_token
from workflows.catalogue.models import Edition, Question
from workflows.engine import files
from workflows.engine.models import File

from .models import CatalogueRequest, Document, RequestQuerySet

# After its edition has closed; and after its last saving, where that has no end.
KEPT, KEPT_OPEN = timedelta(days=30), YEAR


class Over(Exception):
    """It is no draft any more: somebody has sent it, or thrown it away."""


class Changed(Exception):
    """A colleague has saved the draft since it was read; `draft` is as it is now."""

    def __init__(self, draft: CatalogueRequest) -> None:
        super().__init__()
        self.draft = draft


def may_write(membership: Membership | None) -> bool:
    """Whether it lets one draft: a reader only reads."""
    return membership is not None and membership.role != Role.READER


def of(body: LocalBody, edition: Edition) -> RequestQuerySet:
    """The drafts of `body` in that edition, for its people to find again."""
    return CatalogueRequest.objects.drafts().filter(body=body, edition=edition)


def begin(body: LocalBody, edition: Edition, by: User) -> CatalogueRequest:
    """Begin a draft; one that the same person began and left blank goes on. Raises
    PermissionDenied."""
    with memberships.locked(body):
        _check(by, body)
        mine = of(body, edition).filter(begun_by=by, version=0, documents=None)
        return mine.first() or CatalogueRequest.objects.create(
            body=body,
            resource=edition.resource,
            edition=edition,
            begun_by=by,
            saved_by=by,
            saved=timezone.now(),
        )


def save(
    draft: CatalogueRequest, written: dict[str, Any], *, version: int, by: User
) -> CatalogueRequest:
    """Keep what was `written` by who had read that `version`, and give the draft as it
    is then. Raises Changed, Over and PermissionDenied."""
    with opened(draft, by) as found:
        if found.written == written:
            return found
        if found.version != version:
            raise Changed(found)
        found.written = written
        found.version += 1
        found.save(update_fields=["written", "version"])
        _touch(found, by)
        return found


def _touch(draft: CatalogueRequest, by: User) -> None:
    """It was saved just now."""
    draft.saved_by, draft.saved = by, timezone.now()
    draft.save(update_fields=["saved_by", "saved"])


def add_document(
    draft: CatalogueRequest,
    upload: UploadedFile,
    *,
    by: User,
    question: Question | None = None,
) -> Document:
    """Keep a file with the draft: the answer to `question`, in place of the one that
    there was, or one more. The same file once more is the one that is there. Raises
    ValidationError, Over and PermissionDenied."""
    # Judged before the lock; if what follows fails, it is swept in a day.
    file = files.keep(upload, new_token())
    with opened(draft, by) as found:
        there = found.documents.filter(question=question)
        if same := files.twin(file, there):
            return same
        if question:
            File.objects.filter(document__in=there).delete()
        elif found.documents.count() >= settings.REQUEST_FILES_MOST:
            raise ValidationError(
                _("A request takes at most %(most)d documents."),
                params={"most": settings.REQUEST_FILES_MOST},
            )
        files.hold(file)
        _touch(found, by)
        return Document.objects.create(request=found, question=question, file=file)


def remove_document(draft: CatalogueRequest, pk: int, *, by: User) -> bool:
    """Take a document away. Returns False if it had gone. Raises Over and
    PermissionDenied."""
    with opened(draft, by) as found:
        rows = File.objects.filter(document__request=found, document=pk)
        gone, _rows = rows.delete()
        if gone:
            _touch(found, by)
    return gone > 0


def discard(draft: CatalogueRequest, *, by: User) -> None:
    """Throw the draft away with its documents, for all. Raises Over and
    PermissionDenied."""
    with opened(draft, by) as found:
        _forget(found)


@contextmanager
def opened(draft: CatalogueRequest, by: User) -> Iterator[CatalogueRequest]:
    """The draft as it is now, for who may write it. Raises Over and
    PermissionDenied."""
    with memberships.locked(draft.body):
        _check(by, draft.body)
        rows = CatalogueRequest.objects.drafts().filter(body=draft.body)
        rows = rows.select_related("body", "resource__unit", "edition", "saved_by")
        found = rows.filter(pk=draft.pk).first()
        if found is None:
            raise Over
        yield found


def _check(by: User, body: LocalBody) -> None:
    if not may_write(memberships.for_body(by, body)):
        raise PermissionDenied


# Until when they are kept -------------------------------------------------------------


def kept_until(draft: CatalogueRequest) -> datetime:
    """After which moment it is thrown away, if nobody sends it."""
    closes = draft.edition.closes
    return closes + KEPT if closes else draft.saved + KEPT_OPEN


def old(now: datetime) -> RequestQuerySet:
    """Those that are not kept any longer."""
    late = Q(edition__closes__lt=now - KEPT)
    left = Q(edition__closes=None, saved__lt=now - KEPT_OPEN)
    return CatalogueRequest.objects.drafts().filter(late | left)


def forget_old(now: datetime, limit: int) -> int:
    """Throw at most `limit` of them away; returns how many."""
    rows = list(old(now).select_related("body").order_by("pk")[:limit])
    for draft in rows:
        with memberships.locked(draft.body):
            # It may have been sent just now.
            for found in old(now).filter(pk=draft.pk):
                _forget(found)
    return len(rows)


def _forget(draft: CatalogueRequest) -> None:
    File.objects.filter(document__request=draft).delete()
    draft.delete()
