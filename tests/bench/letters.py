"""How fast one worker brings letters to a mail server that takes each at once."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count, Max, Min
from procrastinate.contrib.django import app as jobs

from opinovi.models import Letter
from tests.bench.server import PATIENCE, PROJECT, free_port

SINK = ["-m", "aiosmtpd", "--nosetuid", "--class", "aiosmtpd.handlers.Sink"]
TEXT = "Hello! A time is kept for you.\n" * 20


def letters_per_second(database: str, count: int) -> float:
    """Letters with a job each, as bookings write them, sent by the worker with its own four threads.

    The time runs from the first letter that is sent to the last one.
    """
    _write(count)
    port = free_port()
    with _running(*SINK, "--listen", f"127.0.0.1:{port}"), _worker(database, port):
        deadline = time.monotonic() + PATIENCE
        while Letter.objects.due().exists():
            if time.monotonic() > deadline:
                raise TimeoutError("The worker does not send the letters.")
            time.sleep(0.2)
    sent = Letter.objects.filter(kind="measured", state=Letter.State.SENT)
    found = sent.aggregate(count=Count("pk"), first=Min("sent_at"), last=Max("sent_at"))
    assert found["count"] == count, f"{found['count']} of {count} letters were sent"
    return round(count / (found["last"] - found["first"]).total_seconds(), 1)


def _write(count: int) -> None:
    letters = Letter.objects.bulk_create(
        Letter(
            key=f"measured-{number}",
            kind="measured",
            recipient=f"person{number}@example.fi",
            language="fi",
            subject="Aikasi on varattu",
            text=TEXT,
            html=f"<p>{TEXT}</p>",
        )
        for number in range(count)
    )
    jobs.configure_task("opinovi.send_letter").batch_defer(*({"letter": letter.pk} for letter in letters))


@contextmanager
def _worker(database: str, port: int) -> Iterator[None]:
    environment = os.environ | {"DATABASE_URL": database, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    with _running("manage.py", "procrastinate", "worker", environment=environment):
        yield


@contextmanager
def _running(*command: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
