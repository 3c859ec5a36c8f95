"""The portal under gunicorn as it is in earnest, the memory of its workers, and the start of a demo."""

import base64
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.bench.calendars import FORM, Booking

PROJECT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
CONNECTIONS = 8
WARM = 1.0  # seconds before what is measured
PATIENCE = 300  # seconds until something must have started


@dataclass(frozen=True)
class Load:
    """What came of asking for one thing as fast as it was answered."""

    requests: int
    per_second: float
    p50: float  # milliseconds
    p99: float
    kilobytes: float  # of one answer, with its head


@dataclass(frozen=True)
class Race:
    """What came of many people who wanted one time."""

    people: int
    winners: int
    failures: int  # answers of 500 and above
    seconds: float  # until the last one was answered


@dataclass(frozen=True)
class Server:
    """A running portal."""

    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, seconds: float, *, cookie: str = "") -> Load:
        """Ask for one page for some seconds. Raises AssertionError when an answer is not a 200.

        A cookie of the portal's leads past the page cache.
        """
        return self._load([self._request("GET", path, cookie=cookie)], 200, seconds)

    def get_in_turn(self, paths: list[str], seconds: float) -> Load:
        """Ask for different pages one after the other: how long one reader waits."""
        return self._load([self._request("GET", path) for path in paths], 200, seconds, connections=1)

    def post(self, bookings: list[Booking]) -> Load:
        """Make every booking once. Raises AssertionError when one does not lead to its page."""
        return self._load([self._request("POST", one.path, one.body) for one in bookings], 302, 0)

    def race(self, bookings: list[Booking]) -> Race:
        """Let everybody book at the same moment, each on a connection of their own."""
        requests = [self._request("POST", one.path, one.body) for one in bookings]
        answers = self._answers(requests, 0, connections=len(requests))["answers"]
        statuses = [status for status, _taken, _size in answers]
        return Race(
            people=len(answers),
            winners=statuses.count(302),
            failures=sum(status >= 500 for status in statuses),
            seconds=round(max(taken for _status, taken, _size in answers), 2),
        )

    def _request(self, method: str, path: str, body: str = "", cookie: str = "") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n"
        if cookie:
            head += f"Cookie: {cookie}\r\n"
        if body:
            head += f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n"
        return f"{head}\r\n{body}".encode()

    def _load(
        self, requests: list[bytes], expected: int, seconds: float, connections: int = CONNECTIONS
    ) -> Load:
        outcome = self._answers(requests, seconds, connections)
        statuses = {status for status, _seconds, _size in outcome["answers"]}
        assert statuses == {expected}, f"{requests[0][:100]!r} was answered {statuses}"
        times = sorted(taken * 1000 for _status, taken, _size in outcome["answers"])
        return Load(
            requests=len(times),
            per_second=round(len(times) / outcome["seconds"], 1),
            p50=round(statistics.median(times), 2),
            p99=round(times[int(len(times) * 0.99)], 2),
            kilobytes=round(statistics.mean(size for *_rest, size in outcome["answers"]) / 1000, 1),
        )

    def _answers(self, requests: list[bytes], seconds: float, connections: int) -> dict[str, Any]:
        task = {
            "host": "127.0.0.1",
            "port": self.port,
            "requests": [base64.b64encode(request).decode() for request in requests],
            "connections": connections,
            "warm": WARM if seconds else 0,
            "seconds": seconds,
        }
        told = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("load.py"))],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(told.stdout)

    def memory(self) -> list[float]:
        """Megabytes of each worker: its own and its share of what it has in common with others."""
        return [round(_proportional(worker) / 1024, 1) for worker in _children(self.process.pid)]


@contextmanager
def running(database: str, folder: Path, *, page_seconds: int) -> Iterator[Server]:
    """Serve the database with two workers until the block ends."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPINOVI_")}
    environment = kept | {
        "DATABASE_URL": database,
        "EMAIL_URL": "dummymail://",
        "OPINOVI_ADDRESS": f"http://127.0.0.1:{port}",
        "OPINOVI_CONTACT_EMAIL": "palaute@example.fi",
        "OPINOVI_SECRET_KEY": "only to measure",
        "OPINOVI_PAGE_SECONDS": str(page_seconds),
        "WEB_CONCURRENCY": str(WORKERS),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:opinovi.gunicorn"]
    with (folder / f"web-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "tests.bench.wsgi:application"],
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _await_answer(port)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _await_answer(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            line.request("GET", "/bare")
            line.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()
    raise TimeoutError("The portal does not answer.")


def demo_start(data: Path) -> float:
    """Seconds from `manage.py demo` to its ready line."""
    kept = {name: value for name, value in os.environ.items() if not re.match("OPINOVI_|DATABASE_URL", name)}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", f"--port={free_port()}", f"--data={data}"],
        cwd=PROJECT,
        env=kept,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stdout or []:
            if line.startswith("ready: "):
                return round(time.monotonic() - began, 1)
        raise RuntimeError("The demo did not start.")
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _children(parent: int) -> list[int]:
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in told.splitlines()]
    return [int(pid) for pid, ppid in pairs if int(ppid) == parent]


def _proportional(pid: int) -> int:
    """Kilobytes: the proportional set size where the system tells it, the resident one elsewhere."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if rollup.exists():
        return int(re.search(r"^Pss: +(\d+)", rollup.read_text(), re.MULTILINE)[1])
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout)
