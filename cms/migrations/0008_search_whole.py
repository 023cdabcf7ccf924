"""On PostgreSQL, the words of a title and those of its text are looked for as one: with
an index of both together, as `cms.search.postgres` asks for them."""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX search_whole ON wagtailsearch_indexentry"
            " USING gin ((title || body))"
        )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_whole")


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_search_configuration"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(make, unmake)]
