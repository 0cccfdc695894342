from django.db import migrations, models


class Migration(migrations.Migration):
    """What has not reached its addressee is looked for by its kind."""

    dependencies = [("papers", "0002_of_their_owner")]

    operations = [
        migrations.AddIndex(
            "paperrow",
            models.Index(
                fields=["paper", "about"],
                name="papers_to_serve",
                condition=models.Q(served_at=None),
            ),
        ),
    ]
