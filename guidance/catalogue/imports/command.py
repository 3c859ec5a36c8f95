"""What the import commands have in common."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guidance.catalogue.imports.addresses import documents_at
from guidance.catalogue.imports.reading import Document
from guidance.catalogue.imports.report import sentence, told
from guidance.catalogue.imports.run import run_import
from guidance.catalogue.imports.sources import SOURCES
from guidance.catalogue.models import ImportedKind, ImportLine, ImportRun


class ImportCommand(BaseCommand):
    """Reads files or addresses of one source and prints the report: counts first, then lines."""

    source = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "inputs", nargs="+", metavar="FILE|URL", help="all of them are one import: all or none"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen, and write nothing"
        )
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the input is all that the source has: unpublish what it does not name",
        )

    def handle(self, *, inputs: list[str], dry_run: bool, complete: bool, **options: object) -> None:
        run = run_import(
            SOURCES[self.source], _documents(inputs), files=inputs, is_dry=dry_run, is_complete=complete
        )
        if run.refusal:
            self._write_lines(run)
            raise CommandError(sentence(*run.refusal))
        counts = ", ".join(
            f"{ImportLine.Outcome(name).label}: {run.counts.get(name, 0)}" for name in ImportLine.Outcome
        )
        self.stdout.write(f"{_('Nothing is saved yet')}. {counts}" if run.is_dry else counts)
        self._write_lines(run)

    def _write_lines(self, run: ImportRun) -> None:
        for line in run.lines.iterator() if run.pk else []:
            kind = ImportedKind(line.kind).label if line.kind else ""
            words = " ".join(told(line.facts, line.kind))
            self.stdout.write(
                f"{line.get_outcome_display()}: {kind} {line.name} [{line.source_id}] {words}".rstrip()
            )


def _documents(inputs: list[str]) -> Iterator[Document]:
    for each in inputs:
        if each.startswith(("http://", "https://")):
            yield from documents_at(each)
        else:
            yield Document.of_file(Path(each))
