"""A worker that is killed (-9) at each step: the letter arrives all the same."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from opinovi import actions
from opinovi.models import Letter
from tests.mail_server import running_mail_server
from tests.portal import PROJECT, portal_environment

pytestmark = pytest.mark.django_db(transaction=True)

SWEEP = "import django; django.setup(); from opinovi.actions import send_due_letters; send_due_letters()"
PATIENCE = 40  # seconds


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


@pytest.fixture
def letter():
    return Letter.objects.create(
        key="one",
        kind="tried",
        recipient="aino@example.fi",
        language="fi",
        subject="Aikasi on varattu",
        text="Hei!",
        html="<p>Hei!</p>",
        due_at=timezone.now(),
    )


@contextmanager
def worker(port, *command):
    """A worker that is killed when the block ends, and not before."""
    process = subprocess.Popen(
        [sys.executable, *(command or ["-c", SWEEP])],
        cwd=PROJECT,
        env=portal_environment()
        | {"DJANGO_SETTINGS_MODULE": "opinovi.settings", "EMAIL_URL": f"smtp://127.0.0.1:{port}"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_locked(letter):
    with transaction.atomic():
        return not Letter.objects.select_for_update(skip_locked=True).filter(pk=letter.pk).exists()


def send_until_it_is_sent(letter):
    """The next worker passes the letter over until PostgreSQL sees that the one before is gone."""

    def is_sent():
        actions.send_due_letters()
        letter.refresh_from_db()
        return letter.state == Letter.State.SENT

    wait_until(is_sent)


def test_worker_killed_before_the_server_answers_leaves_the_letter_to_the_next(server, letter):
    with socket.create_server(("127.0.0.1", 0)) as silent, worker(silent.getsockname()[1]):
        wait_until(lambda: is_locked(letter))

    send_until_it_is_sent(letter)

    assert (letter.attempts, server.recipients) == (1, [["aino@example.fi"]])


def test_worker_killed_after_the_recipient_leaves_the_letter_to_the_next(server, letter):
    server.seconds_before_recipient = PATIENCE
    with worker(server.port):
        assert server.has_come.wait(PATIENCE)

    server.seconds_before_recipient = 0
    send_until_it_is_sent(letter)

    assert (letter.attempts, server.recipients) == (1, [["aino@example.fi"]])


def test_worker_killed_before_the_letter_is_taken_leaves_it_to_the_next(server, letter):
    server.seconds_before_taking = PATIENCE
    with worker(server.port, "manage.py", "procrastinate", "worker"):
        actions.jobs.configure_task("opinovi.send_letter").defer(letter=letter.pk)
        assert server.has_come.wait(PATIENCE)

    server.seconds_before_taking = 0
    send_until_it_is_sent(letter)

    assert (letter.attempts, server.recipients) == (1, [["aino@example.fi"]])


def test_worker_killed_before_it_notes_that_the_letter_is_taken_sends_the_same_letter_again(server, letter):
    server.seconds_before_taking = 0.5
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory")
    parameters.pop("context")
    with psycopg.connect(**parameters) as other, worker(server.port):
        assert server.has_come.wait(PATIENCE)
        other.execute("LOCK TABLE opinovi_letter IN SHARE MODE")  # nobody can write that it was taken
        waiting = "SELECT FROM pg_locks WHERE relation = 'opinovi_letter'::regclass AND NOT granted"
        wait_until(lambda: other.execute(waiting).fetchone() is not None)

    send_until_it_is_sent(letter)

    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert server.recipients == [["aino@example.fi"]] * 2
