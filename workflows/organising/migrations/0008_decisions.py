import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0003_deadlines"),
        ("events", "0012_refusals"),
        ("organising", "0007_search_picks"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionProcess",
            fields=[],
            options={
                "verbose_name": "decision process",
                "verbose_name_plural": "decision processes",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="Decision",
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
                    "cause",
                    models.CharField(
                        choices=[
                            ("approval", "to be approved"),
                            ("limit", "over the places of its body"),
                            ("address", "mail does not arrive"),
                        ],
                        max_length=10,
                        verbose_name="cause",
                    ),
                ),
                ("mark", models.PositiveBigIntegerField(default=0)),
                ("gone", models.BooleanField(default=False)),
                ("starts", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision",
                        to="engine.case",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="events.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone", False)),
                fields=("registration", "cause", "mark"),
                name="one_decision_for_each_cause",
            ),
        ),
    ]
