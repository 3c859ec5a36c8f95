from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_on_the_appointments(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What a missed appointment said, and what a session says, is the appointment's own from now on."""
    appointments = apps.get_model("booking", "Appointment").objects.filter(cancelled_at=None)
    appointments.filter(no_show__isnull=False).update(attendance="no_show")
    appointments.filter(session__isnull=False).update(attendance="seen")


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0007_holds_and_rules"),
        ("casework", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(mark_on_the_appointments, migrations.RunPython.noop),
        migrations.DeleteModel(name="NoShow"),
    ]
