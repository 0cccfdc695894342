import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("number", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("stage", models.CharField(max_length=12)),
                ("item", models.CharField(max_length=40)),
                ("item_code", models.CharField(max_length=200)),
                ("item_version", models.PositiveIntegerField()),
                ("item_name", models.CharField(max_length=300)),
                ("item_name_en", models.CharField(max_length=300)),
                ("department", models.CharField(max_length=60)),
                ("applicant_kind", models.CharField(max_length=12)),
                ("applicant", models.CharField(max_length=60)),
                ("applicant_name", models.CharField(max_length=200)),
                ("agent", models.CharField(max_length=40)),
                ("phone_tail", models.CharField(max_length=4)),
                ("channel", models.CharField(max_length=10)),
                ("office", models.CharField(max_length=60)),
                ("statutory_days", models.PositiveIntegerField()),
                ("promised_days", models.PositiveIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("received_date", models.DateField()),
                ("intake_due", models.DateField()),
                ("accepted_date", models.DateField(null=True)),
                ("deemed", models.BooleanField()),
                ("statutory_due", models.DateField(null=True)),
                ("promised_due", models.DateField(null=True)),
                ("provisional", models.BooleanField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("last_index", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["applicant", "-filed_at"], name="cases_of_applicant"),
                    models.Index(fields=["agent", "-filed_at"], name="cases_of_agent"),
                    models.Index(fields=["stage", "intake_due"], name="cases_time_acts_on"),
                    models.Index(
                        fields=["department", "stage", "filed_at"], name="cases_of_department"
                    ),
                    models.Index(fields=["-filed_at"], name="cases_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskRow",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("name_en", models.TextField()),
                ("department", models.CharField(max_length=60)),
                ("power", models.CharField(max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("person", models.CharField(max_length=40)),
                ("staff_no", models.CharField(max_length=40)),
                ("finding", models.CharField(max_length=20)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="cases.caserow",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["department", "power", "done_at", "opened_at"], name="tasks_to_do"
                    ),
                    models.Index(fields=["person", "-done_at"], name="tasks_done"),
                ],
            },
        ),
    ]
