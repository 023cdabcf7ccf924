"""What the staff may hand in: judged by what a file holds, never by its name.

What passes is still given out as an attachment that may do nothing (`cms.media`): a
judge can be wrong, and a virus is no format.
"""

import shutil
import subprocess
import sys
import threading
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from io import SEEK_END
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import Any

import filetype
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat, floatformat
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from . import redraw

# Octets of a document, as it comes and with all it holds unpacked, and of what is
# heard or seen. The proxy's limit is a little more.
MOST = 50 * 1024 * 1024
MOST_PLAYED = 500 * 1024 * 1024
MOST_UNPACKED = 250 * 1024 * 1024
MOST_ENTRIES = 5_000
# Characters of a name before its extension: the column and the disk take so many.
LONGEST_NAME = 60

CHUNK = 64 * 1024
# The last record of a ZIP archive (APPNOTE 4.3.16): 22 octets and a comment.
ZIP_END = b"PK\x05\x06"
ZIP_END_SIZE = 22
MOST_COMMENT = 65_535

# What does something on the reader's computer when it is opened.
PROGRAMS = {
    *("app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse"),
    *("lnk", "msi", "ps1", "reg", "scr", "sh", "vb", "vbe", "vbs", "wsf"),
    *("docm", "dotm", "potm", "ppsm", "pptm", "xlam", "xlsm", "xltm"),
}
ARCHIVES = {"7z", "bz2", "gz", "rar", "tar", "xz", "zip"}

# The main part of each of Office's formats (ECMA-376), and OpenDocument's name of
# each (its specification 1.3, part 2, 3.3).
OFFICE = {
    "docx": "word/document.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
}
OPEN_DOCUMENT = {
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}

MANIFEST = "META-INF/manifest.xml"

# The formats of pictures, as Willow calls them. Of telephones, HEIC.
PICTURES = {"avif", "gif", "heic", "jpeg", "png", "webp"}

# What the judge of content calls each format that can be played.
PLAYED = {
    "m4a": {"m4a", "mp4"},
    "mp3": {"mp3"},
    "mp4": {"mp4", "m4v"},
    "ogg": {"ogg"},
    "webm": {"webm"},
}

# What a PNG begins with (PNG 3rd edition, 5.2).
PNG = b"\x89PNG\r\n\x1a\n"
# Pictures are heavy: each process of the site draws one, and the others wait.
ONE_AT_A_TIME = threading.Lock()
REDRAW_SECONDS = 60


class Refused(ValidationError):
    """A file that is not taken, and why."""


def check_document(upload: UploadedFile) -> None:
    """Raise Refused unless `upload` is what its extension says, and harmless as far
    as can be seen without opening it as a reader would."""
    extension = extension_of(upload.name)
    check_kind(extension, JUDGES)
    check_size(upload, MOST_PLAYED if extension in PLAYED else MOST)
    try:
        JUDGES[extension](upload, extension)
    finally:
        upload.seek(0)


def extension_of(name: str) -> str:
    """What a file of that name says that it is: *pdf*; "" if it does not."""
    return PurePosixPath(name).suffix[1:].lower()


def check_kind(extension: str, taken: Iterable[str]) -> None:
    """Raise Refused unless files of `extension` are among those that are `taken`."""
    kinds = list(taken)
    if extension not in kinds:
        raise Refused(
            _("Files of this kind are not taken. Those that are: %(kinds)s."),
            code="kind",
            params={"kinds": ", ".join(kinds).upper()},
        )


def check_size(upload: UploadedFile, most: int) -> None:
    """Raise Refused unless `upload` holds something, and at most so many octets."""
    if not upload.size:
        raise Refused(_("It is empty."), code="empty")
    if upload.size > most:
        raise Refused(
            _("It is too big, %(size)s: at most %(most)s."),
            code="big",
            params={"size": filesizeformat(upload.size), "most": limit_words(most)},
        )


def limit_words(octets: int) -> str:
    """So many octets, as a limit is said: *20 MB*, and not *20.0 MB*."""
    # The same space and unit as `filesizeformat`, which always gives one decimal.
    return f"{floatformat(octets / 2**20)}\N{NO-BREAK SPACE}MB"


def check_still(upload: UploadedFile, extension: str) -> None:
    """A picture, as it was taken: nothing that only shows when it is unpacked."""
    PictureField().clean(upload)
    if is_archive_besides(upload):
        raise _hiding()


def tidy_name(name: str) -> str:
    """`name` without what deceives or breaks: paths, controls, marks that turn the
    text around, and more letters than fit."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    path = PurePosixPath(" ".join(kept.split()).strip(". ") or "document")
    return f"{path.stem[:LONGEST_NAME].strip()}{path.suffix.lower()[:10]}"


def take(picture: UploadedFile) -> None:
    """Put in the place of `picture` what `cms.redraw` makes of it, in its name too.
    Raises Refused if nobody can see it.

    In the same object: who handed it in may save that one, and not what a form gives
    back."""
    with TemporaryFile() as taken, TemporaryFile() as drawn:
        picture.seek(0)
        shutil.copyfileobj(picture, taken)
        taken.seek(0)
        with ONE_AT_A_TIME:
            try:
                subprocess.run(  # noqa: S603 (a program of ours, and no argument)
                    [sys.executable, "-I", redraw.__file__],
                    stdin=taken,
                    stdout=drawn,
                    stderr=subprocess.DEVNULL,
                    check=True,
                    timeout=REDRAW_SECONDS,
                )
            except subprocess.SubprocessError as broken:
                raise _hiding() from broken
        picture.size = drawn.seek(0, SEEK_END)
        drawn.seek(0)
        is_png = drawn.read(len(PNG)) == PNG
        drawn.seek(0)
        picture.seek(0)
        picture.truncate()
        shutil.copyfileobj(drawn, picture)
        picture.seek(0)
    kind, picture.content_type = (
        ("png", "image/png") if is_png else ("jpg", "image/jpeg")
    )
    picture.name = str(PurePosixPath(picture.name).with_suffix(f".{kind}"))


def is_archive_besides(upload: UploadedFile) -> bool:
    """Whether `upload` ends as a ZIP archive, so that it is two things at once."""
    start = max(upload.size - ZIP_END_SIZE - MOST_COMMENT, 0)
    upload.seek(start)
    tail = upload.read()
    upload.seek(0)
    at = tail.rfind(ZIP_END)
    if at < 0 or at + ZIP_END_SIZE > len(tail):
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + ZIP_END_SIZE + comment == len(tail)


class DocumentForm(BaseDocumentForm):
    """Wagtail's form of a document, with our judge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # A long name is made shorter, not refused.
            self.fields["file"].max_length = None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            file.name = tidy_name(file.name)
            check_document(file)
        return file


class PictureField(WagtailImageField):
    """Wagtail's field. A picture is what it holds, whichever of our kinds its name
    says; one that cannot be unpacked is no fault of ours."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["file_too_many_pixels"] = _(
            "The picture has more than 50 million pixels. Make it smaller, for example "
            "4000 by 3000, and upload it again."
        )

    def check_image_file_format(self, f: UploadedFile) -> None:
        if f.image.format_name not in PICTURES:
            raise ValidationError(
                self.error_messages["invalid_image_extension"], code="kind"
            )

    def check_image_pixel_size(self, f: UploadedFile) -> None:
        # By what its header says: Wagtail asks Willow, which unpacks all of it.
        try:
            with Picture.open(f) as picture:
                pixels = picture.width * picture.height
        except (Picture.DecompressionBombError, Picture.DecompressionBombWarning):
            pixels = self.max_image_pixels + 1
        except (OSError, SyntaxError, ValueError) as broken:
            raise _hiding() from broken
        finally:
            f.seek(0)
        if pixels > self.max_image_pixels:
            raise ValidationError(
                self.error_messages["file_too_many_pixels"],
                code="file_too_many_pixels",
            )


class ImageForm(BaseImageForm):
    """Wagtail's form of a picture, with our judge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wagtails := self.fields.get("file"):
            # A long name is made shorter, not refused: no `max_length`.
            self.fields["file"] = PictureField(
                label=wagtails.label, required=wagtails.required, widget=wagtails.widget
            )
        if words := self.fields.get("description"):
            words.label = _("Alternative text")
            words.help_text = _(
                "What it shows, in a sentence, for who does not see it. It is offered "
                "wherever the picture is put."
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            file.name = tidy_name(file.name)
            take(file)
        return file


def _check_pdf(upload: UploadedFile, extension: str) -> None:
    if _head(upload, 5) != b"%PDF-":
        raise _something_else(upload, extension)
    if is_archive_besides(upload):
        raise _hiding()


def _check_text(upload: UploadedFile, extension: str) -> None:
    """Rows of text; not what a browser might take for a page."""
    if filetype.guess(_head(upload, CHUNK)) or _head(upload, 2) == b"MZ":
        raise _something_else(upload, extension)
    text = upload.read()
    if b"\0" in text:
        raise Refused(
            _("It is not plain text. Save it as CSV in UTF-8 and upload it again."),
            code="text",
        )
    if text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"#"):
        raise _something_else(upload, extension)


def _check_captions(upload: UploadedFile, extension: str) -> None:
    """WebVTT: text that says so in its first line."""
    if _head(upload, 9).removeprefix(b"\xef\xbb\xbf")[:6] != b"WEBVTT":
        raise _something_else(upload, extension)
    _check_text(upload, extension)


def _check_played(upload: UploadedFile, extension: str) -> None:
    """Sound and moving pictures."""
    found = filetype.guess(_head(upload, CHUNK))
    if found is None or found.extension not in PLAYED[extension]:
        raise _something_else(upload, extension)
    if is_archive_besides(upload):
        raise _hiding()


def _check_zip(upload: UploadedFile, extension: str) -> None:
    names = _checked_entries(upload, extension)
    extensions = {PurePosixPath(name).suffix[1:].lower(): name for name in names}
    for inside in sorted(extensions.keys() & (PROGRAMS | ARCHIVES)):
        raise Refused(
            _(
                "It holds “%(name)s”, and programs or archives inside an archive are "
                "not taken."
            ),
            code="inside",
            params={"name": extensions[inside][-80:]},
        )


def _check_office(upload: UploadedFile, extension: str) -> None:
    names = _checked_entries(upload, extension)
    if not {"[Content_Types].xml", OFFICE[extension]} <= names:
        raise _something_else(upload, extension)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()


def _check_open_document(upload: UploadedFile, extension: str) -> None:
    names = _checked_entries(upload, extension)
    if "mimetype" not in names:
        raise _something_else(upload, extension)
    with zipfile.ZipFile(upload) as archive:
        if _begins(archive, "mimetype").strip() != OPEN_DOCUMENT[extension]:
            raise _something_else(upload, extension)
        # Its specification, part 2, 4.8: of what is encrypted it says how.
        if MANIFEST in names and b":encryption-data" in _begins(archive, MANIFEST):
            raise _locked()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _macros()


def _begins(archive: zipfile.ZipFile, name: str) -> bytes:
    """What the entry `name` begins with: unpacked, all of it may be far too much."""
    with archive.open(name) as file:
        return file.read(CHUNK)


def _checked_entries(upload: UploadedFile, extension: str) -> set[str]:
    """The names inside a ZIP archive that is nothing but one, and that nobody is
    harmed by unpacking."""
    if _head(upload, 4) != b"PK\x03\x04" or not is_archive_besides(upload):
        raise _something_else(upload, extension)
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _bomb()
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise _locked()
            if any(_leads_out(entry.filename) for entry in entries):
                raise _hiding()
            _unpack(archive, entries)
            return {entry.filename for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as broken:
        raise _hiding() from broken


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every entry to its end, and stop at what would be too much: the sizes that
    an archive declares are only its word."""
    left = MOST_UNPACKED
    for entry in entries:
        entry.file_size = MOST_UNPACKED + 1
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _bomb()


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name


def _head(upload: UploadedFile, octets: int) -> bytes:
    upload.seek(0)
    head = upload.read(octets)
    upload.seek(0)
    return head


def _something_else(upload: UploadedFile, extension: str) -> Refused:
    found = filetype.guess(_head(upload, CHUNK))
    if found and found.extension != extension:
        return Refused(
            _("Its name says %(said)s, but it holds %(found)s. Upload the real one."),
            code="content",
            params={"said": extension.upper(), "found": found.extension.upper()},
        )
    return Refused(
        _(
            "Its name says %(said)s, but it holds something else. Open it, save it as "
            "%(said)s and upload it again."
        ),
        code="content",
        params={"said": extension.upper()},
    )


def _hiding() -> Refused:
    return Refused(
        _("It is damaged, or hides something. Save it anew and upload that."),
        code="hiding",
    )


def _locked() -> Refused:
    return Refused(
        _("It is locked with a password. Save it without one."), code="locked"
    )


def _macros() -> Refused:
    return Refused(
        _("It holds macros, which can do harm. Save it without them."), code="macros"
    )


def _bomb() -> Refused:
    return Refused(
        _("Unpacked, it would be too big: at most %(most)s."),
        code="bomb",
        params={"most": limit_words(MOST_UNPACKED)},
    )


JUDGES: dict[str, Callable[[UploadedFile, str], None]] = {
    "csv": _check_text,
    "docx": _check_office,
    **dict.fromkeys(PLAYED, _check_played),
    "odp": _check_open_document,
    "ods": _check_open_document,
    "odt": _check_open_document,
    "pdf": _check_pdf,
    "pptx": _check_office,
    "vtt": _check_captions,
    "xlsx": _check_office,
    "zip": _check_zip,
}
