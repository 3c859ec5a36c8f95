"""`manage.py translations`: the catalogues, without the gettext tools."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from opinovi.translations import LANGUAGES, collect, compile_catalogues, judge, update


class Command(BaseCommand):
    help = "Compile the translations, check that they are complete, or add new messages to them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", choices=["compile", "check", "update"])

    def handle(self, *, task: str, **options: object) -> None:
        if task == "compile":
            compile_catalogues()
            return
        collected = collect()
        if task == "update":
            for language in LANGUAGES:
                update(language, collected)
            return
        faults = [line for language in LANGUAGES for line in judge(language, collected).lines()]
        if faults:
            self.stderr.write("\n".join(faults))
            raise SystemExit(1)
