"""Joint cases keep the term their bundle promised. Before, all kept the law's 45 days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_effort_saved")]
    operations = [
        migrations.AddField(
            "jointrow",
            "promised_days",
            models.PositiveSmallIntegerField(default=45),
            preserve_default=False,
        ),
        migrations.AddField("jointrow", "promised_due", models.DateField(null=True)),
    ]
