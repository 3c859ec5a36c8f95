from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('opinovi', '0002_access_log_is_append_only'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='user',
            name='is_staff',
        ),
    ]
