"""A service with a thousand counsellors, whose calendars are half full, and what is asked of them."""

import random
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from guidance.booking.menu import Choice, Menu
from guidance.booking.models import Appointment, Availability
from guidance.booking.offers import Supply
from guidance.booking.slots import Slot, Timetable, Way
from guidance.booking.views.public.choosing import times_url
from guidance.booking.wall_clock import DAY, WEEK, moment, written
from guidance.catalogue.models import Channel, GuidanceService
from network.models import Affiliation
from opinovi.models import User

COUNSELLORS = 1000
APPOINTMENTS = 40_000
DAYS = 60  # on which they are
HOURS = 7  # of a counsellor's day
MEETING = 45  # minutes
COPIED = {  # what differs between two meetings
    "counsellor_id": "own.counsellor",
    "starts_at": "own.starts",
    "ends_at": f"own.starts + interval '{MEETING} minutes'",
    "busy": f"tstzrange(own.starts, own.starts + interval '{MEETING} minutes')",
    "nonce": "gen_random_uuid()",
    "key_hash": "md5(random()::text) || md5(own.starts::text || own.counsellor)",
}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Booking:
    """What is posted to book one time."""

    path: str
    body: str


def build() -> None:
    """Make two services: one of a thousand counsellors with forty thousand meetings, one of a single one."""
    channel = Channel.objects.filter(needs_place=False, needs_phone=False, needs_link=False).first()
    if channel is None:
        raise LookupError("The demo has no channel that needs neither a place nor a phone.")
    large, single = (_service(slug, channel) for slug in ("measured", "measured-single"))
    counsellors = _counsellors(large, COUNSELLORS)
    _open(large, channel, counsellors)
    _open(single, channel, _counsellors(single, 1))
    _meet(large, channel, counsellors)


def _service(slug: str, channel: Channel) -> GuidanceService:
    like = GuidanceService.objects.bookable().by_name()[0]
    service = GuidanceService.objects.create(
        slug=slug,
        name_fi=slug,
        name_en=slug,
        organisation=like.organisation,
        languages=["fi"],
        duration_minutes=MEETING,
        horizon_days=DAYS,
        published_at=timezone.now(),
    )
    service.channels.add(channel)
    return service


def _counsellors(service: GuidanceService, count: int) -> list[User]:
    counsellors = User.objects.bulk_create(
        User(email=f"{service.slug}-{number}@example.fi", name=f"Mittaus {number}", password="!")
        for number in range(count)
    )
    role, since = Affiliation.Role.COUNSELLOR, date(2020, 1, 1)
    Affiliation.objects.bulk_create(
        Affiliation(user=user, organisation=service.organisation, role=role, since=since)
        for user in counsellors
    )
    return counsellors


def _begins(number: int) -> clock:
    """When the day of the counsellor with the number begins: there are twelve kinds of days."""
    return clock(8 + number % 3, number % 4 * 15)


def _open(service: GuidanceService, channel: Channel, counsellors: list[User]) -> None:
    offers = Availability.objects.bulk_create(
        Availability(
            counsellor=counsellor,
            weekday=weekday,
            starts_at=_begins(number),
            ends_at=_begins(number).replace(hour=_begins(number).hour + HOURS),
        )
        for number, counsellor in enumerate(counsellors)
        for weekday in range(1, 6)
    )
    services, channels = Availability.services.through, Availability.channels.through
    services.objects.bulk_create(
        services(availability_id=offer.pk, guidanceservice_id=service.pk) for offer in offers
    )
    channels.objects.bulk_create(
        channels(availability_id=offer.pk, channel_id=channel.pk) for offer in offers
    )


def _meet(service: GuidanceService, channel: Channel, counsellors: list[User]) -> None:
    """As many meetings for each counsellor, two on each of their busy days; the same ones in every run.

    They are copies of one another, made by the database: that takes a tenth of the time.
    """
    chance = random.Random(1)
    coming = [timezone.localdate() + DAY * number for number in range(1, DAYS + 1)]
    weekdays = [day for day in coming if day.isoweekday() <= 5]
    meetings = [
        (counsellor.pk, moment(day, _begins(number)) + timedelta(minutes=MEETING * place))
        for number, counsellor in enumerate(counsellors)
        for day in chance.sample(weekdays, APPOINTMENTS // len(counsellors) // 2)
        for place in chance.sample(range(HOURS * 60 // MEETING), 2)
    ]
    first = _meeting(service, channel, *meetings[0])
    first.save()
    columns = [field.column for field in Appointment._meta.concrete_fields if not field.primary_key]
    values = ", ".join(COPIED.get(column, f"one.{column}") for column in columns)
    own = "unnest(%s::bigint[], %s::timestamptz[]) AS own (counsellor, starts)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO booking_appointment ({', '.join(columns)}) "
            f"SELECT {values} FROM booking_appointment AS one, {own} WHERE one.id = %s",
            [*map(list, zip(*meetings[1:], strict=True)), first.pk],
        )


def _meeting(service: GuidanceService, channel: Channel, counsellor: int, starts_at: datetime) -> Appointment:
    meeting = Appointment(
        guidance_service=service,
        organisation_id=service.organisation_id,
        counsellor_id=counsellor,
        channel=channel,
        name="Mitta",
        email="mitta@example.fi",
        language="fi",
    )
    meeting.set_time(starts_at)
    meeting.set_key()
    return meeting


def _menu(slug: str = "measured") -> tuple[Menu, Choice]:
    service = GuidanceService.objects.select_related("organisation").get(slug=slug)
    return Menu(service), Choice(service.channels.get())


def slot_page() -> str:
    menu, choice = _menu()
    with override("en"):
        return times_url(menu, choice)


def bookings(count: int) -> list[Booking]:
    """Different times as far as there are enough, each by somebody else, with whoever is free."""
    menu, choice = _menu()
    timetable = menu.timetable
    slots = timetable.free(menu.service, choice.way, timetable.today, timetable.last_day(menu.service))
    step = max(1, len(slots) // count)
    spread = islice(cycle(slots[::step]), count)
    return [_booking(menu, choice, slot, number) for number, slot in enumerate(spread)]


def crowd(count: int) -> list[Booking]:
    """As many people who want the one time of a single counsellor."""
    menu, choice = _menu("measured-single")
    slot = menu.timetable.first_free(menu.service, choice.way)
    if slot is None:
        raise LookupError("The single counsellor has no time.")
    return [_booking(menu, choice, slot, 10_000 + number) for number in range(count)]


def _booking(menu: Menu, choice: Choice, slot: Slot, number: int) -> Booking:
    body = {
        "nonce": uuid.uuid4(),
        "name": f"Mitta {number}",
        "email": f"mitta{number}@example.fi",
        "spoken_language": "fi",
    }
    with override("en"):
        page = times_url(menu)
    return Booking(f"{page}{written(slot.starts_at)}/?{choice.query}", urlencode(body))


def free_times() -> dict[str, float]:
    """Milliseconds in this process until it is known what is offered, the next free time, and a week's."""
    menu, choice = _menu()
    service, way, today = menu.service, choice.way, timezone.localdate()
    supply = menu.timetable.supply

    def next_free() -> Slot | None:
        return Timetable([service], supply=supply).first_free(service, way)

    return {
        "what is offered": _milliseconds(lambda: _fresh(service, way)),
        "next free time": _milliseconds(next_free),
        "this week": _milliseconds(
            lambda: Timetable([service], supply=supply).free(service, way, today, today + WEEK - DAY)
        ),
    }


def _fresh(service: GuidanceService, way: Way) -> Any:
    return Supply([service], timezone.localdate()).of(service, way.channel_id)


def _milliseconds(act: Callable[[], Any]) -> float:
    taken = []
    for _time in range(7):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken), 1)
