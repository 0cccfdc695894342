"""Items that other organs adopt (认领), and those a lower organ reviews first (初审). None yet.

Columns in SQL, as in 0004: the triggers of the search index stay.
"""

from django.db import migrations, models

ADD = (
    "ALTER TABLE catalogue_itemrow ADD COLUMN adoptable bool NOT NULL DEFAULT false",
    "ALTER TABLE catalogue_itemrow ADD COLUMN first_reviewers text NOT NULL DEFAULT '|'",
)
DROP = (
    "ALTER TABLE catalogue_itemrow DROP COLUMN first_reviewers",
    "ALTER TABLE catalogue_itemrow DROP COLUMN adoptable",
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_joint_promise")]

    operations = [
        migrations.RunSQL(
            ADD,
            DROP,
            state_operations=[
                migrations.AddField("itemrow", "adoptable", models.BooleanField()),
                migrations.AddField("itemrow", "first_reviewers", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="AdoptionRow",
            fields=[
                ("id", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=20)),
                ("organ", models.CharField(max_length=60)),
                ("in_force", models.BooleanField()),
                ("version", models.PositiveIntegerField()),
                ("promised_days", models.PositiveIntegerField()),
                ("offices", models.JSONField()),
                ("phone", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                ("adopted_by", models.CharField(max_length=60)),
                ("adopted_at", models.DateTimeField()),
                ("last_index", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["item", "in_force"], name="adoptions_of_item"),
                    models.Index(fields=["organ", "in_force"], name="adoptions_by_organ"),
                ],
            },
        ),
    ]
