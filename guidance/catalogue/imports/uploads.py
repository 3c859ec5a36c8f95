"""Imports from the office: files are tried first, then written as they were shown, and then forgotten."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from guidance.catalogue.imports.reading import Document
from guidance.catalogue.imports.run import OutOfDate, run_import
from guidance.catalogue.imports.sources import SOURCES, Source
from guidance.catalogue.models import ImportRun, ImportUpload
from opinovi.models import User

KEPT = timedelta(days=1)  # how long files wait for somebody to press "Import"


class NothingToWrite(Exception):
    """The run was written already, or its files are no longer here."""


def try_files(source: Source, files: Iterable[Any], *, is_complete: bool, user: User) -> ImportRun:
    """Read uploaded files as a dry run, and keep them for writing unless they could not be read."""
    kept = [(file.name, default_storage.save(f"imports/{file.name}", file)) for file in files]
    try:
        run = run_import(
            source,
            [_document(name, place) for name, place in kept],
            files=[name for name, _place in kept],
            is_dry=True,
            is_complete=is_complete,
            user=user,
        )
    except BaseException:
        _delete(place for _name, place in kept)
        raise
    if run.refusal:
        _delete(place for _name, place in kept)
    else:
        ImportUpload.objects.bulk_create(
            [ImportUpload(run=run, name=name[:500], file=place) for name, place in kept]
        )
    return run


def write_shown(shown: ImportRun, *, user: User) -> ImportRun:
    """Write what a dry run has shown. Raises NothingToWrite.

    Raises OutOfDate, with a new dry run that has the files, when something else would happen by now.
    """
    if not shown.can_be_written:
        raise NothingToWrite
    uploads = list(shown.uploads.all())
    try:
        run = run_import(
            SOURCES[shown.source],
            [_document(upload.name, str(upload.file.name)) for upload in uploads],
            files=shown.files,
            is_dry=False,
            is_complete=shown.is_complete,
            user=user,
            shown=shown,
        )
    except OutOfDate as news:
        shown.uploads.update(run=news.run)
        raise
    if not run.refusal:
        forget(uploads)
    return run


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


def _document(name: str, place: str) -> Document:
    path = Path(default_storage.path(place))
    return Document(name, lambda: path.open("rb"))


def _delete(places: Iterable[str]) -> None:
    for place in places:
        default_storage.delete(place)
