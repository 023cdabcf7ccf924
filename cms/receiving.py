"""Receiving the files of who has not signed in, or not yet shown what she may do.

Django writes files to the disk before any view asks who sends them.
"""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class Dropped(UploadedFile):
    """A file of which nothing was kept: it was too big, or one too many. Its name and
    its size are those that it came with."""


class CappedHandler(FileUploadHandler):
    """The first handler of a request: of each file it lets no more than CASE_FILE_MOST
    octets come to the disk, and of no more than CASE_FILES_AT_ONCE files. What is over
    is read and dropped, so that all else that was sent comes to its view."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files = 0
        self.seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        self.seen = 0

    @property
    def is_over(self) -> bool:
        too_many = self.files > settings.CASE_FILES_AT_ONCE
        return too_many or self.seen > settings.CASE_FILE_MOST

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen += len(raw_data)
        return None if self.is_over else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_over:
            return None
        for handler in self.request.upload_handlers:
            if handler is not self and getattr(handler, "file", None):
                handler.file.close()
        return Dropped(BytesIO(), self.file_name, self.content_type, self.seen)
