"""Who sees how long personal data is held."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("Coordinators", "Administrators")


def let_see(apps, schema_editor):
    # Django makes permissions after the last migration; this one is needed now.
    config = apps.get_app_config("community")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="community", codename="view_retentionrun"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0003_covers_and_programmes"),
        ("community", "0005_privacy"),
    ]

    operations = [migrations.RunPython(let_see, migrations.RunPython.noop)]
