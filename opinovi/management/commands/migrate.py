"""`manage.py migrate`: Django's own, which then lets the page cache hear of changes in every table."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from opinovi.changes import watch_tables


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        database = connections[options["database"]]
        is_whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if is_whole and not options["prune"]:
            watch_tables(database)
