"""Starts everything in order, watches over it, and stops everything it started."""

import errno
import http.client
import shutil
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.core.management import CommandError
from django.db import DatabaseError
from django.urls import reverse
from django.utils import translation

from opinovi.demo import content
from opinovi.demo.environment import DemoError, explain
from opinovi.demo.parts import GRACE, Part
from opinovi.gunicorn import close_connections
from opinovi.locks import try_lock
from opinovi.postgres import EmbeddedPostgres, PostgresError

HOST = "127.0.0.1"
PATIENCE = 45  # seconds until the portal must answer
STARTS_A_MINUTE = 5  # of one part, before it is given up
ROOM_AT_FIRST, ROOM_LATER = 200, 40  # free megabytes for a start


@dataclass
class Demo:
    """One run of the demo on one data folder and one port."""

    data: Path
    port: int
    password: str | None
    has_own_server: bool  # DATABASE_URL names a server: none is started
    say: Callable[[str], None]
    server: EmbeddedPostgres = field(init=False)
    starts: dict[str, deque[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = EmbeddedPostgres(self.data)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def run(self) -> None:
        """Run until a signal asks to stop. Raises DemoError with a sentence when something is in the way."""
        _on_signals(signal.default_int_handler)
        try:
            with self._only_one():
                self._run()
        except KeyboardInterrupt:
            self.say("Stopped.")
        except PostgresError as error:
            raise DemoError(str(error)) from error
        except (DatabaseError, psycopg.Error, CommandError) as error:
            if not self.server.has_met_a_full_disk:
                raise
            raise DemoError(f"The disk that holds {self.data} is full: make room and start again.") from error
        except OSError as error:
            raise DemoError(explain(error, self.data)) from error

    def _run(self) -> None:
        door = socket.socket()
        parts = [self._web(door), self._worker()]
        try:
            for part in parts:
                part.take_over()
            self._open(door)
            password = self._prepare()
            for part in parts:
                self._begin(part)
            self._await_answer(parts)
            self._introduce(password)
            self._watch(parts)
        finally:
            _on_signals(signal.SIG_IGN)
            door.close()
            self._stop(parts)

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        (self.data / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.data / "log").mkdir(mode=0o700, exist_ok=True)
        with try_lock(self.data / "run" / "demo.lock") as held:
            if held is None:
                raise DemoError(f"A demo already runs on {self.data}: stop it, or use another with --data.")
            yield

    def _open(self, door: socket.socket) -> None:
        """Take the port before anything else is done, and keep it while the web server comes and goes."""
        if sys.platform != "win32":
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, self.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                why = "is used by another program: stop that one"
            else:
                why = f"cannot be used ({error.strerror})"
            raise DemoError(f"Port {self.port} {why}, or choose another with --port.") from error
        if sys.platform == "win32":
            door.close()
        else:
            door.listen(512)

    def _prepare(self) -> str:
        begun = time.monotonic()

        def tell(what: str) -> None:
            self.say(f"{time.monotonic() - begun:6.1f} s  {what}")

        if not self.has_own_server:
            self._refuse_full_disk()
            tell(f"Starting PostgreSQL in {self.data}")
            self.server.start()
        content.reach_database()
        content.prepare_database(self.data, tell)
        password = content.prepare_people(self.data, self.password, tell)
        content.prepare_static_files(tell)
        close_connections()
        tell("Starting the web server and the job worker")
        return password

    def _refuse_full_disk(self) -> None:
        needed = ROOM_LATER if self.server.cluster.exists() else ROOM_AT_FIRST
        if shutil.disk_usage(self.data).free < needed * 1_000_000:
            raise DemoError(
                f"The disk that holds {self.data} is full: make {needed} MB of room and start again."
            )

    def _web(self, door: socket.socket) -> Part:
        if sys.platform == "win32":
            words = ["-m", "waitress", f"--listen={HOST}:{self.port}", "opinovi.wsgi:application"]
            return Part("web", [sys.executable, *words], self.data)
        words = ["-m", "gunicorn", "-c", "python:opinovi.gunicorn", "--bind", f"fd://{door.fileno()}"]
        words += ["--graceful-timeout", str(int(GRACE) - 1), "opinovi.wsgi:application"]
        return Part("web", [sys.executable, *words], self.data, sockets=(door.fileno(),))

    def _worker(self) -> Part:
        words = ["manage.py", "procrastinate", "worker", f"--shutdown-graceful-timeout={GRACE - 1}"]
        return Part("worker", [sys.executable, *words], self.data)

    def _begin(self, part: Part) -> None:
        now = time.monotonic()
        starts = self.starts.setdefault(part.name, deque(maxlen=STARTS_A_MINUTE))
        if len(starts) == STARTS_A_MINUTE and now - starts[0] < 60:
            raise DemoError(f"The {part.name} process stops again and again: {part.log} says why.")
        starts.append(now)
        part.start()

    def _await_answer(self, parts: list[Part]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            for part in parts:
                if part.has_died:
                    raise DemoError(f"The {part.name} process did not start: {part.log} says why.")
            if time.monotonic() > deadline:
                raise DemoError(f"The portal does not answer at {self.address}: look in {self.data / 'log'}.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _introduce(self, password: str) -> None:
        with translation.override("en"):
            sign_in = reverse("account_login")
        self.say("")
        self.say(f"The portal        {self.address}")
        self.say(f"Sign in           {self.address.rstrip('/')}{sign_in}")
        for role, email in content.PEOPLE.items():
            self.say(f"  {role:<15} {email}")
        self.say(f"  password        {password}")
        self.say(f"Letters it sends  {self.address}en/letters/")
        self.say(f"Data and logs     {self.data}")
        self.say("Stop with Ctrl-C; the next start keeps everything.")
        self.say(f"ready: {self.address}")

    def _watch(self, parts: list[Part]) -> None:
        while True:
            time.sleep(0.5)
            if not self.has_own_server and not self.server.is_alive():
                self.say("PostgreSQL was gone: everything is started again.")
                self._end(parts)  # their open connections lead nowhere; who comes meanwhile waits at the door
                self.server.start()
                for part in parts:
                    self._begin(part)
            for part in parts:
                if part.has_died:
                    self.say(f"The {part.name} process was gone and is started again.")
                    part.finish(time.monotonic())
                    self._begin(part)

    def _stop(self, parts: list[Part]) -> None:
        self._end(parts)
        if not self.has_own_server:
            self.server.stop()

    def _end(self, parts: list[Part]) -> None:
        for part in parts:
            part.ask_to_stop()
        deadline = time.monotonic() + GRACE
        for part in parts:
            part.finish(deadline)


def _on_signals(handler: Callable[..., object] | signal.Handlers) -> None:
    """Let Ctrl-C, a request to end and a closed terminal do the same."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), handler)
