import django.db.models.deletion
import i18nfield.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("engine", "0005_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
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
                    "letter",
                    models.CharField(max_length=50, unique=True, verbose_name="mail"),
                ),
                ("is_sent", models.BooleanField(default=True, verbose_name="sent")),
                (
                    "subject",
                    i18nfield.fields.I18nCharField(
                        blank=True, max_length=200, verbose_name="subject"
                    ),
                ),
                (
                    "heading",
                    i18nfield.fields.I18nCharField(
                        blank=True, max_length=200, verbose_name="heading"
                    ),
                ),
                (
                    "text",
                    i18nfield.fields.I18nTextField(blank=True, verbose_name="text"),
                ),
                (
                    "button",
                    i18nfield.fields.I18nCharField(
                        blank=True, max_length=80, verbose_name="button"
                    ),
                ),
                (
                    "changed",
                    models.DateTimeField(auto_now=True, verbose_name="changed"),
                ),
                (
                    "changed_by",
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
                "verbose_name": "wording of a mail",
                "verbose_name_plural": "wordings of mails",
                "ordering": ("letter",),
            },
        ),
    ]
