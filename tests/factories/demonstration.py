"""The demonstration site, in no time.

Seeding takes a while, and most tests only want what it leaves. So it is done once in a
run; then its rows and files are put back as they were. They are of the day of the run:
a test about the seeding itself, or about another day, seeds by itself.
"""

import io
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from wagtail.models import Page, Site

from cms.models import CustomDocument, CustomImage
from events.models import Session
from tests import rows


class Picture(NamedTuple):
    """What a seeded site holds."""

    rows: rows.Rows
    files: dict[str, bytes]


_taken: Picture | None = None


def seed(**options: bool) -> str:
    """Run the command, and return what it told."""
    told = io.StringIO()
    call_command("seed", stdout=told, **options)
    return told.getvalue()


def plant() -> None:
    """Make the database and the files those of the demonstration site."""
    global _taken
    if Page.objects.filter(depth__gt=2).exists() or Session.objects.exists():
        raise RuntimeError("Plant first, then add what the test is about.")
    if _taken is None:
        seed()
        _taken = _take()
    else:
        _put_back(_taken)
    # Where this test's site is; a live server has another port each time.
    address = urlsplit(settings.SITE_URL)
    Site.objects.update(hostname=address.hostname, port=address.port or 80)
    cache.clear()


def _take() -> Picture:
    files = {}
    for model in (CustomImage, CustomDocument):
        for name in model.objects.values_list("file", flat=True):
            with default_storage.open(name) as file:
                files[name] = file.read()
    return Picture(rows.take(), files)


def _put_back(taken: Picture) -> None:
    rows.put_back(taken.rows)
    for name, content in taken.files.items():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
