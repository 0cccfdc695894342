from django.db import migrations, models


class Migration(migrations.Migration):
    """What moved a case's dates. No case before this had anything that did."""

    dependencies = [("cases", "0002_batches")]

    operations = [
        migrations.AddField(
            model_name="caserow",
            name="extended_days",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caserow",
            name="special",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caserow",
            name="pauses",
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
    ]
