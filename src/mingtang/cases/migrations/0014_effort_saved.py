from django.db import migrations, models

SUMS = (
    "compared",
    "visits",
    "steps",
    "seals",
    "visits_before",
    "steps_before",
    "seals_before",
)


class Migration(migrations.Migration):
    """Sums of what decided cases took beside their time, and what the same took before."""

    dependencies = [("cases", "0013_clocks_beside")]

    operations = [
        migrations.AddField(
            "efficiencyrow", name, models.BigIntegerField(default=0), preserve_default=False
        )
        for name in SUMS
    ]
