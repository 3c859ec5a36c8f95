"""The tabular packages as files: made by the worker, one for each language, and handed out as they are."""

import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from guidance.booking.exports.hsds.parameters import LANGUAGES
from guidance.booking.exports.hsds.tabular import write_package
from opinovi.changes import clock
from opinovi.locks import lock

_FOLDER = "open-data"  # among the uploads: web and worker both have them
_made_at: dict[
    str, tuple[int | None, date]
] = {}  # change and day this process made a language's package from


def package(language: str) -> Path:
    """The package of a language; where there is none yet it is made while one waits."""
    path = _path(language)
    if not path.exists():
        with lock(path.with_suffix(".lock")):
            if not path.exists():
                make(language)
    return path


def make(language: str) -> None:
    """Make the package of a language anew; until it is whole, the one before is handed out."""
    path = _path(language)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{language}-", delete=False) as file:
        new = Path(file.name)
        try:
            with override(language):
                write_package(file)
        except BaseException:
            new.unlink()
            raise
    new.replace(path)


def make_changed() -> None:
    """Make those packages anew that this process does not know to be as the content is today."""
    for language in LANGUAGES:
        state = (clock.moment(), timezone.localdate())  # hours and stops are told from today on
        if None in state or _made_at.get(language) != state or not _path(language).exists():
            make(language)
            _made_at[language] = state


def _path(language: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"hsds-{language}.zip"
