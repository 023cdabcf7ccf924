"""Editors publish; where an administrator gives a section moderation, coordinators
approve. Wagtail begins with moderation everywhere, by a group that is none of our
roles: that goes, unless somebody made something of it."""

from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext

WAGTAILS = "Moderators approval"
MODERATORS = "Moderators"
WORKFLOWS = (
    "add_workflow",
    "change_workflow",
    "delete_workflow",
    "add_task",
    "change_task",
    "delete_task",
)


def begin(apps, schema_editor):
    _create_permissions(apps)
    _let_publish(apps)
    _let_arrange(apps)
    _hand_over(apps)


def _create_permissions(apps):
    # Django makes them after the last migration; they are needed now.
    config = apps.get_app_config("wagtailcore")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None


def _let_publish(apps):
    apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
        group=apps.get_model("auth", "Group").objects.get(name="Editors"),
        page=apps.get_model("wagtailcore", "Page").objects.get(depth=1),
        permission=_permissions(apps, "publish_page").get(),
    )


def _let_arrange(apps):
    group = apps.get_model("auth", "Group").objects.get(name="Administrators")
    group.permissions.add(*_permissions(apps, *WORKFLOWS))


def _permissions(apps, *codenames):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    )


def _hand_over(apps):
    Group = apps.get_model("auth", "Group")
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(name=WAGTAILS)
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(
        name=WAGTAILS
    )
    moderators = Group.objects.filter(name=MODERATORS)
    if moderators.filter(user__isnull=False).exists() or not task.exists():
        return
    task.get().groups.set(Group.objects.filter(name="Coordinators"))
    moderators.delete()
    of_root = apps.get_model("wagtailcore", "WorkflowPage").objects.filter(
        workflow__in=workflow, page__depth=1
    )
    of_root.delete()
    with translation.override(settings.LANGUAGE_CODE):
        workflow.update(name=gettext("Moderation"))
        task.update(name=gettext("Approval"))


class Migration(migrations.Migration):
    dependencies = [
        ("organising", "0005_around_pages"),
        ("wagtailcore", "0098_apitoken"),
        ("community", "0005_privacy"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
