from django.db import migrations, models


class Migration(migrations.Migration):
    """Dates beside the main clock: what follows, what is checked afterwards, what begins anew."""

    dependencies = [("cases", "0012_efficiency")]

    operations = [
        migrations.AddField(
            "caserow", "restarts", models.JSONField(default=list), preserve_default=False
        ),
        migrations.AddField("caserow", "change_date", models.DateField(null=True)),
        migrations.AddField(
            "caserow", "deferred", models.JSONField(default=list), preserve_default=False
        ),
        migrations.AddField("caserow", "deferred_due", models.DateField(null=True)),
        migrations.AddField(
            "caserow", "commitments", models.JSONField(default=list), preserve_default=False
        ),
        migrations.AddField("caserow", "check_due", models.DateField(null=True)),
        migrations.AddField("caserow", "barred_until", models.DateField(null=True)),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["deferred_due"],
                name="cases_that_wait",
                condition=models.Q(deferred_due__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["check_due"],
                name="cases_to_check",
                condition=models.Q(check_due__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["applicant", "barred_until"],
                name="cases_that_bar",
                condition=models.Q(barred_until__isnull=False),
            ),
        ),
    ]
