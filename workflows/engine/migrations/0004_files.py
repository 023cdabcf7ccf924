import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import workflows.engine.models.files


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0003_deadlines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="File",
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
                (
                    "draft",
                    models.CharField(
                        blank=True, db_index=True, editable=False, max_length=40
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=workflows.engine.models.files.private_storage,
                        upload_to=workflows.engine.models.files.place_of,
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                (
                    "is_visible",
                    models.BooleanField(
                        default=True, verbose_name="the applicant sees it"
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(auto_now_add=True, verbose_name="added"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="engine.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="engine.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a case",
                "verbose_name_plural": "files of cases",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("case", None), ("draft__gt", ""), ("entry", None)
                            ),
                            models.Q(("case__isnull", False), ("draft", "")),
                            _connector="OR",
                        ),
                        name="file_is_of_a_case_or_a_draft",
                    )
                ],
            },
        ),
    ]
