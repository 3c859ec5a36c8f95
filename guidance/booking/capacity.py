"""How much of what is offered is booked, and how long people wait: counts, and nobody's name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from guidance.booking.models import Appointment, CallBackRequest, WaitingEntry
from guidance.booking.slots import Slot, Timetable, Way
from guidance.booking.wall_clock import DAY
from guidance.catalogue.models import GuidanceService

WEEKS = 4


@dataclass(frozen=True, slots=True)
class PlaceLoad:
    """One way to meet in a service, at one place or none: what is booked, what is free, and how soon."""

    name: str
    booked: int
    free: int
    first_free: Slot | None
    waiting_days: int | None  # from today to the first free time; None when there is none

    @property
    def percent(self) -> int | None:
        """How much of what is offered is booked; None where nothing is offered."""
        return round(100 * self.booked / (self.booked + self.free)) if self.booked + self.free else None


@dataclass(frozen=True, slots=True)
class ServiceLoad:
    """A service with its ways to meet, and how many people wait for a word of it."""

    service: GuidanceService
    places: list[PlaceLoad]
    requests: int
    waiting: int
    calls: int


def loads_of(services: Sequence[GuidanceService]) -> list[ServiceLoad]:
    """The load of each service from today on for four weeks; the same number of queries for any number."""
    timetable = Timetable(services)
    last = timetable.today + WEEKS * 7 * DAY - DAY
    booked = _booked(services, timetable.today, last)
    requests = _counted(Appointment.objects.requested().filter(starts_at__gt=timezone.now()), services)
    waiting = _counted(WaitingEntry.objects.live(), services)
    calls = _counted(CallBackRequest.objects.open(), services)
    return [
        ServiceLoad(
            service,
            [_place_load(timetable, service, way, last, booked) for way in timetable.ways(service)],
            requests[service.pk],
            waiting[service.pk],
            calls[service.pk],
        )
        for service in services
    ]


def _place_load(
    timetable: Timetable,
    service: GuidanceService,
    way: Way,
    last: date,
    booked: Counter[tuple[int, int, int | None]],
) -> PlaceLoad:
    supply = timetable.supply
    place = supply.places[way.service_point_id] if way.service_point_id else None
    channel = supply.channels[way.channel_id]
    first = timetable.first_free(service, way)
    return PlaceLoad(
        name=f"{channel}, {place}" if place else str(channel),
        booked=booked[service.pk, way.channel_id, way.service_point_id],
        free=sum(len(slot.openings) for slot in timetable.free(service, way, timetable.today, last)),
        first_free=first,
        waiting_days=(first.day - timetable.today).days if first else None,
    )


def _booked(
    services: Sequence[GuidanceService], first: date, last: date
) -> Counter[tuple[int, int, int | None]]:
    """Live appointments that start on the days (local), by service, channel and service point."""
    live = Appointment.objects.live().filter(
        Q(starts_at__date__gte=first) & Q(starts_at__date__lte=last), guidance_service__in=services
    )
    rows = live.order_by().values_list("guidance_service", "channel", "service_point").annotate(Count("pk"))
    return Counter({(service, channel, place): count for service, channel, place, count in rows})


def _counted(rows: QuerySet[Any], services: Sequence[GuidanceService]) -> Counter[int]:
    """How many of the rows each service has, by the services' numbers."""
    of_services = rows.filter(guidance_service__in=services).order_by()
    return Counter(dict(of_services.values_list("guidance_service").annotate(Count("pk"))))
