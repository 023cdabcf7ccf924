"""The demonstration site, in no time.

Seeding takes a while, and most tests only want what it leaves. So it is done once in a
run; then its rows and files are put back as they were. They are of the day of the run:
a test about the seeding itself, or about another day, seeds by itself.
"""

import io
from contextlib import closing
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from wagtail.models import Page, Site

from cms.models import CustomDocument, CustomImage
from events.models import Session

# Of the database, not of the site.
KEPT = {"django_migrations"}


class Picture(NamedTuple):
    """What a seeded site holds: of each table its columns and rows, and each file."""

    tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
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
    tables = {}
    with closing(connection.cursor()) as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            tables[table] = (columns, cursor.fetchall())
    files = {}
    for model in (CustomImage, CustomDocument):
        for name in model.objects.values_list("file", flat=True):
            with default_storage.open(name) as file:
                files[name] = file.read()
    return Picture(tables, files)


def _put_back(taken: Picture) -> None:
    # Foreign keys are asked at the end of the transaction.
    with transaction.atomic(), closing(connection.cursor()) as cursor:
        for table in _tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
        for table, (columns, rows) in taken.tables.items():
            names = ", ".join(map(_quoted, columns))
            values = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {_quoted(table)} ({names}) VALUES ({values})"  # noqa: S608
            cursor.executemany(insert, rows)
        models = apps.get_models(include_auto_created=True)
        for reset in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(reset)
    for name, content in taken.files.items():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))


def _tables() -> list[str]:
    return sorted(
        {*connection.introspection.django_table_names(only_existing=True)} - KEPT
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
