"""Until now a training without a first day began by agreement; say so in so many words."""

from django.db import migrations


def tell_start(apps, schema_editor):
    trainings = apps.get_model("catalogue", "TrainingOption").objects
    trainings.filter(starts_on__isnull=False).update(start="date")
    trainings.filter(starts_on__isnull=True).update(start="personal")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_wider_offers")]
    operations = [migrations.RunPython(tell_start, migrations.RunPython.noop)]
