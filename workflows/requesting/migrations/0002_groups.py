"""Who releases decisions."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("requesting")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    release = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="requesting", codename="release_cataloguerequest"
    )
    groups = apps.get_model("auth", "Group").objects
    groups.get(name="Coordinators").permissions.add(release)


class Migration(migrations.Migration):
    dependencies = [
        ("requesting", "0001_initial"),
        ("catalogue", "0002_groups"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
