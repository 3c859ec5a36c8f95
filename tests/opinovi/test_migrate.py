"""A database made before the first release, whose migrations are one an app since."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from opinovi.health import is_migrated

pytestmark = pytest.mark.django_db


def forget(app: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = ANY (%s)", [app, list(names)])


def test_database_that_has_all_the_old_migrations_has_the_new_ones():
    for app in ("opinovi", "network", "projects", "catalogue", "booking", "casework"):
        forget(app, "0001_first_release")

    call_command("migrate", verbosity=0)

    assert is_migrated()


def test_database_that_lacks_an_old_migration_is_refused():
    forget("casework", "0001_first_release", "0002_attendance_of_the_appointment")

    with pytest.raises(CommandError) as refusal:
        call_command("migrate", verbosity=0)

    assert str(refusal.value) == (
        "The database stands half-way to casework.0001_first_release: it lacks "
        "0002_attendance_of_the_appointment. Migrate it first with a version of the portal that has that "
        "migration, or begin with an empty database."
    )
