"""How much of what is offered is booked, and how long people wait: counts, and nobody's name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from guidance.booking.models import Appointment, CallBackRequest, WaitingEntry
from guidance.booking.slots import Slot, Timetable, Way
from guidance.booking.wall_clock import DAY
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.models.guidance_service import GuidanceServiceQuerySet
from network.models import Area

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


def with_asked(services: GuidanceServiceQuerySet) -> GuidanceServiceQuerySet:
    """The services with how many requests, people in the line and calls wait for a word of each."""
    requests = Appointment.objects.requested().filter(starts_at__gt=timezone.now())
    return services.annotate(
        requests=_count_of(requests),
        waiting=_count_of(WaitingEntry.objects.live()),
        calls=_count_of(CallBackRequest.objects.open()),
    )


def loads_of(services: Sequence[Any], area: Area | None = None) -> list[ServiceLoad]:
    """The load of each service `with_asked`, from today on for four weeks.

    With an area, meetings at service points elsewhere are left out; the mobile ones go everywhere. It takes
    the same number of queries for any number of services.
    """
    timetable = Timetable(services)
    last = timetable.today + WEEKS * 7 * DAY - DAY
    booked = _booked(services, timetable.today, last)
    elsewhere = _elsewhere(timetable, area) if area else set()
    return [
        ServiceLoad(
            service,
            [
                _place_load(timetable, service, way, last, booked)
                for way in timetable.ways(service)
                if way.service_point_id not in elsewhere
            ],
            service.requests,
            service.waiting,
            service.calls,
        )
        for service in services
    ]


def _elsewhere(timetable: Timetable, area: Area) -> set[int | None]:
    """The service points of the timetable that stand outside the area."""
    inside = set(Area.objects.within(area).values_list("pk", flat=True))
    places = timetable.supply.places.values()
    return {place.pk for place in places if not place.is_mobile and place.municipality_id not in inside}


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
    # Asked first, so that all the weeks are read at once.
    slots = timetable.free(service, way, timetable.today, last)
    first = slots[0] if slots else timetable.first_free(service, way)
    return PlaceLoad(
        name=f"{channel}, {place}" if place else str(channel),
        booked=booked[service.pk, way.channel_id, way.service_point_id],
        free=sum(len(slot.openings) for slot in slots),
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


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many of the rows a service of the outer query has."""
    own = rows.filter(guidance_service=OuterRef("pk")).order_by().values("guidance_service")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
