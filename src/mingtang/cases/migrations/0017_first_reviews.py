from django.db import migrations, models


class Migration(migrations.Migration):
    """What a lower organ reviews first, and what windows took in for organs elsewhere."""

    dependencies = [("cases", "0016_hearings")]

    operations = [
        migrations.AddField(
            "caserow", "taken_by", models.CharField(default="", max_length=40), False
        ),
        migrations.AddField(
            "caserow", "collected_at", models.CharField(default="", max_length=60), False
        ),
        migrations.AddField(
            "caserow", "first_review_days", models.PositiveIntegerField(default=0), False
        ),
        migrations.AddField("caserow", "handed_up_date", models.DateField(null=True)),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["taken_by", "-filed_at"],
                name="cases_collected",
                condition=~models.Q(collected_at=""),
            ),
        ),
        migrations.AddField(
            "efficiencyrow", "act", models.CharField(default="decision", max_length=12), False
        ),
        migrations.CreateModel(
            name="FirstReviewRow",
            fields=[
                ("number", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=40)),
                ("organ", models.CharField(max_length=60)),
                ("decider", models.CharField(max_length=60)),
                ("days", models.PositiveIntegerField()),
                ("basis", models.TextField()),
                ("begun_date", models.DateField()),
                ("due", models.DateField()),
                ("pauses", models.JSONField()),
                ("restarts", models.JSONField()),
                ("finding", models.CharField(max_length=20)),
                ("handed_date", models.DateField(null=True)),
                ("closed_date", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organ", "item", "handed_date"], name="first_reviews_of_organ"
                    )
                ],
            },
        ),
    ]
