"""`manage.py many_offers`: as much as a whole country offers, to see how the portal bears it."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from guidance.booking.models import GroupSession
from guidance.casework.demo import many
from guidance.casework.demo.story import Story


class Command(BaseCommand):
    help = "Add very many made-up offers to a demo, to measure with. Not for a portal that people use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--trainings", type=int, default=100_000)
        parser.add_argument("--services", type=int, default=5_000)
        parser.add_argument("--events", type=int, default=20_000)

    def handle(self, *, trainings: int, services: int, events: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: made-up offers would stand among real ones.")
        if GroupSession.objects.filter(slug="tapahtuma-0").exists():
            raise CommandError("The many offers are there already.")
        many.build(
            many.Many(Story()), trainings=trainings, services=services, events=events, tell=self.stdout.write
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
