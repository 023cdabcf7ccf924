from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0008_public_bodies"),
        ("engine", "0007_held_files"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="on_behalf",
            field=models.BooleanField(
                default=False, verbose_name="in the name of the body"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("on_behalf", False), ("body__isnull", False), _connector="OR"
                ),
                name="case_on_behalf_says_of_which_body",
            ),
        ),
    ]
