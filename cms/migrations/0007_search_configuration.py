"""How PostgreSQL reads each language: its stems, and no list of words to leave out.

PostgreSQL's own configurations leave out Spanish *estado* and English *it*, which people
look for here. Accents are not its work but that of `cms.search.words`: taken away before
stemming, *informació* and *informacions* would have nothing in common.
"""

from django.db import migrations

STEMMERS = {"ca": "catalan", "es": "spanish", "en": "english"}
# Words with letters; figures, addresses and the like stay as they are.
WORDS = "asciiword, word, hword, hword_part, asciihword, hword_asciipart"


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for language, stemmer in STEMMERS.items():
        for sql in (
            "CREATE TEXT SEARCH DICTIONARY placa_{0}_stem"
            " (TEMPLATE = snowball, LANGUAGE = {1})",
            "CREATE TEXT SEARCH CONFIGURATION placa_{0} (COPY = simple)",
            "ALTER TEXT SEARCH CONFIGURATION placa_{0}"
            " ALTER MAPPING FOR {2} WITH placa_{0}_stem",
        ):
            schema_editor.execute(sql.format(language, stemmer, WORDS))


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for language in STEMMERS:
        schema_editor.execute(f"DROP TEXT SEARCH CONFIGURATION placa_{language}")
        schema_editor.execute(f"DROP TEXT SEARCH DICTIONARY placa_{language}_stem")


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0006_reviews"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(make, unmake)]
