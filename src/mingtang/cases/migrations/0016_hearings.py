from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING


class Migration(migrations.Migration):
    """Hearings of cases, and whom each concerns."""

    dependencies = [("cases", "0015_joint_promise")]

    operations = [
        migrations.CreateModel(
            name="HearingRow",
            fields=[
                ("id", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("hearing", models.PositiveSmallIntegerField()),
                ("department", models.CharField(max_length=60)),
                ("ground", models.CharField(max_length=16)),
                ("matter", models.TextField()),
                ("stage", models.CharField(max_length=10)),
                ("next_date", models.DateField(null=True)),
                ("starts_at", models.DateTimeField(null=True)),
                ("place", models.TextField()),
                ("public", models.BooleanField()),
                ("chair", models.CharField(max_length=40)),
                ("challenged", models.BooleanField()),
                ("ended_date", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False, on_delete=DO_NOTHING, to="cases.caserow"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HearingPartyRow",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("hearing", models.PositiveSmallIntegerField()),
                ("party", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("person", models.CharField(max_length=40)),
                ("reached_date", models.DateField(null=True)),
                ("ask_due", models.DateField(null=True)),
                ("stand", models.CharField(max_length=10)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False, on_delete=DO_NOTHING, to="cases.caserow"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "hearingrow",
            models.Index(fields=["department", "stage", "next_date"], name="hearings_ahead"),
        ),
        migrations.AddIndex(
            "hearingrow",
            models.Index(fields=["stage", "public", "starts_at"], name="hearings_in_public"),
        ),
        migrations.AddIndex(
            "hearingrow", models.Index(fields=["chair", "stage"], name="hearings_to_chair")
        ),
        migrations.AddIndex(
            "hearingpartyrow", models.Index(fields=["person", "case"], name="hearings_of_person")
        ),
    ]
