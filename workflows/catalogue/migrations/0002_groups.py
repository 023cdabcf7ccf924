"""Who reads the catalogue and who keeps it."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

MODELS = ("area", "edition", "inforce", "instrument", "resource")
KEEPERS = ("Editors", "Coordinators")
READERS = ("Case workers", "Readers", "Administrators")


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("catalogue")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="catalogue", content_type__model__in=MODELS
    )
    groups = apps.get_model("auth", "Group").objects
    for group in groups.filter(name__in=KEEPERS):
        group.permissions.add(*permissions)
    seeing = permissions.filter(codename__startswith="view_")
    for group in groups.filter(name__in=READERS):
        group.permissions.add(*seeing)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("organising", "0008_decisions"),
        ("membership", "0002_groups"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
