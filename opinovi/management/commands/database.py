"""`manage.py database`: the embedded PostgreSQL by hand."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from opinovi.postgres import EmbeddedPostgres, PostgresError


class Command(BaseCommand):
    help = "Start or stop the portal's own PostgreSQL, or tell whether it runs and where it answers."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", choices=["start", "stop", "status", "url"])

    def handle(self, *, task: str, **options: object) -> None:
        if settings.HAS_OWN_SERVER:
            raise CommandError("DATABASE_URL names the database server: start and stop that one itself.")
        server = EmbeddedPostgres(settings.DATA_DIR)
        try:
            if task == "start":
                server.start()
            elif task == "stop":
                server.stop()
        except PostgresError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        if task == "url":
            self.stdout.write(server.url)
        else:
            self.stdout.write("running" if server.is_alive() else "stopped")
