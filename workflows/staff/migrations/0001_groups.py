"""Who sees cases, does their steps, and takes lists of them out."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEE, WORK, TAKE_OUT = "view_case", "change_case", "export_case"
ROLES = {
    "Readers": (SEE,),
    "Case workers": (SEE, WORK, TAKE_OUT),
    "Coordinators": (SEE, WORK, TAKE_OUT),
}


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("engine")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects
    for name, codenames in ROLES.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        group.permissions.add(
            *permissions.filter(
                content_type__app_label="engine", codename__in=codenames
            )
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("engine", "0002_cases"),
        ("organising", "0007_search_picks"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
