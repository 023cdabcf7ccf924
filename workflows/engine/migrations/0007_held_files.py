from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0006_wordings")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="is_held",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
