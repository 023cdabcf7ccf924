"""Files of cases: judging them, keeping them until their form is sent, putting them
into a case and handing them out.

What passes is still handed out to be saved and nothing else: a judge can be wrong.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.base import File as Content
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet, Sum
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from cms import uploads
from cms.media import INERT
from cms.receiving import Dropped
from community.models import User

from .models import Case, Entry, File, FileQuerySet
from .models.files import FOLDER, private_storage

logger = logging.getLogger(__name__)

DRAFT_KEPT = timedelta(days=1)

Judge = Callable[[UploadedFile, str], None]
Holding = TypeVar("Holding", bound=Model)

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

# What is taken: as what it is handed out again, and who judges it.
TAKEN: dict[str, tuple[str, Judge]] = {
    **{
        kind: (content_type, uploads.JUDGES[kind])
        for kind, content_type in {
            "pdf": "application/pdf",
            "docx": f"{OFFICE}.wordprocessingml.document",
            "xlsx": f"{OFFICE}.spreadsheetml.sheet",
            "pptx": f"{OFFICE}.presentationml.presentation",
            "odt": f"{OPEN_DOCUMENT}.text",
            "ods": f"{OPEN_DOCUMENT}.spreadsheet",
            "odp": f"{OPEN_DOCUMENT}.presentation",
            "csv": "text/csv",
            "zip": "application/zip",
        }.items()
    },
    "txt": ("text/plain", uploads.JUDGES["csv"]),
    **{
        kind: (f"image/{kind}", uploads.check_still)
        for kind in ("jpeg", "png", "webp", "gif", "heic")
    },
    "jpg": ("image/jpeg", uploads.check_still),
}


def add(
    case: Case,
    *,
    name: str,
    content: bytes | Content,
    content_type: str,
    by: User | None = None,
    entry: Entry | None = None,
    is_visible: bool = True,
) -> File:
    """Put a file that the site or the staff made into the case. Call it in the
    transaction of what it belongs to: if that fails, `sweep` takes away what was
    written to the disk."""
    if isinstance(content, bytes):
        content = ContentFile(content, name=name)
    row = File(case=case, entry=entry, is_visible=is_visible, by=by)
    return _save(row, name, content, content_type)


def keep(upload: UploadedFile, draft: str) -> File:
    """Keep what somebody handed in, for the form that knows `draft` to send. Raises
    ValidationError that names the file, if it is not taken."""
    name = uploads.tidy_name(upload.name or "")
    try:
        content_type = _judged(upload, name)
        _check_room(upload.size or 0, settings.CASE_DRAFTS_MOST)
    except ValidationError as refusal:
        words = " ".join(map(str, refusal.messages))
        raise ValidationError(
            _("“%(name)s” was not taken. %(why)s"),
            code=getattr(refusal, "code", None) or "picture",
            params={"name": name, "why": words},
        ) from refusal
    return _save(File(draft=draft), name, upload, content_type)


def hold(file: File) -> None:
    """Keep that draft until whoever holds it deletes it. Call it in the transaction
    that says who does. Raises ValidationError if there is no room."""
    _check_room(file.size, settings.CASE_HELD_MOST, is_held=True)
    file.is_held = True
    file.save(update_fields=["is_held"])


def twin(file: File, rows: QuerySet[Holding]) -> Holding | None:
    """The one of `rows`, each of which has a file, that has the same as `file`, which
    goes then. None if it is new."""
    found = rows.filter(file__name=file.name, file__size=file.size).first()
    if found:
        file.delete()
    return found


def _judged(upload: UploadedFile, name: str) -> str:
    """As what it is handed out again. Raises ValidationError."""
    extension = uploads.extension_of(name)
    uploads.check_kind(extension, TAKEN)
    uploads.check_size(upload, settings.CASE_FILE_MOST)
    if isinstance(upload, Dropped):
        raise too_many()
    content_type, judge = TAKEN[extension]
    upload.name = name
    try:
        judge(upload, extension)
    finally:
        upload.seek(0)
    return content_type


def too_many() -> ValidationError:
    """Why a file more is not taken."""
    most = settings.CASE_FILES_AT_ONCE
    return ValidationError(
        _("At most %(most)d files can be sent at a time."),
        code="many",
        params={"most": most},
    )


def _check_room(size: int, most: int, *, is_held: bool = False) -> None:
    """Drafts take only so much, since a full disk stops all; and those that anybody can
    make leave the others their room."""
    drafts = File.objects.drafts().filter(is_held=is_held)
    taken = drafts.aggregate(all=Sum("size"))["all"] or 0
    if taken + size > most:
        logger.warning("Drafts of files take %s octets: no more are taken.", taken)
        raise ValidationError(
            _("Just now there is no room for it. Try again in some hours."),
            code="room",
        )


def _save(row: File, name: str, content: Content, content_type: str) -> File:
    row.name = name
    row.content_type = content_type
    row.size = content.size
    row.file.save(name, content, save=False)
    row.save()
    return row


def put_in(
    case: Case, entry: Entry, files: Iterable[File], by: User | None = None
) -> None:
    """Make of drafts the files of `entry`: whoever sees that, sees them."""
    keys = [file.pk for file in files]
    File.objects.drafts().filter(pk__in=keys).update(
        case=case,
        entry=entry,
        draft="",
        is_held=False,
        by=by,
        is_visible=entry.is_visible,
    )


def handed_out(file: File) -> FileResponse:
    """`file`, to be saved under its name. It may do nothing, and no cache keeps it.
    Http404 if the disk has lost it."""
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        logger.error("The file %s is not on the disk.", file.pk)
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )
    response.headers["Content-Security-Policy"] = INERT
    add_never_cache_headers(response)
    return response


def old_drafts(now: datetime) -> FileQuerySet:
    """Those whose form nobody has sent in a day, and that nothing holds."""
    old = File.objects.drafts().filter(created__lt=now - DRAFT_KEPT)
    return old.filter(is_held=False)


def sweep(limit: int) -> int:
    """Once a day, take at most `limit` files from the disk that no row knows: their
    transaction failed. Returns how many."""
    if not cache.add("case-files-swept", True, DRAFT_KEPT.total_seconds()):
        return 0
    storage = private_storage()
    done = 0
    for path in _unknown(timezone.now() - DRAFT_KEPT):
        if done == limit:
            # The others, the next time.
            cache.delete("case-files-swept")
            break
        storage.delete(path)
        done += 1
    return done


def _unknown(before: datetime) -> Iterator[str]:
    """What lies on the disk since `before`, and in no row."""
    storage: Any = private_storage()
    if not storage.exists(FOLDER):
        return
    for month in storage.listdir(FOLDER)[0]:
        folder = f"{FOLDER}/{month}"
        lying = {f"{folder}/{name}" for name in storage.listdir(folder)[1]}
        known = File.objects.filter(file__startswith=f"{folder}/")
        for path in sorted(lying - set(known.values_list("file", flat=True))):
            if storage.get_modified_time(path) < before:
                yield path
