from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("windows", "0001_windows")]

    operations = [
        migrations.AddField(
            model_name="ticketrow",
            name="purposes",
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
    ]
