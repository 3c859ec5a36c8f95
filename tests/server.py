"""A pytest plugin: gives every run a PostgreSQL of its own, with the tables already in it.

The tables are made once for each state of the migrations and kept in `.cache/tests`. A run works on a copy,
so that runs do not meet and nothing old stays. With `DATABASE_URL` set, that server is used instead.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from opinovi.demo.content import prepare_static_files
from opinovi.locks import lock, try_lock
from opinovi.postgres import EmbeddedPostgres, find_programs, socket_url
from opinovi.translations import compile_catalogues

PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".cache" / "tests"
DATABASE = "test_opinovi"  # the name Django gives the database "opinovi" in tests
RUN = pytest.StashKey[ExitStack]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before the settings are read: say where the database is, and let no page outlive its test."""
    os.environ["OPINOVI_PAGE_SECONDS"] = "0"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_catalogues()
        os.environ.setdefault("OPINOVI_SECOND_FACTOR", "0")  # its own tests switch it on
        os.environ.setdefault("OPINOVI_SECRET_KEY", "only for tests")  # the same in every process
        if os.environ.get("DATABASE_URL"):
            os.environ.setdefault("OPINOVI_ADDRESS", "http://127.0.0.1:8000")
            os.environ.setdefault("OPINOVI_CONTACT_EMAIL", "palaute@example.fi")
            os.environ.setdefault("EMAIL_URL", "dummymail://")
        else:
            early_config.stash[RUN] = ExitStack()
            workers = early_config.known_args_namespace.numprocesses or 0
            os.environ["OPINOVI_DATA"] = str(_start(early_config.stash[RUN], workers))
    try:
        return (yield)
    except BaseException:  # the settings or a conftest cannot be read: pytest ends without another word to us
        pytest_unconfigure(early_config)
        raise


def pytest_unconfigure(config):
    if RUN in config.stash:
        config.stash[RUN].close()


@pytest.fixture(scope="session", autouse=True)
def _static_files():
    """Pages name their style sheets by what is in them: collected anew when one has changed."""
    prepare_static_files(lambda what: None)
    settings.WHITENOISE_AUTOREFRESH = True  # or each test's browser reads all their names first: 70 ms


def _start(stack: ExitStack, workers: int) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    run = CACHE / f"run-{os.getpid()}"
    with lock(CACHE / "lock"):
        _sweep()
        tables = _tables()
        shutil.copytree(tables / "postgres" / "data", run / "postgres" / "data")
        stack.callback(shutil.rmtree, run, ignore_errors=True)
        stack.enter_context(lock(run / "run.lock"))
    server = EmbeddedPostgres(run, durable=False)
    stack.callback(server.stop)
    server.start()
    with psycopg.connect(socket_url(run), autocommit=True) as connection:
        for number in range(workers):
            connection.execute(f"CREATE DATABASE {DATABASE}_gw{number} TEMPLATE {DATABASE}")
    return run


def copy_tables(folder: Path) -> str:
    """Make the empty database of the tests once more, for a server whose data folder is there.

    Returns its name.
    """
    with lock(CACHE / "lock"):
        shutil.copytree(_tables() / "postgres" / "data", folder / "postgres" / "data")
    return DATABASE


def _tables() -> Path:
    """A data folder that holds the migrated, empty database and is not running."""
    digest = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    digest.update(str(find_programs()).encode())
    for file in [PROJECT / "opinovi" / "changes.py", *sorted(PROJECT.glob("**/migrations/*.py"))]:
        digest.update(file.read_bytes())
    folder = CACHE / f"tables-{digest.hexdigest()[:16]}"
    if not folder.exists():
        for old in [*CACHE.glob("tables-*"), *CACHE.glob("draft")]:
            _remove(old)
        _make_tables(CACHE / "draft")
        (CACHE / "draft").rename(folder)
    return folder


def _make_tables(draft: Path) -> None:
    server = EmbeddedPostgres(draft, durable=False)
    server.start()
    try:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPINOVI_")}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"]
        if subprocess.call(command, cwd=PROJECT, env=environment | {"OPINOVI_DATA": str(draft)}):
            raise pytest.UsageError("The tests cannot run: manage.py migrate fails, see above.")
        with psycopg.connect(socket_url(draft, "postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE opinovi RENAME TO {DATABASE}")
    finally:
        server.stop()


def _sweep() -> None:
    """End and remove what killed runs left behind."""
    for run in CACHE.glob("run-*"):
        with try_lock(run / "run.lock") as held:
            if held is not None:
                _remove(run)


def _remove(folder: Path) -> None:
    EmbeddedPostgres(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)  # its own run may be at it as well
