"""Who takes the list of people out of the house. Readers do not."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("Case workers", "Coordinators")


def let_export(apps, schema_editor):
    # Django makes permissions after the last migration; this one is needed now.
    config = apps.get_app_config("events")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="events", codename="export_registration"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0001_groups"),
        ("events", "0003_export_registration"),
    ]

    operations = [migrations.RunPython(let_export, migrations.RunPython.noop)]
