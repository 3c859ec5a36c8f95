from django.db import migrations


class Migration(migrations.Migration):
    """What an import remembers of an event goes with the event, as it does with the rows of the catalogue."""

    dependencies = [
        ('booking', '0009_appointment_about_more'),
        ('catalogue', '0012_imports_of_more_kinds'),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE catalogue_importedrecord
            ADD CONSTRAINT imported_record_event FOREIGN KEY (event_id)
            REFERENCES booking_groupsession (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            "ALTER TABLE catalogue_importedrecord DROP CONSTRAINT imported_record_event",
        ),
    ]
