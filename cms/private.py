"""Where files lie that no address of the web server leads to."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Under PRIVATE_ROOT, for nobody else on the machine to read."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> Path:
        return settings.PRIVATE_ROOT

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> str:
        """There is none: a view asks who wants it."""
        raise ValueError("no address leads to a private file")
