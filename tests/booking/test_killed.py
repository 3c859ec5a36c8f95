"""What is killed (-9) while people book: whoever was answered has their time, and one letter of it."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time as clock
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from django.conf import settings as portal_settings
from django.db import connection, connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from guidance.booking.models import Appointment
from guidance.booking.wall_clock import written
from opinovi.actions import send_due_letters
from opinovi.models import Letter
from opinovi.postgres import EmbeddedPostgres, socket_url
from tests.factories import AvailabilityFactory, GuidanceServiceFactory, local
from tests.mail_server import running_mail_server
from tests.portal import PROJECT, Portal, committed_rows, portal_environment, running_portal
from tests.server import copy_tables

PEOPLE = 24
BEFORE = 4  # answered when something is killed
AT_ONCE = 8
PATIENCE = 60  # seconds
RELOAD = 5  # seconds until somebody who is not answered sends the form again


@pytest.fixture(scope="module")
def database(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[EmbeddedPostgres]:
    """A server of its own: other tests still need theirs.

    It need not wait for the disk: the system keeps what killed processes have written.
    """
    folder = tmp_path_factory.mktemp("database")
    name = copy_tables(folder)
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    try:
        with django_db_blocker.unblock(), connected_to(folder, name):
            yield server
    finally:
        server.stop()


@contextmanager
def connected_to(folder: Path, name: str) -> Iterator[None]:
    """Let this process, and those it starts, work on another database until the block ends."""
    door = psycopg.conninfo.conninfo_to_dict(socket_url(folder, name))
    usual = dict(connection.settings_dict)
    forget_connections()
    options = usual["OPTIONS"] | {"host": door["host"], "port": door["port"]}
    connection.settings_dict |= {
        "NAME": name, "USER": door["user"], "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": options
    }  # fmt: skip
    try:
        yield
    finally:
        forget_connections()
        connection.settings_dict |= usual


def forget_connections() -> None:
    connections.close_all()
    connection.close_pool()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, database: EmbeddedPostgres) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(autouse=True)
def transactional_db(database: EmbeddedPostgres, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with committed_rows(django_db_blocker):
        yield


@pytest.fixture
def starts():
    """The times of a service that has just enough counsellors for everybody."""
    day, hours = timezone.localdate() + timedelta(days=1), range(9, 15)
    service = GuidanceServiceFactory(slug="career", duration_minutes=60)
    AvailabilityFactory.create_batch(
        PEOPLE // len(hours), service=service, on=day, starts_at=clock(hours[0]), ends_at=clock(hours[-1] + 1)
    )
    return [local(day, hour) for hour in hours]


@dataclass
class Crowd:
    """People who each book a time, and send the same form again until they are answered."""

    url: str  # where the portal answers now
    starts: list
    nonces: list[uuid.UUID] = field(default_factory=lambda: [uuid.uuid4() for _number in range(PEOPLE)])
    answers: dict[uuid.UUID, str] = field(default_factory=dict)  # the address of the booking

    @contextmanager
    def booking(self) -> Iterator[None]:
        """They book while the block runs, which begins when some have been answered."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            everybody = [pool.submit(self._book, number) for number in range(PEOPLE)]
            wait_until(lambda: len(self.answers) >= BEFORE or any(map(has_failed, everybody)))
            yield
        for one in everybody:
            one.result()

    def _book(self, number: int) -> None:
        address = (
            f"/en/guidance/career/times/{written(self.starts[number % len(self.starts)])}/?channel=phone"
        )
        form = {
            "nonce": str(self.nonces[number]),
            "name": f"Aino Esimerkki {number}",
            "email": f"aino{number}@example.fi",
            "phone": f"+358 40 000 {number:04}",
            "spoken_language": "fi",
        }
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(f"{self.url}{address}", data=form, timeout=RELOAD, verify=False)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                assert answer.status_code == httpx.codes.FOUND
                self.answers[self.nonces[number]] = answer.headers["Location"]
                return
            time.sleep(0.1)
        raise TimeoutError(f"Person {number} was never answered.")


def has_failed(one: Future[None]) -> bool:
    return one.done() and one.exception() is not None


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(*numbers: int) -> None:
    for number in numbers:
        os.kill(number, signal.SIGKILL)


def kill_a_web_worker(portal, database):
    kill(portal.workers()[0])


def kill_a_process_of_the_database(portal, database):
    """PostgreSQL ends all its other processes then, and recovers from its log."""
    with psycopg.connect(socket_url(database.data_dir, connection.settings_dict["NAME"])) as line:
        of_portal = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s LIMIT 1"
        )
        (number,) = line.execute(of_portal, [line.info.backend_pid]).fetchone()
    kill(number)


def kill_the_database(portal, database):
    kill(int((database.cluster / "postmaster.pid").read_text().split()[0]))
    wait_until(lambda: not database.is_alive())
    database.start()


@pytest.mark.parametrize(
    "strike",
    [kill_a_web_worker, kill_a_process_of_the_database, kill_the_database],
    ids=lambda act: act.__name__,
)
def test_every_booking_that_was_answered_is_there_after(strike, portal, database, starts):
    crowd = Crowd(portal.url, starts)

    with crowd.booking():
        strike(portal, database)

    forget_connections()
    assert_booked(crowd)


def assert_booked(crowd: Crowd) -> None:
    """Everybody was answered, and each answer is one appointment with one letter."""
    booked = {row.nonce: f"/en/bookings/{row.key}/" for row in Appointment.objects.live()}
    assert booked == crowd.answers
    assert sorted(booked) == sorted(crowd.nonces)
    assert Appointment.objects.count() == Letter.objects.filter(kind="appointment_booked").count() == PEOPLE


def test_every_booking_that_was_answered_is_there_after_the_web_server_was_killed(
    database, starts, tmp_path_factory
):
    with running_portal(tmp_path_factory.mktemp("first")) as first:
        crowd = Crowd(first.url, starts)
        with crowd.booking():
            kill(first.server.pid, *first.workers())
            with running_portal(tmp_path_factory.mktemp("second")) as second:
                crowd.url = second.url
                wait_until(lambda: len(crowd.answers) == PEOPLE)

    assert_booked(crowd)


def test_every_letter_arrives_once_when_the_worker_and_the_database_are_killed(
    portal, database, starts, settings
):
    with running_mail_server() as mail:
        mail.seconds_before_taking = 0.05
        crowd = Crowd(portal.url, starts)
        with worker(mail.port) as process, crowd.booking():
            wait_until(lambda: len(mail.letters) >= BEFORE)
            process.kill()
        with worker(mail.port):
            arrived = len(mail.letters)
            wait_until(lambda: len(mail.letters) > arrived)
            kill_a_process_of_the_database(portal, database)
        forget_connections()
        wait_until(database.is_alive)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        wait_until(lambda: not sweep())

    assert_booked(crowd)
    ways = {(str(letter["Message-ID"]), str(letter["To"])) for letter in mail.letters}
    assert Counter(to for _identity, to in ways) == {
        f"aino{number}@example.fi": 1 for number in range(PEOPLE)
    }


def sweep() -> bool:
    """Send what is due, as the next worker does; whether something is still under way."""
    send_due_letters()
    return Letter.objects.due().exists()


@contextmanager
def worker(mail_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that sends letters; it is killed when the block ends, if not before."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"],
        cwd=PROJECT,
        env=portal_environment()
        | {
            "DJANGO_SETTINGS_MODULE": portal_settings.SETTINGS_MODULE,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
