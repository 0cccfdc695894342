from django.db import migrations, models


class Migration(migrations.Migration):
    """Hand-overs between window clerks."""

    dependencies = [
        ("cases", "0007_materials_shared"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldRow",
            fields=[
                ("number", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("person", models.CharField(db_index=True, max_length=40)),
                ("handover", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("last_index", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="HandoverRow",
            fields=[
                ("key", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("stage", models.CharField(max_length=12)),
                ("giver", models.CharField(max_length=40)),
                ("office", models.CharField(max_length=60)),
                ("receiver", models.CharField(max_length=40)),
                ("cases", models.JSONField()),
                ("note", models.TextField()),
                ("reason", models.TextField()),
                ("offered_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("last_index", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiver", "stage"], name="handovers_to_confirm"),
                    models.Index(fields=["giver", "-offered_at"], name="handovers_given"),
                ],
            },
        ),
    ]
