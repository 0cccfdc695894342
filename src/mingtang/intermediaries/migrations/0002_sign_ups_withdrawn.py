from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intermediaries", "0001_intermediaries")]

    operations = [
        migrations.AddField(
            model_name="signuprow",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
