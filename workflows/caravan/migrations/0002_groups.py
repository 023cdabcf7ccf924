"""Who reads and who writes the good practices, and keeps the tools of the kit."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# By role: what it may change of the models, and what it may only see.
MAY = {
    "Editors": (("goodpractice", "tool"), ("adaptation",)),
    "Case workers": ((), ("adaptation", "goodpractice", "stopevaluation", "tool")),
    "Coordinators": (
        ("caravansettings", "goodpractice", "tool"),
        ("adaptation", "stopevaluation"),
    ),
    "Readers": ((), ("goodpractice", "tool")),
    "Administrators": (("caravansettings",), ("goodpractice", "tool")),
}

# The settings are one row, which is only changed.
UNUSED = ("add_caravansettings", "delete_caravansettings", "view_caravansettings")


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("caravan")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = (
        apps.get_model("auth", "Permission")
        .objects.filter(content_type__app_label="caravan")
        .exclude(codename__in=UNUSED)
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=MAY):
        keeps, sees = MAY[group.name]
        group.permissions.add(*permissions.filter(content_type__model__in=keeps))
        seen = permissions.filter(content_type__model__in=sees)
        group.permissions.add(*seen.filter(codename__startswith="view_"))


class Migration(migrations.Migration):
    dependencies = [
        ("caravan", "0001_initial"),
        ("organising", "0008_decisions"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
