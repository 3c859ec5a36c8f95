"""Imports from the office: files are tried first, then written as they were shown, and then forgotten.

The worker reads them: a large file takes longer than a page may.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pghistory
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from guidance.catalogue.imports.reading import Document
from guidance.catalogue.imports.run import carry_out
from guidance.catalogue.imports.sources import SOURCES, Source
from guidance.catalogue.models import ImportRun, ImportUpload
from opinovi.models import User

KEPT = timedelta(days=1)  # how long files wait for somebody to press "Import"


class NothingToWrite(Exception):
    """The run was written already, or its files are no longer here."""


def try_files(source: Source, files: Iterable[Any], *, is_complete: bool, user: User) -> ImportRun:
    """Keep uploaded files, and let the worker read them as a dry run."""
    kept = [(file.name, default_storage.save(f"imports/{file.name}", file)) for file in files]
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                source=source.code,
                files=[name[:500] for name, _place in kept],
                is_complete=is_complete,
                by=user,
            )
            ImportUpload.objects.bulk_create(
                [ImportUpload(run=run, name=name[:500], file=place) for name, place in kept]
            )
            _queue(run)
    except BaseException:
        _delete(place for _name, place in kept)
        raise
    return run


def write_shown(shown: ImportRun, *, user: User) -> ImportRun:
    """Let the worker write what a dry run has shown. Raises NothingToWrite.

    Pressed twice, it is the same run. One that meets other records than were shown becomes a new dry run.
    """
    if not shown.can_be_written:
        raise NothingToWrite
    details = {"source": shown.source, "files": shown.files, "is_complete": shown.is_complete}
    with transaction.atomic():
        run, is_new = ImportRun.objects.get_or_create(
            shown=shown, ended_at=None, defaults={"is_dry": False, "by": user, **details}
        )
        if is_new:
            _queue(run)
    return run


def restart(run: ImportRun) -> None:
    """Let the worker begin again with a run that was broken off; one that is being read goes on."""
    with transaction.atomic():
        if ImportRun.objects.filter(pk=run.pk, ended_at=None).update(started_at=timezone.now()):
            _queue(run)


def read_files(pk: int) -> None:
    """Carry out a run that waits, and forget its files once nobody needs them.

    Does nothing for a run that has ended or that somebody else is at.
    """
    try:
        with transaction.atomic():
            waiting = ImportRun.objects.select_for_update(skip_locked=True, of=("self",))
            run = waiting.filter(pk=pk, ended_at=None).select_related("shown", "by").first()
            if run is None:
                return
            with pghistory.context(user=run.by_id):
                carry_out(run, SOURCES[run.source], map(_document, (run.shown or run).uploads.all()))
    except Exception:
        _break_off(pk)
        raise
    _settle(run)


def _break_off(pk: int) -> None:
    """Say that a run has met an error of the portal; nothing of it is saved."""
    run = ImportRun.objects.get(pk=pk)
    run.refusal, run.ended_at = ["broken_off", {}], timezone.now()
    run.save(update_fields=["refusal", "ended_at"])
    forget(run.uploads.exclude(file=""))


def _settle(run: ImportRun) -> None:
    """Forget files that were read in vain or written; those of what is out of date are for the new report."""
    if run.refusal:
        forget(run.uploads.exclude(file=""))
    elif run.shown is not None and run.is_dry:
        run.shown.uploads.update(run=run)
    elif run.shown is not None:
        forget(run.shown.uploads.exclude(file=""))


def forget_old_uploads() -> int:
    """Delete files that nobody came back for; returns how many."""
    old = ImportUpload.objects.exclude(file="").filter(run__started_at__lt=timezone.now() - KEPT)
    return forget(old)


def forget(uploads: Iterable[ImportUpload]) -> int:
    """Delete files; the runs keep their names."""
    count = 0
    for upload in uploads:
        place, upload.file = str(upload.file.name), ""
        upload.save(update_fields=["file"])
        _delete([place])
        count += 1
    return count


def _queue(run: ImportRun) -> None:
    jobs.configure_task("catalogue.read_import").defer(run=run.pk)


def _document(upload: ImportUpload) -> Document:
    path = Path(default_storage.path(str(upload.file.name)))
    return Document(upload.name, lambda: path.open("rb"))


def _delete(places: Iterable[str]) -> None:
    for place in places:
        default_storage.delete(place)
