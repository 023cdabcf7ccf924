"""The tools of the kit that come with the site."""

from django.db import migrations

from workflows.caravan.kits.seed import TOOLS, words_of


def plant(apps, schema_editor):
    tools = apps.get_model("caravan", "Tool").objects
    if tools.exists():
        return
    for order, one in enumerate(TOOLS, start=1):
        tool = tools.create(**one._asdict(), order=10 * order)
        tool.versions.create(number=1, words=words_of(one.code))


class Migration(migrations.Migration):
    dependencies = [("caravan", "0002_groups")]

    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
