"""`manage.py demo_content`: fictional people and what they do, for a portal one can try."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import transaction

from guidance.casework.demo import desk, events, meetings, network, offers, people, places
from guidance.casework.demo.story import Story
from opinovi.demo.environment import random_password
from opinovi.models import User


class Command(BaseCommand):
    help = "Build the demo's content, relative to today, unless it is there already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", help="of everybody in the demo who can sign in (a random one)")

    @transaction.atomic
    def handle(self, *, password: str | None, **options: object) -> None:
        if User.objects.filter(email=people.PEOPLE[0][0]).exists():
            self.stdout.write("The demo's content is there already.")
            return
        chosen = password or random_password()
        story = Story()
        network.build(story)
        places.build(story)
        offers.build(story)
        events.build(story)
        workers = people.build(story, chosen)
        meetings.build(story, workers)
        desk.build(story, workers)
        addresses = ", ".join(email for email, _name, _slug, _role in people.PEOPLE[:3])
        self.stdout.write(f"The demo's content is built. These can sign in: {addresses}.")
        if not password:
            self.stdout.write(f"Their password: {chosen}")
