"""The portal as people meet it: gunicorn with its own processes, on the database of the tests."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from opinovi.demo.content import prepare_static_files

PROJECT = Path(__file__).resolve().parent.parent
SERVER = ["-m", "gunicorn", "-c", "python:opinovi.gunicorn", "--log-level", "warning"]
LASTING = {"django_content_type", "auth_permission", "django_migrations"}
PATIENCE = 90  # seconds until the portal must answer


@dataclass(frozen=True)
class Portal:
    """A running portal: where it answers and what it has logged."""

    host: str  # with the port
    log: Path
    server: subprocess.Popen[bytes]
    read_from: int = 0  # bytes of the log that are not looked at

    @property
    def uploads(self) -> Path:
        """Where it keeps uploaded files."""
        return self.log.parent / "uploads"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def workers(self) -> list[int]:
        """The numbers of the processes that answer."""
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        pairs = [line.split() for line in told.stdout.splitlines()]
        return [int(pid) for pid, parent in pairs if int(parent) == self.server.pid]

    def errors(self) -> list[str]:
        """What was logged at ERROR or above, or in another form than the portal's own."""
        lines = self.log.read_bytes()[self.read_from :].decode().splitlines()
        return [line for line in lines if _is_error(line)]

    def from_now(self) -> "Portal":
        """The same portal, without what it has logged so far."""
        return replace(self, read_from=self.log.stat().st_size)


@contextmanager
def running_portal(folder: Path) -> Iterator[Portal]:
    """Serve the test database until the block ends. The log is kept in the folder.

    Rows are seen by the portal only when the test has committed them: use `transactional_db`.
    """
    prepare_static_files(lambda what: None)
    log = folder / "portal.log"
    with socket.socket() as door, log.open("wb") as output:
        door.bind(("127.0.0.1", 0))
        door.listen(512)
        host = f"127.0.0.1:{door.getsockname()[1]}"
        server = subprocess.Popen(
            [sys.executable, *SERVER, "--bind", f"fd://{door.fileno()}", "opinovi.wsgi:application"],
            cwd=PROJECT,
            env=portal_environment(f"http://{host}") | {"OPINOVI_UPLOADS": str(folder / "uploads")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(door.fileno(),),
        )
        portal = Portal(host, log, server)
        try:
            _await_answer(portal)
            yield portal
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def committed_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the block write rows that the portal sees, and take them away afterwards.

    The content types stay, as they stay in earnest: the portal's processes remember their numbers.
    """
    with blocker.unblock():
        try:
            yield
        finally:
            _erase_rows()
            connection.close()


def _erase_rows() -> None:
    """Delete from the few tables that have rows: emptying every table takes PostgreSQL half a second."""
    names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - LASTING)
    tables = {name: connection.ops.quote_name(name) for name in names}
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"(SELECT '{name}' FROM {tables[name]} LIMIT 1)" for name in tables)
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {tables[name]}")


def portal_environment(url: str = "http://127.0.0.1:8000") -> dict[str, str]:
    """What a process of the portal needs to work on the database of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPINOVI_")}
    return kept | {
        "DATABASE_URL": _database_url(),
        "EMAIL_URL": "dummymail://",
        "OPINOVI_ADDRESS": url,
        "OPINOVI_CONTACT_EMAIL": "palaute@example.fi",
        "OPINOVI_PAGE_SECONDS": "0",
        "OPINOVI_SECOND_FACTOR": "0",
        "OPINOVI_SECRET_KEY": settings.SECRET_KEY,
    }


def _database_url() -> str:
    database = connection.settings_dict
    options = {name: database["OPTIONS"][name] for name in ("host", "port") if name in database["OPTIONS"]}
    person = quote(database["USER"], safe="")
    if database["PASSWORD"]:
        person += f":{quote(database['PASSWORD'], safe='')}"
    place = f"{database['HOST']}:{database['PORT']}".rstrip(":")
    return f"postgresql://{person}@{place}/{database['NAME']}?{urlencode(options)}"


def _await_answer(portal: Portal) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(portal):
        if time.monotonic() > deadline or portal.server.poll() is not None:
            raise AssertionError(f"The portal does not answer:\n{portal.log.read_text()[-4000:]}")
        time.sleep(0.1)


def _answers(portal: Portal) -> bool:
    line = http.client.HTTPConnection(portal.host, timeout=PATIENCE)
    try:
        line.request("GET", "/static/img/favicon.svg")
        return line.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        line.close()


def _is_error(line: str) -> bool:
    try:
        return json.loads(line)["level"] in {"error", "critical"}
    except (ValueError, KeyError, TypeError):
        return True
