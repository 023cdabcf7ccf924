"""Until when something is to be done in a case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0002_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deadline",
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
                    "whose",
                    models.CharField(
                        choices=[("ours", "ours"), ("applicant", "of the applicant")],
                        max_length=10,
                        verbose_name="whose",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("natural_days", "natural days"),
                            ("months", "months"),
                        ],
                        max_length=15,
                        verbose_name="counted in",
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField(verbose_name="how many")),
                (
                    "started",
                    models.DateField(verbose_name="counted from the day after"),
                ),
                (
                    "extension",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="days more"
                    ),
                ),
                (
                    "extension_reason",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        verbose_name="why it was made longer",
                    ),
                ),
                (
                    "due",
                    models.DateField(blank=True, null=True, verbose_name="last day"),
                ),
                (
                    "provisional",
                    models.BooleanField(default=False, verbose_name="provisional"),
                ),
                (
                    "reckoned_with",
                    models.CharField(blank=True, editable=False, max_length=80),
                ),
                (
                    "closed",
                    models.DateField(blank=True, null=True, verbose_name="closed on"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="engine.case",
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Suspension",
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
                ("since", models.DateField(verbose_name="since")),
                (
                    "until",
                    models.DateField(blank=True, null=True, verbose_name="until"),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suspensions",
                        to="engine.deadline",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspension",
                "verbose_name_plural": "suspensions",
                "ordering": ("since", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed", None)),
                fields=("case", "whose"),
                name="one_open_deadline_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="deadline_lasts_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extension", 0), ("extension_reason__gt", ""), _connector="OR"
                ),
                name="longer_deadline_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("deadline",),
                name="one_suspension_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="suspension_ends_after_it_begins",
            ),
        ),
    ]
