"""`manage.py demo` as somebody meets it: started as a program, watched, asked to stop, and killed."""

import contextlib
import http.client
import os
import queue
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from opinovi.demo.content import FIXTURES, PEOPLE
from opinovi.postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parent.parent.parent
IS_ROOT = os.geteuid() == 0
BUSY = 8  # how many times slower a machine that does much else may be


class Demo:
    """A running `manage.py demo` and what it has printed."""

    def __init__(self, data, *words, port=None, **surroundings):
        self.data = data
        self.port = port or free_port()
        command = [sys.executable, "manage.py", "demo", f"--port={self.port}", f"--data={data}", *words]
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=bare_environment() | surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        self._incoming = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self.process.stdout as said:
            for line in said:
                self._incoming.put(line.rstrip("\n"))
        self._incoming.put(None)

    def read_until(self, wanted, seconds=120):
        """Read lines until one matches; returns it."""
        deadline = time.monotonic() + seconds
        while (line := self._incoming.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            self.lines.append(line)
            if re.search(wanted, line):
                return line
        raise AssertionError("\n".join(["The demo ended:", *self.lines]))

    def ready(self):
        self.read_until("^ready: ")
        return self

    def stop(self, signal_number=signal.SIGTERM):
        """Ask it to stop; returns its exit status and the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal_number)
        status = self.process.wait(20)
        return status, time.monotonic() - begun

    def kill(self):
        self.process.kill()
        self.process.wait()

    def told(self, word):
        """The value in the block that begins with a word."""
        return next(line for line in self.lines if line.strip().startswith(word)).split()[-1]

    def group(self, part):
        """The process group of a part; None while a new one is writing itself down."""
        written = (self.data / "run" / f"{part}.lock").read_text()
        return int(written) if written else None

    def is_healthy(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def bare_environment():
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPINOVI_", "PG")) and name not in {"DATABASE_URL", "EMAIL_URL"}
    }


def refusal(data, *words, preexec_fn=None, **surroundings):
    """Start a demo that cannot start; returns its exit status and what it says on standard error."""
    command = [sys.executable, "manage.py", "demo", f"--data={data}", *words]
    ended = subprocess.run(
        command,
        check=False,
        timeout=60,
        cwd=PROJECT,
        env=bare_environment() | surroundings,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=preexec_fn,
    )
    return ended.returncode, ended.stderr.strip()


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def sign_in(demo, email, password):
    """Sign in through the page the block names; returns the address one ends up at."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = demo.told("Sign in")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opener.open(page).read().decode())[1]
    form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
    return opener.open(page, urlencode(form).encode()).geturl()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The folder of a demo that was killed while it built its content, then started again and stopped."""
    data = tmp_path_factory.mktemp("demo")
    demo = Demo(data)
    demo.read_until("Building demo content")
    demo.kill()
    demo = Demo(data).ready()
    assert any("Building demo content" in line for line in demo.lines)
    demo.stop()
    with database_of(data) as connection:
        connection.execute("CREATE TABLE demo.kept AS SELECT 'ovi' AS word")
    return data


@pytest.fixture(scope="module")
def demo(data, tmp_path_factory):
    """A running demo, on a copy of the folder."""
    copy = tmp_path_factory.mktemp("copy") / "demo"
    shutil.copytree(data, copy)
    demo = Demo(copy).ready()
    yield demo
    demo.stop()


@contextlib.contextmanager
def database_of(data):
    server = EmbeddedPostgres(data)
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            yield connection
    finally:
        server.stop()


def test_fixtures_are_all_loaded():
    assert sorted(FIXTURES) == sorted(file.stem for file in (PROJECT / "fixtures").iterdir())


def test_demo_ends_in_a_block_that_says_what_one_needs(demo):
    address = f"http://127.0.0.1:{demo.port}/"

    assert demo.lines[-1] == f"ready: {address}"
    assert demo.told("The portal") == address
    assert demo.told("Letters") == f"{address}en/letters/"
    assert {role: demo.told(role) for role in PEOPLE} == PEOPLE
    assert demo.is_healthy()


def test_demo_lets_its_people_sign_in_with_the_same_password_each_time(demo):
    password = demo.told("password")

    assert password == (demo.data / "password").read_text()
    assert (demo.data / "password").stat().st_mode & 0o077 == 0
    for email in PEOPLE.values():
        assert sign_in(demo, email, password) != demo.told("Sign in")


def test_demo_sets_the_password_it_is_given(data):
    demo = Demo(data, "--password=kolme sanaa ovella").ready()

    assert sign_in(demo, PEOPLE["counsellor"], "kolme sanaa ovella") != demo.told("Sign in")
    assert demo.stop(signal.SIGINT)[0] == 0


def test_demo_starts_quickly_again_and_stops_all_it_started(data):
    begun = time.monotonic()
    demo = Demo(data).ready()
    took_to_start = time.monotonic() - begun
    groups = [demo.group("web"), demo.group("worker")]

    status, took_to_stop = demo.stop()

    assert status == 0
    assert took_to_start < 5 * BUSY
    assert took_to_stop < 5 * BUSY
    assert not EmbeddedPostgres(data).is_alive()
    assert not demo.is_healthy()
    for group in groups:
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)


def test_demo_keeps_what_was_entered(data):
    with database_of(data) as connection:
        assert connection.execute("SELECT word FROM demo.kept").fetchall() == [("ovi",)]


@pytest.mark.parametrize("part", ["web", "worker"])
def test_killed_part_is_started_again(demo, part):
    old = demo.group(part)

    os.kill(old, signal.SIGKILL)

    demo.read_until(f"The {part} process was gone and is started again")
    wait_for(lambda: demo.group(part) not in {None, old})
    wait_for(demo.is_healthy)


def test_killed_database_is_started_again(demo):
    notes = EmbeddedPostgres(demo.data).cluster / "postmaster.pid"

    os.kill(int(notes.read_text().split()[0]), signal.SIGKILL)

    demo.read_until("PostgreSQL was gone: everything is started again")
    wait_for(demo.is_healthy)


def test_killed_demo_starts_again_on_the_same_port(data):
    killed = Demo(data).ready()
    killed.kill()

    again = Demo(data, port=killed.port).ready()

    assert again.is_healthy()
    again.stop()


def test_demo_runs_once_on_a_folder(demo):
    said = refusal(demo.data, f"--port={free_port()}")

    assert said == (1, f"A demo already runs on {demo.data}: stop it, or use another with --data.")


def test_busy_port_is_said_in_one_sentence(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = refusal(data, f"--port={port}")

    sentence = f"Port {port} is used by another program: stop that one, or choose another with --port."
    assert said == (1, sentence)


def test_folder_of_a_newer_portal_is_refused(data):
    with database_of(data) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('opinovi', '9999_later', now())"
        )

    status, sentence = refusal(data, f"--port={free_port()}")

    assert status == 1
    assert sentence.startswith(f"The data folder {data} was made by a newer version of the portal")
    with database_of(data) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_folder_of_a_newer_postgresql_is_refused(data):
    version = EmbeddedPostgres(data).cluster / "PG_VERSION"
    was = version.read_text()
    version.write_text("19\n")

    status, sentence = refusal(data, f"--port={free_port()}")

    version.write_text(was)
    assert status == 1
    assert sentence.startswith(f"The data folder {data} was made by PostgreSQL 19, but PostgreSQL")
    assert "\n" not in sentence


def test_missing_server_programs_are_said_in_one_sentence(tmp_path):
    said = refusal(tmp_path / "data", f"--port={free_port()}", PGBIN=str(tmp_path))

    assert said == (1, f"PGBIN is {tmp_path}, but there is no PostgreSQL 15–18 in it.")


def test_full_disk_is_said_in_one_sentence(tmp_path):
    limit = 4_000_000  # bytes a file may have: what the system says then is what a full disk makes it say

    said = refusal(
        tmp_path / "data",
        f"--port={free_port()}",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )

    assert said == (1, f"The disk that holds {tmp_path / 'data'} is full: make room and start again.")


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a disk of so many megabytes; skips where that is not allowed."""

    def mount(size):
        if not IS_ROOT or subprocess.call(["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", tmp_path]):
            pytest.skip("only root can make a small disk, and not in every container")
        return tmp_path

    yield mount

    if tmp_path.is_mount():
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def test_small_disk_is_said_before_anything_is_done(small_disk):
    disk = small_disk(50)

    said = refusal(disk, f"--port={free_port()}")

    assert said == (1, f"The disk that holds {disk} is full: make 200 MB of room and start again.")


def test_disk_that_fills_up_is_said_in_one_sentence(small_disk):
    disk = small_disk(210)
    demo = Demo(disk)
    demo.read_until("Making the tables")

    with contextlib.suppress(OSError), (disk / "filler").open("wb") as filler:
        while True:
            filler.write(bytes(1_000_000))

    demo.read_until(f"^The disk that holds {disk} is full: make room and start again.$")
    assert demo.process.wait(10) == 1
    assert not any("Traceback" in line for line in demo.lines)
