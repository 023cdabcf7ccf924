"""The pictures that the rapporteur brings back: drawn anew from their pixels, so that
nothing says where and with what they were taken, and handed out only to who may see
them, until the practice is published."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from PIL import Image

from cms import uploads
from cms.media import INERT
from community.models import User
from workflows.caravan.models import Photograph, Stop

from . import chronicle

# Of a side, in pixels.
LONGEST = 2400
# Octets of one as it comes, and how many a chronicle takes.
HEAVIEST = 15 * 1024 * 1024
MOST = 20
KINDS = ("jpg", "jpeg", "png", "webp", "heic", "heif")


def add(
    stop: Stop, upload: UploadedFile, *, alt: str, consent: bool, by: User
) -> Photograph:
    """Keep a picture with what it shows, in words. Raises ValidationError, Over and
    PermissionDenied."""
    # Drawn before the lock: it may take some seconds.
    content = _drawn(upload)
    with chronicle.opened(stop, by) as found:
        if found.photographs.count() >= MOST:
            raise ValidationError(
                _("A chronicle takes at most %(most)d pictures."),
                params={"most": MOST},
            )
        row = Photograph(stop=found, alt=alt, consent=consent, by=by)
        row.file.save(content.name, content, save=True)
        return row


def describe(row: Photograph, *, alt: str, consent: bool, by: User) -> bool:
    """Say what it shows, and whether who is in it agrees. Returns False if it had gone.
    Raises Over and PermissionDenied."""
    with chronicle.opened(row.stop, by) as stop:
        there = stop.photographs.filter(pk=row.pk)
        return there.update(alt=alt, consent=consent) > 0


def remove(row: Photograph, *, by: User) -> bool:
    """Take it away. Returns False if it had gone. Raises Over and PermissionDenied."""
    with chronicle.opened(row.stop, by) as stop:
        gone, _rows = stop.photographs.filter(pk=row.pk).delete()
    return gone > 0


def shown(row: Photograph) -> FileResponse:
    """The picture, for who may see it: no cache keeps it. Http404 if the disk has lost
    it."""
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = "png" if row.file.name.endswith(".png") else "jpeg"
    response = FileResponse(content, content_type=f"image/{kind}")
    response.headers["Content-Security-Policy"] = INERT
    add_never_cache_headers(response)
    return response


def _drawn(upload: UploadedFile) -> ContentFile:
    """What is kept of `upload`. Raises ValidationError that says what is wrong."""
    upload.name = uploads.tidy_name(upload.name or "")
    uploads.check_kind(uploads.extension_of(upload.name), KINDS)
    uploads.check_size(upload, HEAVIEST)
    uploads.PictureField().clean(upload)
    upload.seek(0)
    uploads.take(upload)
    upload.seek(0)
    with Image.open(upload) as picture:
        kind = picture.format
        # A picture that is small enough stays as it is.
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        out = BytesIO()
        picture.save(out, kind, **({"quality": 88} if kind == "JPEG" else {}))
    name = "picture.jpg" if kind == "JPEG" else "picture.png"
    return ContentFile(out.getvalue(), name=name)
