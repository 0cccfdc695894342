import json
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def say_who_took_in(apps: Any, schema_editor: Any) -> None:
    """Whoever took a case in at a window set it going; the log names them."""
    filed = apps.get_model("ledger", "LedgerEntry").objects.filter(kind="case.filed.v1")
    started, known = apps.get_model("cases", "StartedRow"), apps.get_model("cases", "CaseRow")
    moments = dict(known.objects.values_list("number", "filed_at"))
    for stream, body in filed.values_list("stream", "body").iterator():
        by, number = json.loads(bytes(body)).get("taken_by"), stream.partition("/")[2]
        if by and number in moments:
            person, at = by["person"], moments[number]
            started.objects.create(
                id=f"{number}.{person}", case_id=number, person=person, what="filed", at=at
            )


def _case() -> models.ForeignKey[Any, Any]:
    to = django.db.models.deletion.DO_NOTHING
    return models.ForeignKey(db_constraint=False, on_delete=to, to="cases.caserow")


class Migration(migrations.Migration):
    """Tasks somebody holds or signs, copies, what somebody set going, delegations."""

    dependencies = [
        ("cases", "0010_joint_cases"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "taskrow",
            "holder",
            models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            "taskrow",
            "holder_no",
            models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            "taskrow",
            "round",
            models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            "taskrow",
            "returned",
            models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddField("taskrow", "reminded_date", models.DateField(null=True)),
        migrations.AddIndex(
            "taskrow", models.Index(fields=["holder", "done_at"], name="tasks_held")
        ),
        migrations.CreateModel(
            name="CopyRow",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("case", _case()),
                ("person", models.CharField(max_length=40)),
                ("organisation", models.CharField(max_length=60)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="copies_of_person")],
            },
        ),
        migrations.CreateModel(
            name="StartedRow",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("case", _case()),
                ("person", models.CharField(max_length=40)),
                ("what", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="started_by_person")],
            },
        ),
        migrations.CreateModel(
            name="DelegationRow",
            fields=[
                ("key", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("giver", models.CharField(max_length=40)),
                ("giver_no", models.CharField(max_length=40)),
                ("deputy", models.CharField(max_length=40)),
                ("deputy_no", models.CharField(max_length=40)),
                ("department", models.CharField(max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField()),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["deputy", "until_date"], name="delegations_to"),
                    models.Index(fields=["giver", "until_date"], name="delegations_by"),
                ],
            },
        ),
        migrations.RunPython(say_who_took_in, migrations.RunPython.noop),
    ]
