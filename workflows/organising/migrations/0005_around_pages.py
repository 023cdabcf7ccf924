"""Who writes what stands around pages: alerts, the foot, authors, redirects."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ALERTS = ("view_alert", "add_alert", "change_alert", "delete_alert")
AUTHORS = ("view_author", "add_author", "change_author", "delete_author")
FOOT = ("change_sitesettings",)
REDIRECTS = ("view_redirect", "add_redirect", "change_redirect", "delete_redirect")

WRITERS = ("Editors", "Coordinators")
KEEPERS = (*WRITERS, "Administrators")


def give(apps, schema_editor):
    _give(apps, "cms", (*ALERTS, *FOOT), KEEPERS)
    _give(apps, "cms", AUTHORS, WRITERS)
    _give(apps, "wagtailredirects", REDIRECTS, WRITERS)


def _give(apps, label, codenames, groups):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label=label, codename__in=codenames
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=groups):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0004_retention"),
        ("cms", "0004_articles_topics_sections"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
