"""The days on which no term runs, and who keeps their list."""

import django.db.models.deletion
import i18nfield.fields
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.models import Q

ROLES = ("Coordinators", "Administrators")


def give(apps, schema_editor):
    # Django makes permissions after the last migration; these are needed now.
    config = apps.get_app_config("engine")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="engine", content_type__model="holiday"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("community", "0006_suppressions"),
        # The roles.
        ("organising", "0001_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("date", models.DateField(verbose_name="day")),
                (
                    "territory",
                    models.CharField(
                        choices=[
                            ("national", "Spain"),
                            ("catalonia", "Catalonia"),
                            ("local", "one local body"),
                        ],
                        default="local",
                        max_length=10,
                        verbose_name="where",
                    ),
                ),
                (
                    "name",
                    i18nfield.fields.I18nCharField(
                        blank=True, default="", max_length=200, verbose_name="name"
                    ),
                ),
                ("search_key", models.CharField(editable=False, max_length=300)),
                ("changed", models.DateTimeField(auto_now=True)),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="community.localbody",
                        verbose_name="local body",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ("date", "territory", "body__name"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(territory="local", body__isnull=False)
                        | (~Q(territory="local") & Q(body__isnull=True)),
                        name="local_holiday_has_its_body",
                        violation_error_message="Choose the local body of a local holiday, and none of another.",
                    ),
                    models.UniqueConstraint(
                        fields=("date", "body"),
                        name="local_holiday_once",
                        violation_error_message="This holiday is in the list already.",
                    ),
                    models.UniqueConstraint(
                        condition=Q(body__isnull=True),
                        fields=("date",),
                        name="general_holiday_once",
                        violation_error_message="This holiday is in the list already.",
                    ),
                ],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
