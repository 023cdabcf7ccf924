"""Who words the mails about cases, and who may read how they are worded."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READ, CHANGE = "view_wording", "change_wording"
ROLES = {
    "Readers": (READ,),
    "Case workers": (READ,),
    "Coordinators": (READ, CHANGE),
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
    dependencies = [
        ("engine", "0006_wordings"),
        ("staff", "0001_groups"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
