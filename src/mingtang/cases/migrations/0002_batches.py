from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("number", models.CharField(max_length=20, primary_key=True, serialize=False)),
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
                ("count", models.PositiveIntegerField()),
                ("channel", models.CharField(max_length=10)),
                ("office", models.CharField(max_length=60)),
                ("filed_at", models.DateTimeField()),
                ("last_index", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="caserow",
            name="batch",
            field=models.CharField(default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caserow",
            name="place",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="taskrow",
            name="batch",
            field=models.CharField(default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(fields=["batch", "place"], name="cases_of_batch"),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(fields=["batch", "key"], name="tasks_of_batch"),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(fields=["applicant", "-filed_at"], name="batches_of_applicant"),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(fields=["agent", "-filed_at"], name="batches_of_agent"),
        ),
    ]
