from typing import Any

from django.db import migrations, models


def say_since_when(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("cases", "CaseRow").objects.exclude(special="")
    for row in rows.iterator():
        row.paused_since = row.pauses[-1]["from_date"]
        row.save(update_fields=["paused_since"])


class Migration(migrations.Migration):
    """Since when a clock stands still, so that a list can tell what was late before."""

    dependencies = [("cases", "0003_special_procedures")]

    operations = [
        migrations.AddField("caserow", "paused_since", models.DateField(null=True)),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
    ]
