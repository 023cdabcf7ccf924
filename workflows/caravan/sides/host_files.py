"""The files that a host shows with its stop: kept while the form is written, by whoever
of its body writes it, and sent with it.

What is added or taken away while it is written holds the lock of `drafts.opened`.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import User
from events.models import new_token
from workflows.caravan.models import Stop, StopFile
from workflows.engine import files
from workflows.engine.models import File

from . import drafts


def written(stop: Stop) -> list[StopFile]:
    """Those that its form has now."""
    rows = StopFile.objects.written().filter(stop=stop.pk)
    return list(rows.select_related("file", "stop__body"))


def shown(stop: Stop) -> list[File]:
    """Those that the host has sent, and not taken out since."""
    return list(File.objects.filter(of_stop__in=stop.files.shown()))


def add(stop: Stop, upload: UploadedFile, *, by: User) -> StopFile:
    """Keep one file more. The same file once more is the one that is there. Raises
    ValidationError, `drafts.Over` and PermissionDenied."""
    # Judged before the lock; if what follows fails, it is swept in a day.
    file = files.keep(upload, new_token())
    with drafts.opened(stop, by) as found:
        there = found.files.written()
        if same := files.twin(file, there):
            return same
        if there.count() >= settings.STOP_FILES_MOST:
            raise ValidationError(
                _("A stop takes at most %(most)d files."),
                params={"most": settings.STOP_FILES_MOST},
            )
        files.hold(file)
        drafts.touch(found, by)
        return StopFile.objects.create(stop=found, file=file)


def remove(stop: Stop, pk: int, *, by: User) -> bool:
    """Take a file away; one that was sent leaves the form alone, and stays in the case.
    Returns False if it had gone. Raises `drafts.Over` and PermissionDenied."""
    with drafts.opened(stop, by) as found:
        row = found.files.written().filter(pk=pk).select_related("file").first()
        if row is None:
            return False
        if row.file.case_id is None:
            row.file.delete()
        else:
            row.is_out = True
            row.save(update_fields=["is_out"])
        drafts.touch(found, by)
    return True


def to_send(stop: Stop) -> list[File]:
    """Those that go into the case with what is sent now."""
    return [row.file for row in written(stop) if row.file.case_id is None]


def take_out(stop: Stop) -> list[str]:
    """Those that were sent, and that the form has no more, are no part of the stop from
    now on. Returns their names."""
    rows = stop.files.filter(is_out=True, taken_out=None)
    names = list(rows.values_list("file__name", flat=True))
    rows.update(taken_out=timezone.now())
    return names
