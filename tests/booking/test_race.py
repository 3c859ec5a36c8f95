"""Many people want the same time at the same moment, over real HTTP and a real database."""

import re
import ssl
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from guidance.booking import actions, holds, waiting
from guidance.booking.models import Absence, Appointment, Hold, WaitingEntry
from guidance.booking.slots import Timetable, Way
from guidance.booking.wall_clock import written
from opinovi.models import Letter
from tests.factories import (
    AppointmentFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    ServicePointFactory,
    WaitingEntryFactory,
    local,
)
from tests.portal import Portal, committed_rows, running_portal

CROWD = 50
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # to read them takes longer than to book


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


def all_at_once(portal: Portal, asks: list[Callable[[httpx.Client], Any]]) -> list[Any]:
    """The answers to requests that leave together, each on a connection that stands already."""
    barrier = Barrier(len(asks))

    def ask(one: Callable[[httpx.Client], Any]) -> Any:
        with httpx.Client(base_url=portal.url, timeout=60, verify=NO_CERTIFICATES) as browser:
            browser.get("/static/img/favicon.svg")
            barrier.wait()
            return one(browser)

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def here(act, *refusals):
    """What another process of the portal does meanwhile: what came of it, or how it was refused."""

    def done(browser):
        try:
            return act()
        except refusals as refusal:
            return type(refusal)
        finally:
            connection.close()

    return done


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def posts(address, count):
    return [lambda browser: browser.post(address) for _time in range(count)]


def by_phone():
    return Way(ChannelFactory().pk)


def slot_at(service, starts_at):
    """The free time as it was read before anybody else came."""
    return Timetable([service]).at(service, by_phone(), starts_at)


def somebody(service, **words):
    """Who is about to book."""
    known = {"guidance_service": service, "organisation": service.organisation, "channel": ChannelFactory()}
    return AppointmentFactory.build(**known, counsellor=None, **words)


def taken(starts_at):
    """How often a time is booked and how often it is held."""
    return (
        Appointment.objects.live().filter(starts_at=starts_at).count(),
        Hold.objects.live().filter(starts_at=starts_at).count(),
    )


def wants(start, number, nonce=None):
    """A person who sends the form for a time."""
    form = {
        "nonce": str(nonce or uuid.uuid4()),
        "name": f"Kielo Kilpailija {number}",
        "email": f"kielo{number}@example.fi",
        "phone": f"+358 40 000 {number:04}",
        "spoken_language": "fi",
        "wish": f"I am number {number}",
    }
    address = f"/en/guidance/career/times/{written(start)}/?channel=phone"
    return lambda browser: browser.post(address, data=form)


def crowd(start, size=CROWD):
    return [wants(start, number) for number in range(size)]


def crowds(starts, size):
    """A crowd for each time; nobody stands in two."""
    return [wants(start, number) for number, start in enumerate(starts * size)]


def test_a1_a_hundred_people_race_for_one_time(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(12))

    answers = all_at_once(portal, crowd(local(tomorrow(), 9), 100))

    assert statuses(answers) == {302: 1, 200: 99}
    assert Appointment.objects.count() == 1
    winner = Appointment.objects.get()
    assert {answer.headers["Location"] for answer in answers if answer.status_code == 302} == {
        f"/en/bookings/{winner.key}/"
    }
    for number, answer in enumerate(answers):
        if answer.status_code == 200:
            assert "is no longer free." in answer.text
            assert f"I am number {number}" in answer.text
            assert f'value="kielo{number}@example.fi"' in answer.text
            assert re.findall(r'name="start" value="[^"]+T([^"]+)"', answer.text) == ["10:00", "11:00"]
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_booked"] == 1
    assert portal.errors() == []


def test_any_counsellor_has_as_many_winners_as_are_free(portal, service):
    AvailabilityFactory.create_batch(20, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))

    answers = all_at_once(portal, crowd(local(tomorrow(), 9)))

    assert statuses(answers) == {302: 20, 200: CROWD - 20}
    assert Appointment.objects.values("counsellor").distinct().count() == Appointment.objects.count() == 20
    assert portal.errors() == []


def test_a2_one_form_sent_many_times_at_once_is_one_booking(portal, service):
    AvailabilityFactory.create_batch(3, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(12))
    nonce = uuid.uuid4()

    answers = all_at_once(portal, [wants(local(tomorrow(), 9), 1, nonce) for _time in range(10)])

    assert Appointment.objects.count() == 1
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, f"/en/bookings/{Appointment.objects.get().key}/")
    }
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_booked"] == 1
    assert portal.errors() == []


def test_a10_eight_people_move_to_one_time(portal, service):
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

    assert statuses(answers) == {302: 1, 200: 7}
    assert Appointment.objects.filter(starts_at=local(tomorrow(), 17)).count() == 1
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_moved"] == 1
    assert portal.errors() == []


def in_another_way(service):
    """Two meetings face to face, and a counsellor who can also be called from 9 to 18."""
    on_site, phone = ChannelFactory(on_site=True), ChannelFactory()
    service.channels.set([on_site, phone])
    place = ServicePointFactory(organisation=service.organisation)
    availability = AvailabilityFactory(
        service=service,
        on=tomorrow(),
        starts_at=time(9),
        ends_at=time(18),
        channels=[on_site, phone],
        service_point=place,
    )
    return [
        AppointmentFactory(
            guidance_service=service,
            counsellor=availability.counsellor,
            channel=on_site,
            service_point=place,
            starts_at=local(tomorrow(), 9 + number),
        )
        for number in range(2)
    ]


def to_a_call(row, hour):
    url = f"/en/bookings/{row.key}/move/{written(local(tomorrow(), hour))}/?channel=phone"
    return lambda browser: browser.post(url, data={"phone": "040 123 4567"})


def test_a_booking_that_is_changed_to_a_call_many_times_at_once_changes_once(portal, service):
    first, _second = in_another_way(service)

    answers = all_at_once(portal, [to_a_call(first, 15)] * 8)

    first.refresh_from_db()
    assert statuses(answers) == {302: 8}
    assert (first.channel.code, first.starts_at, first.sequence) == ("phone", local(tomorrow(), 15), 1)
    assert Counter(Letter.objects.values_list("kind", flat=True))["appointment_moved"] == 1
    assert portal.errors() == []


def test_a10_two_who_want_to_be_called_at_one_time_do_not_both_get_it(portal, service):
    rows = in_another_way(service)

    answers = all_at_once(portal, [to_a_call(row, 15) for row in rows])

    pages = sorted("gone" in answer.headers["Location"] for answer in answers)
    assert pages == [False, True]
    assert Appointment.objects.filter(starts_at=local(tomorrow(), 15), channel__code="phone").count() == 1
    assert Appointment.objects.filter(channel__code="on-site").count() == 1
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


def test_a4_every_time_that_rivals_want_has_one_winner(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(19))
    starts = [local(tomorrow(), hour) for hour in range(9, 19)]

    answers = all_at_once(portal, crowds(starts, 4))

    assert statuses(answers) == {302: 10, 200: 30}
    booked = Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(booked) == starts
    assert portal.errors() == []


def test_a5_a_time_that_was_free_when_it_was_read_is_booked_once(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))
    slot = slot_at(service, local(tomorrow(), 9))

    outcomes = all_at_once(
        portal, [here(lambda: actions.book(somebody(service), slot=slot), actions.SlotTaken)] * 8
    )

    winner = Appointment.objects.get()
    assert Counter(outcomes) == {winner: 1, actions.SlotTaken: 7}


def test_a4_holding_and_booking_what_was_free_leaves_each_time_to_one(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(15))
    starts = [local(tomorrow(), hour) for hour in range(9, 15)]
    slots, way = [slot_at(service, start) for start in starts] * 2, by_phone()
    holding = [here(lambda slot=slot: holds.hold(service, way, slot, nonce=uuid.uuid4())) for slot in slots]
    booking = [
        here(lambda slot=slot: actions.book(somebody(service), slot=slot), actions.SlotTaken)
        for slot in slots
    ]

    answers = all_at_once(portal, holding + booking + crowds(starts, 2))

    kept, booked, answered = answers[:12], answers[12:24], answers[24:]
    assert [sum(taken(start)) for start in starts] == [1] * len(starts)
    assert len([hold for hold in kept if hold]) == Hold.objects.count()
    winners = len([one for one in booked if one is not actions.SlotTaken])
    assert winners + statuses(answered)[302] == Appointment.objects.count()
    assert statuses(answered).keys() <= {200, 302}
    assert portal.errors() == []


def test_a13_a_held_time_goes_to_its_holder_alone(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(12))
    starts = [local(tomorrow(), hour) for hour in range(9, 12)]
    for_two = [uuid.uuid4(), uuid.uuid4()]
    for start, nonce in zip(starts, for_two, strict=False):
        holds.hold(service, by_phone(), slot_at(service, start), nonce=nonce)
    slots = [
        slot_at(service, starts[2])
    ] * 4  # who reads the third time as free, and who would take another's
    rivals = crowds(starts[:2], 8)
    holders = [
        here(lambda start=start, nonce=nonce: book_held(service, start, nonce))
        for start, nonce in zip(starts, for_two, strict=False)
    ]
    more = [
        here(lambda slot=slot: holds.hold(service, by_phone(), slot, nonce=uuid.uuid4())) for slot in slots
    ]

    answers = all_at_once(portal, rivals + holders + more)

    assert statuses(answers[:16]) == {200: 16}
    assert list(Appointment.objects.order_by("starts_at").values_list("starts_at", "nonce")) == list(
        zip(starts, for_two, strict=False)
    )
    assert [taken(start) for start in starts] == [(1, 0), (1, 0), (0, 1)]
    assert portal.errors() == []


def book_held(service, start, nonce):
    slot = Timetable([service], holding=nonce).at(service, by_phone(), start)
    return actions.book(somebody(service, nonce=nonce), slot=slot)


def test_a14_a_hold_extended_many_times_at_once_is_extended_once(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))
    nonce = uuid.uuid4()
    held = holds.hold(service, by_phone(), slot_at(service, local(tomorrow(), 9)), nonce=nonce)

    outcomes = all_at_once(portal, [here(lambda: holds.extend(nonce))] * 8)

    assert Counter(outcomes) == {True: 1, False: 7}
    assert Hold.objects.get().expires_at == held.expires_at + timedelta(minutes=10)


def test_a11_a_cancellation_taken_back_while_others_book_leaves_one_meeting(portal, service):
    availability = AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))
    start = local(tomorrow(), 9)
    cancelled = AppointmentFactory(
        guidance_service=service,
        counsellor=availability.counsellor,
        starts_at=start,
        cancelled_at=timezone.now(),
        cancelled_by="person",
    )

    answers = all_at_once(
        portal,
        [here(lambda: actions.reinstate(cancelled), actions.SlotTaken), *crowd(start, 12)],
    )

    assert taken(start) == (1, 0)
    assert (answers[0] == cancelled) + statuses(answers[1:])[302] == 1
    assert portal.errors() == []


def test_handing_over_while_others_book_gives_no_counsellor_two_meetings(portal, service):
    one, other = AvailabilityFactory.create_batch(
        2, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(13)
    )
    starts = [local(tomorrow(), hour) for hour in range(9, 13)]
    handed = [
        AppointmentFactory(guidance_service=service, counsellor=one.counsellor, starts_at=start)
        for start in starts
    ]
    handing = [
        here(lambda row=row: actions.hand_over(row, to=other.counsellor), actions.SlotTaken) for row in handed
    ]

    answers = all_at_once(portal, handing + crowds(starts, 4))

    places = Appointment.objects.live().values("starts_at", "counsellor")
    assert not places.annotate(count=Count("pk")).filter(count__gt=1).exists()
    assert Appointment.objects.live().count() == len(starts) + statuses(answers[4:])[302]
    assert all(
        sum(taken(start)) == 2
        for start, gone in zip(starts, answers, strict=False)
        if gone is actions.SlotTaken
    )
    assert portal.errors() == []


def test_an_absence_entered_while_others_book_keeps_what_was_booked_and_ends_the_rest(portal, service):
    availability = AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(15))
    starts = [local(tomorrow(), hour) for hour in range(9, 15)]
    away = {"counsellor": availability.counsellor, "starts_at": starts[0], "ends_at": local(tomorrow(), 15)}

    answers = all_at_once(
        portal,
        [
            here(lambda: Absence.objects.create(**away)),
            *crowds(starts, 3),
        ],
    )
    late = all_at_once(portal, crowds(starts, 1))

    booked = set(Appointment.objects.live().values_list("starts_at", flat=True))
    assert len(booked) == Appointment.objects.count() == statuses(answers[1:])[302]
    assert statuses(late) == {200: len(starts)}
    assert portal.errors() == []


def test_an_offer_answered_and_run_out_at_once_is_one_meeting_or_the_next_persons_offer(portal, service):
    AvailabilityFactory(service=service, on=tomorrow(), starts_at=time(9), ends_at=time(10))
    start = local(tomorrow(), 9)
    first, second = WaitingEntryFactory.create_batch(2, guidance_service=service)
    waiting.pass_on()
    link = f"/en/waiting/{first.key}"

    answers = all_at_once(
        portal,
        [
            *posts(f"{link}/accept/", 3),
            *posts(f"{link}/not-this-time/", 2),
            *crowd(start, 4),
            here(lambda: run_out(first)),
            *[here(waiting.pass_on)] * 3,
        ],
    )
    waiting.pass_on()

    assert sum(taken(start)) == 1
    assert {answer.status_code for answer in answers[:9]} <= {200, 302}
    booked = list(Appointment.objects.all())
    assert len(booked) <= 1
    assert Letter.objects.filter(kind="appointment_booked").count() == len(booked)
    to_bookings = {
        answer.headers["Location"]
        for answer in answers[:9]
        if "bookings" in answer.headers.get("Location", "")
    }
    assert to_bookings == {f"/en/bookings/{row.key}/" for row in booked}
    second.refresh_from_db()
    assert second.is_offered == (not booked)
    assert portal.errors() == []


def run_out(entry):
    """The clock ends the offer and what is held for it."""
    now = timezone.now()
    WaitingEntry.objects.filter(pk=entry.pk, offered_at__isnull=False).update(offer_ends_at=now)
    Hold.objects.filter(nonce=entry.nonce).update(expires_at=now)


def test_d7_many_rounds_at_once_offer_each_person_one_time_of_their_own(portal, service):
    other = GuidanceServiceFactory(organisation=service.organisation, duration_minutes=60)
    for row in AvailabilityFactory.create_batch(
        3, service=service, on=tomorrow(), starts_at=time(9), ends_at=time(11)
    ):
        row.services.add(other)
    lines = [WaitingEntryFactory(guidance_service=one) for _number in range(3) for one in (service, other)]

    all_at_once(portal, [here(waiting.pass_on)] * 6)
    waiting.pass_on()

    assert Hold.objects.count() == len(lines)
    assert WaitingEntry.objects.filter(hold__isnull=False).count() == len(lines)
    assert Counter(Letter.objects.values_list("kind", flat=True)) == {"waiting_offer": len(lines)}
