"""Before a licence is revoked its holder is heard (撤销程序). None was, so far."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0002_ended")]
    operations = [
        migrations.AddField(
            "licencerow",
            "hearing",
            models.CharField(max_length=10, default=""),
            preserve_default=False,
        ),
        migrations.AddField("licencerow", "answer_due", models.DateField(null=True)),
        migrations.AddIndex(
            "licencerow",
            models.Index(
                fields=["organ", "answer_due"],
                name="licences_to_hear",
                condition=~models.Q(hearing=""),
            ),
        ),
    ]
