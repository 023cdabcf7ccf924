import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0004_files"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "under way"),
                            ("retrying", "to be tried again"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("dropped", "dropped"),
                            ("held", "on hold"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                (
                    "crashes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="crashes"),
                ),
                (
                    "next_try",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next try"
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "error",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="last error"
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(auto_now_add=True, verbose_name="created"),
                ),
                (
                    "settled",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                (
                    "task",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="job",
                        to="viewflow.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("queued", "retrying", "running"))
                        ),
                        fields=["next_try"],
                        name="job_due",
                    )
                ],
            },
        ),
    ]
