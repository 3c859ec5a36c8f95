"""What the demo's database holds: tables, fixtures, demo content and the people who can sign in.

Each step is written down in the same transaction as its rows, so that after a kill it is done anew and whole.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from opinovi.demo.environment import DemoError, keep, random_password, recall
from opinovi.locks import lock
from opinovi.words import signature

PEOPLE = {
    "counsellor": "ohjaaja@example.fi",
    "coordinator": "koordinaattori@example.fi",
    "administrator": "yllapito@example.fi",
}
# In this order: each names rows of those before it.
FIXTURES = (
    "areas", "postcodes", "vocabularies", "synonyms", "organisations", "opin_ovi", "financing", "situations",
)  # fmt: skip

Progress = Callable[[str], None]


def reach_database() -> None:
    """Raises DemoError when the server of DATABASE_URL does not answer."""
    try:
        psycopg.connect(**connection.get_connection_params(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise DemoError(f"The database does not answer: {str(error).splitlines()[0]}.") from error


def prepare_database(data: Path, tell: Progress) -> None:
    """Bring the tables up to date and load what is not yet there. Raises DemoError on a newer database."""
    here = MigrationLoader(None).disk_migrations
    replaced = {old for migration in here.values() for old in migration.replaces}
    done = set(MigrationRecorder(connection).applied_migrations())
    unknown = done - here.keys() - replaced
    if unknown:
        app, name = min(unknown)
        raise DemoError(
            f"The data folder {data} was made by a newer version of the portal (it has {app}.{name}): "
            "use that version, or another folder with --data."
        )
    if here.keys() - done:
        tell("Making the tables")
        call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS demo")
        cursor.execute("CREATE TABLE IF NOT EXISTS demo.step (name text PRIMARY KEY)")
    for name in FIXTURES:
        load = partial(call_command, "loaddata", name, verbosity=0)
        _once(f"fixture {name}", load, tell, f"Loading {name}")


def prepare_people(data: Path, given: str | None, tell: Progress) -> str:
    """Build the demo content if there is none; returns the password of those who can sign in."""
    file = data / "password"
    known = recall(file)
    password = given or known or random_password()
    build = partial(call_command, "demo_content", password=password, stdout=StringIO())
    built = _once("content", build, tell, "Building demo content")
    index = partial(call_command, "rebuild_search", stdout=StringIO())
    _once(f"search {signature()}", index, tell, "Reading every word for the search")
    if not built and password != known:
        for user in get_user_model().objects.filter(email__in=PEOPLE.values()):
            user.set_password(password)
            user.save(update_fields=["password"])
    if password != known:
        file.unlink(missing_ok=True)
        keep(file, lambda: password)
    return password


def prepare_static_files(tell: Progress) -> None:
    """Collect, name by content and compress the static files, unless that was done for just these files."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with lock(root / ".lock"):
        mark, state = root / ".collected", _static_state()
        if recall(mark) != state:
            tell("Collecting style sheets and pictures")
            mark.unlink(missing_ok=True)
            call_command("collectstatic", interactive=False, clear=False, verbosity=0)
            mark.write_text(state)


def _static_state() -> str:
    """A fingerprint that changes when any static file does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _once(step: str, act: Callable[[], object], tell: Progress, what: str) -> bool:
    """Do a step that this database has not seen yet; returns whether it was done now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO demo.step VALUES (%s) ON CONFLICT DO NOTHING", [step])
        if not cursor.rowcount:
            return False
        tell(what)
        act()
        return True
