from django.db import migrations, models


class Migration(migrations.Migration):
    """Which one-time codes are spent, and what people keep writing."""

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorRow",
            fields=[
                ("account", models.BigIntegerField(primary_key=True, serialize=False)),
                ("step", models.BigIntegerField(default=0)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PhraseRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.CharField(max_length=60)),
                ("use", models.CharField(max_length=12)),
                ("text", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "use", "text"), name="a_phrase_is_kept_once"
                    )
                ],
            },
        ),
    ]
