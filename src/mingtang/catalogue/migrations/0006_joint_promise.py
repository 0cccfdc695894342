"""Bundles say what joint term they promise (承诺的联办期限). Before, all kept the law's 45 days."""

import json
from typing import Any

from django.db import migrations

from mingtang.core.wire import canonical

DAYS = 45


def say(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("catalogue", "BundleRow").objects.all():
        row.content, row.draft = _saying(row.content), _saying(row.draft)
        row.save(update_fields=["content", "draft"])


def _saying(text: str) -> str:
    return canonical({"promised_days": DAYS, **json.loads(text)}) if text else ""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_bundles")]
    operations = [migrations.RunPython(say, migrations.RunPython.noop, elidable=True)]
