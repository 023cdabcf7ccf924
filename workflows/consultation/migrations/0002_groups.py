"""Who says which unit sorts what is asked, and how long an answer may take."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SETTERS = ("Coordinators", "Administrators")


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("consultation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="consultation",
        codename="change_consultationsettings",
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=SETTERS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0001_initial"),
        ("organising", "0007_search_picks"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
