"""One run of an import: all of it in one transaction, or nothing; a dry run takes all of it back."""

import zlib
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from guidance.catalogue.imports.engine import Importer
from guidance.catalogue.imports.reading import Document, Unreadable
from guidance.catalogue.imports.report import Report
from guidance.catalogue.imports.sources import Source
from guidance.catalogue.models import ImportRun
from opinovi.models import User

LOCK = 0x4F50  # the first half of the advisory lock of a source


def run_import(
    source: Source,
    documents: Iterable[Document],
    *,
    files: list[str],
    is_dry: bool,
    is_complete: bool = False,
    user: User | None = None,
    shown: ImportRun | None = None,
) -> ImportRun:
    """Read the documents now; see `carry_out`.

    `is_complete`: the documents are all that the source has, so what they do not name is unpublished.
    `user`: whose organisations may be touched; None for a command, which may touch all. `shown`: the dry
    run that somebody has looked at.
    """
    run = ImportRun(
        source=source.code,
        files=[name[:500] for name in files],
        is_dry=is_dry,
        is_complete=is_complete,
        by=user,
        shown=shown,
    )
    return carry_out(run, source, documents)


def carry_out(run: ImportRun, source: Source, documents: Iterable[Document]) -> ImportRun:
    """Read the documents, write what they say unless the run is dry, and keep the report.

    A run that was to write what somebody has been shown becomes a dry one when it would do something else.
    """
    importer = Importer(source.make_reader(), at=timezone.now(), user=run.by, is_complete=run.is_complete)
    try:
        with transaction.atomic(), override("fi"):  # the untranslated column of a text holds the Finnish one
            _lock(source)
            importer.take_all(importer.reader.read(documents))
            _refuse_nothing(importer.report)
            if run.shown is not None and run.shown.fingerprint != importer.report.fingerprint:
                run.is_dry = True
            if run.is_dry:
                transaction.set_rollback(True)
            else:
                _keep(run, importer.report)
    except Unreadable as refusal:
        run.refusal = [refusal.code, {name: str(word) for name, word in refusal.words.items()}]
        _keep(run, None if refusal.code != "nothing_read" else importer.report)
    else:
        if run.is_dry:
            _keep(run, importer.report)
    finally:
        importer.report.close()
    return run


def lock_of(source: Source) -> list[int]:
    """The two halves of the advisory lock that a run of the source holds."""
    return [LOCK, zlib.crc32(source.code.encode()) >> 1]


def _lock(source: Source) -> None:
    """One run of a source at a time. Raises Unreadable."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", lock_of(source))
        if not cursor.fetchone()[0]:
            raise Unreadable("busy")


def _refuse_nothing(report: Report) -> None:
    """A run that understood nothing has not been one. Raises Unreadable."""
    understood: Any = {**report.counts, "refused": 0, "kept": 0}
    if not any(understood.values()):
        raise Unreadable("nothing_read")


def _keep(run: ImportRun, report: Report | None) -> None:
    with transaction.atomic():
        run.ended_at = timezone.now()
        if report is not None:
            run.counts = dict(report.counts)
            run.fingerprint = report.fingerprint
        run.save()
        if report is not None:
            report.save(run)
