"""Who lends a unit for days; who writes speakers and materials, editors too; and the
redirects and collections that are an administrator's."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

COVERS = ("view_cover", "add_cover", "change_cover")
LENDERS = ("Case workers", "Coordinators", "Administrators")

# One permission for each list: who may change it adds to it and takes away too.
PROGRAMME = ("change_speaker", "change_material")
WRITERS = ("Editors", "Case workers", "Coordinators")

REDIRECTS = ("add_redirect", "change_redirect", "delete_redirect")
# Wagtail asks for these on the collection, not on the group.
COLLECTIONS = ("add_collection", "change_collection")
ADMINISTRATORS = ("Administrators",)


def give(apps, schema_editor):
    _give(apps, "community", COVERS, LENDERS)
    _give(apps, "cms", PROGRAMME, WRITERS)
    _give(apps, "wagtailredirects", REDIRECTS, ADMINISTRATORS)
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    given = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for group in _groups(apps, ADMINISTRATORS):
        for permission in _permissions(apps, "wagtailcore", COLLECTIONS):
            given.get_or_create(group=group, collection=root, permission=permission)


def _give(apps, label, codenames, groups):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    for group in _groups(apps, groups):
        group.permissions.add(*_permissions(apps, label, codenames))


def _groups(apps, names):
    return apps.get_model("auth", "Group").objects.filter(name__in=names)


def _permissions(apps, label, codenames):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label=label, codename__in=codenames
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0002_export"),
        ("community", "0003_cover"),
        ("cms", "0003_agenda"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
