"""`manage.py rebuild_search`: write what rows are found by anew, with the analysers this machine has."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network.search import all_kinds
from network.search.rebuild import rebuild, searched_models, stale_models
from opinovi.words import signature


class Command(BaseCommand):
    help = "Write the search index and its vocabulary anew, or check which analyser wrote it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", nargs="+", default=[], help="only these, such as training guidance")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when something is stale"
        )

    def handle(self, *, kind: list[str], check: bool, **options: object) -> None:
        if check:
            self._check()
            return
        for model, rows in rebuild(*map(_model_called, kind)).items():
            self.stdout.write(f"{model._meta.label}: {rows} rows")
        self.stdout.write(f"Written by {signature()}.")

    def _check(self) -> None:
        """Raises CommandError naming what is stale."""
        stale = stale_models()
        if stale:
            lines = [f"{model._meta.label}: written by {analyser or 'nobody'}" for model, analyser in stale]
            raise CommandError("\n".join([*lines, f"Here is {signature()}: run manage.py rebuild_search."]))
        self.stdout.write(f"All was written by {signature()}.")


def _model_called(name: str) -> type[Any]:
    """Raises CommandError when nothing of that name is searched."""
    models = {model._meta.model_name or "": model for model in searched_models()}
    models |= {kind.slug: kind.model for kind in all_kinds() if kind.model in models.values()}
    if name not in models:
        raise CommandError(f"There is no kind {name}: choose from {', '.join(sorted(models))}.")
    return models[name]
