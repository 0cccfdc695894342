"""Which items any office takes in (异地代收). None did before.

In SQL: on SQLite, Django would make the table anew, and the triggers of the search index with the
old one would be gone.
"""

from django.db import migrations, models

ADD = "ALTER TABLE catalogue_itemrow ADD COLUMN taken_in_anywhere bool NOT NULL DEFAULT false"
DROP = "ALTER TABLE catalogue_itemrow DROP COLUMN taken_in_anywhere"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_resource_directory")]
    operations = [
        migrations.RunSQL(
            ADD,
            DROP,
            state_operations=[
                migrations.AddField("itemrow", "taken_in_anywhere", models.BooleanField()),
            ],
        )
    ]
