"""Who sees and says who acts for the bodies, and who sets how that goes."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEE, CHANGE = "community.view_membership", "community.change_membership"
TAKE_OUT = "community.export_membership"
SET = "membership.change_membershipsettings"
ROLES = {
    "Readers": (SEE,),
    "Case workers": (SEE,),
    "Coordinators": (SEE, CHANGE, TAKE_OUT, SET),
    "Administrators": (SEE, CHANGE, SET),
}


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    for label in ("community", "membership"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects
    for name, wanted in ROLES.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for label, codename in (each.split(".") for each in wanted):
            group.permissions.add(
                permissions.get(content_type__app_label=label, codename=codename)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0007_memberships"),
        ("membership", "0001_initial"),
        ("organising", "0007_search_picks"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
