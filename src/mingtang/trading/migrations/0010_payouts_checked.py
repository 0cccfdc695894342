"""A payout has somebody who ordered it and another who checked it (复核)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trading", "0009_lots_offered_anew")]

    operations = [
        migrations.AddField(
            model_name="depositkeptrow",
            name="ordered_by",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="depositkeptrow",
            name="approved_by",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
    ]
