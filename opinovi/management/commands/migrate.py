"""`manage.py migrate`: Django's own, with a look before it and the page cache's triggers after it."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from opinovi.changes import watch_tables


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        database = connections[options["database"]]
        _refuse_half_way(database)
        super().handle(*args, **options)
        is_whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if is_whole and not options["prune"]:
            watch_tables(database)


def _refuse_half_way(database: BaseDatabaseWrapper) -> None:
    """Raises CommandError for a database that has a part of what one migration replaces and can get no more.

    Django takes the migration out of its plan then, and may find nothing to do.
    """
    done = set(MigrationRecorder(database).applied_migrations())
    here = MigrationLoader(None).disk_migrations
    for (app, name), migration in here.items():
        replaced = set(migration.replaces)
        missing = sorted(replaced - done - here.keys())
        if missing and replaced & done:
            raise CommandError(
                f"The database stands half-way to {app}.{name}: it lacks {missing[0][1]}. Migrate it first "
                "with a version of the portal that has that migration, or begin with an empty database."
            )
