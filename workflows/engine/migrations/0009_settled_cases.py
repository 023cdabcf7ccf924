from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0008_cases_of_bodies")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["-finished", "id"],
                condition=models.Q(("finished__isnull", False)),
                name="case_settled",
            ),
        ),
    ]
