"""Many people want the same time at the same moment, over real HTTP and a real database."""

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from itertools import pairwise
from threading import Barrier

import httpx
import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from guidance.booking.models import Appointment
from guidance.booking.wall_clock import written
from opinovi.models import Letter
from tests.factories import AppointmentFactory, AvailabilityFactory, GuidanceServiceFactory, local
from tests.portal import Portal, committed_rows, running_portal

CROWD = 50


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(autouse=True)
def transactional_db(portal: Portal, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with committed_rows(django_db_blocker):
        yield


@pytest.fixture
def service():
    return GuidanceServiceFactory(slug="career", duration_minutes=60)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def all_at_once(portal: Portal, asks: list[Callable[[httpx.Client], httpx.Response]]) -> list[httpx.Response]:
    """The answers to requests that leave together, each on a connection that stands already."""
    barrier = Barrier(len(asks))

    def ask(one: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
        with httpx.Client(base_url=portal.url, timeout=60) as browser:
            browser.get("/static/img/favicon.svg")
            barrier.wait()
            return one(browser)

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def wants(start, number, nonce=None):
    """A person who sends the form for a time."""
    form = {
        "nonce": str(nonce or uuid.uuid4()),
        "name": f"Aino Esimerkki {number}",
        "email": f"aino{number}@example.fi",
        "phone": "+358 40 000 0000",
        "spoken_language": "fi",
        "wish": f"I am number {number}",
    }
    address = f"/en/guidance/career/times/{written(start)}/?channel=phone"
    return lambda browser: browser.post(address, data=form)


def crowd(start):
    return [wants(start, number) for number in range(CROWD)]


def test_fifty_people_race_for_one_time(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(12))

    answers = all_at_once(portal, crowd(local(tomorrow(), 9)))

    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: CROWD - 1}
    assert Appointment.objects.count() == 1
    winner = Appointment.objects.get()
    assert {answer.headers["Location"] for answer in answers if answer.status_code == 302} == {
        f"/en/bookings/{winner.key}/"
    }
    for number, answer in enumerate(answers):
        if answer.status_code == 200:
            assert "is no longer free." in answer.text
            assert f"I am number {number}" in answer.text
            assert f'value="aino{number}@example.fi"' in answer.text
            assert re.findall(r'name="start" value="[^"]+T([^"]+)"', answer.text) == ["10:00", "11:00"]
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_booked"] == 1
    assert portal.errors() == []


def test_any_counsellor_has_as_many_winners_as_are_free(portal, service):
    AvailabilityFactory.create_batch(3, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))

    answers = all_at_once(portal, crowd(local(tomorrow(), 9)))

    assert Counter(answer.status_code for answer in answers) == {302: 3, 200: CROWD - 3}
    assert Appointment.objects.values("counsellor").distinct().count() == Appointment.objects.count() == 3
    assert portal.errors() == []


def test_one_form_sent_many_times_at_once_is_one_booking(portal, service):
    AvailabilityFactory.create_batch(3, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(12))
    nonce = uuid.uuid4()

    answers = all_at_once(portal, [wants(local(tomorrow(), 9), 1, nonce) for _time in range(10)])

    assert Appointment.objects.count() == 1
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, f"/en/bookings/{Appointment.objects.get().key}/")
    }
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_booked"] == 1
    assert portal.errors() == []


def test_two_people_move_to_one_time(portal, service):
    availability = AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(18))
    movers = [
        AppointmentFactory(
            guidance_service=service,
            counsellor=availability.counsellor,
            starts_at=local(tomorrow(), 9 + number),
        )
        for number in range(8)
    ]
    goal = written(local(tomorrow(), 17))

    answers = all_at_once(
        portal,
        [
            lambda browser, key=mover.key: browser.post(f"/en/bookings/{key}/move/", data={"start": goal})
            for mover in movers
        ],
    )

    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 7}
    assert Appointment.objects.filter(starts_at=local(tomorrow(), 17)).count() == 1
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_moved"] == 1
    assert portal.errors() == []


def test_booking_moving_and_cancelling_at_once_leave_no_overlap(portal, service):
    first, second = AvailabilityFactory.create_batch(
        2, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(18)
    )
    held = [
        AppointmentFactory(
            guidance_service=service, counsellor=counsellor, starts_at=local(tomorrow(), 9 + number)
        )
        for number in range(4)
        for counsellor in (first.counsellor, second.counsellor)
    ]
    goals = [local(tomorrow(), 13 + number % 4) for number in range(8)]
    moves = [
        lambda browser, key=row.key, goal=goal: browser.post(
            f"/en/bookings/{key}/move/", data={"start": written(goal)}
        )
        for row, goal in zip(held, goals, strict=True)
    ]
    cancels = [lambda browser, key=row.key: browser.post(f"/en/bookings/{key}/cancel/") for row in held[:4]]
    books = [wants(local(tomorrow(), 9 + number % 9), number) for number in range(24)]

    answers = all_at_once(portal, moves + cancels + books)

    assert {answer.status_code for answer in answers} <= {200, 302}
    live = Appointment.objects.live().order_by("counsellor", "starts_at")
    for one, other in pairwise(live):
        assert one.counsellor_id != other.counsellor_id or one.ends_at <= other.starts_at
    assert portal.errors() == []
