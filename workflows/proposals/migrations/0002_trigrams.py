"""On PostgreSQL, proposals are found by how their titles are spelt, and their list by
parts of words: with pg_trgm, where whoever migrates may make that extension."""

from django.db import DatabaseError, migrations, transaction

INDEXES = {"proposal_titled_like": "title", "proposal_found_by": "search_key"}


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        # So that what is refused undoes nothing else.
        with transaction.atomic(schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        print(  # noqa: T201
            "\n  pg_trgm could not be made: similar proposals are found by whole words "
            "alone. See docs/operations.md, Search."
        )
        return
    for name, column in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON proposals_proposal"
            f" USING gin ({column} gin_trgm_ops)"
        )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # The extension may be somebody else's too.
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
