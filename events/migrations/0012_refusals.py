from django.db import migrations, models

NAME = "an_erased_registration_is_nobodys"


class Migration(migrations.Migration):
    dependencies = [("events", "0011_appointments")]

    operations = [
        migrations.RemoveConstraint(model_name="registration", name=NAME),
        migrations.AddField(
            model_name="registration",
            name="refusal",
            field=models.CharField(
                blank=True,
                editable=False,
                max_length=500,
                verbose_name="why it was not approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased", None),
                    models.Q(
                        ("body_text", ""),
                        ("email", ""),
                        ("form_key", None),
                        ("name", ""),
                        ("position", ""),
                        ("question", ""),
                        ("refusal", ""),
                        ("user", None),
                    ),
                    _connector="OR",
                ),
                name=NAME,
            ),
        ),
    ]
