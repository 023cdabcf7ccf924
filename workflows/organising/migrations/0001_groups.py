"""The roles, as groups. Their names are data: a rename brings a migration."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# Group → its permissions. `Editors` comes from Wagtail, with pages and pictures.
ROLES = {
    "Editors": ["events.view_session"],
    "Readers": ["events.view_session", "events.view_registration"],
    "Case workers": [
        "events.view_session",
        "events.add_session",
        "events.change_session",
        "events.view_registration",
        "events.change_registration",
    ],
    "Coordinators": [
        "community.see_all_units",
        "events.view_session",
        "events.add_session",
        "events.change_session",
        "events.view_registration",
        "events.change_registration",
        "events.view_series",
        "events.add_series",
        "events.change_series",
        "community.view_topic",
        "community.add_topic",
        "community.change_topic",
        "community.view_localbody",
        "community.add_localbody",
        "community.change_localbody",
    ],
    "Administrators": [
        "community.see_all_units",
        "events.view_session",
        "events.view_series",
        "events.add_series",
        "events.change_series",
        "community.view_user",
        "community.add_user",
        "community.change_user",
        "community.view_unit",
        "community.add_unit",
        "community.change_unit",
        "community.view_topic",
        "community.add_topic",
        "community.change_topic",
        "community.view_localbody",
        "community.add_localbody",
        "community.change_localbody",
        "auth.view_group",
        "auth.add_group",
        "auth.change_group",
        "wagtailcore.view_site",
        "wagtailcore.add_site",
        "wagtailcore.change_site",
        "wagtailcore.view_locale",
        "wagtailcore.add_locale",
        "wagtailcore.change_locale",
        "wagtailcore.view_collection",
        "wagtailcore.add_collection",
        "wagtailcore.change_collection",
    ],
}
# They write the pages of their sessions too.
WRITERS = ("Case workers", "Coordinators")
OF_PAGES = ("add_page", "change_page", "publish_page")
OF_FILES = (
    "wagtailimages.add_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.choose_document",
)


def create_roles(apps, schema_editor):
    _create_permissions(apps)
    Group = apps.get_model("auth", "Group")
    access = _permission(apps, "wagtailadmin.access_admin")
    for name, permissions in ROLES.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(access, *(_permission(apps, p) for p in permissions))
    for name in WRITERS:
        _let_write(apps, Group.objects.get(name=name))


def _create_permissions(apps):
    # Django makes them after the last migration; they are needed now.
    for label in ("auth", "community", "events", "wagtailcore"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None


def _permission(apps, name):
    label, codename = name.split(".")
    return apps.get_model("auth", "Permission").objects.get(
        content_type__app_label=label, codename=codename
    )


def _let_write(apps, group):
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for codename in OF_PAGES:
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group,
            page=root,
            permission=_permission(apps, f"wagtailcore.{codename}"),
        )
    for name in OF_FILES:
        apps.get_model(
            "wagtailcore", "GroupCollectionPermission"
        ).objects.get_or_create(
            group=group, collection=collection, permission=_permission(apps, name)
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("community", "0001_initial"),
        ("events", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
