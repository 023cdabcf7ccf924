"""All rows of the database, to be put back as they were: sooner than to make them."""

from contextlib import closing
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

# Of the database, not of the site.
KEPT = {"django_migrations"}

# Of each table its columns and rows.
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def take() -> Rows:
    """Every row that there is."""
    rows = {}
    with closing(connection.cursor()) as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows[table] = (columns, cursor.fetchall())
    return rows


def put_back(taken: Rows) -> None:
    """Have those rows in the database, and no others."""
    # Foreign keys are asked at the end of the transaction.
    with transaction.atomic(), closing(connection.cursor()) as cursor:
        for table in _tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
        for table, (columns, rows) in taken.items():
            names = ", ".join(map(_quoted, columns))
            values = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {_quoted(table)} ({names}) VALUES ({values})"  # noqa: S608
            cursor.executemany(insert, rows)
        models = apps.get_models(include_auto_created=True)
        for reset in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(reset)


def _tables() -> list[str]:
    return sorted(
        {*connection.introspection.django_table_names(only_existing=True)} - KEPT
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
