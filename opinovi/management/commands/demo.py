"""`manage.py demo`: the whole portal on this machine, with demo content, until Ctrl-C."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from opinovi.demo.environment import DemoError, add_arguments
from opinovi.demo.running import Demo


class Command(BaseCommand):
    help = "Run the whole portal on this machine, with a database and demo content of its own."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *, port: int, password: str | None, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Start it on the command line: python manage.py demo.")
        demo = Demo(settings.DATA_DIR, port, password, has_own_server=settings.HAS_OWN_SERVER, say=self._say)
        try:
            demo.run()
        except DemoError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
