"""Who answers searches: what is recommended before all that is found."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

PICKS = ("add_searchpromotion", "change_searchpromotion", "delete_searchpromotion")
WRITERS = ("Editors", "Coordinators")


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("wagtailsearchpromotions")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="wagtailsearchpromotions", codename__in=PICKS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=WRITERS):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0006_moderation"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
