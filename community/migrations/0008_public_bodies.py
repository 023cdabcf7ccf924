from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0007_memberships"),
    ]

    operations = [
        migrations.AddField(
            model_name="localbody",
            name="is_public",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Everybody can see in which sessions its people took part. No "
                    "names."
                ),
                verbose_name="public page",
            ),
        ),
    ]
